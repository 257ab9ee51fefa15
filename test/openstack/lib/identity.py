#!/usr/bin/python3
"""Idempotent Keystone population, one process instead of dozens of CLI calls.

Usage: identity.py base
       identity.py service NAME TYPE URL [USER]
       identity.py unservice TYPE
"""
import os
import sys

from keystoneauth1 import session
from keystoneauth1.identity import v3

URL = os.environ.get('CLOUD_KEYSTONE', 'http://127.0.0.1:5000') + '/v3'
PASS = os.environ.get('CLOUD_PASSWORD', 'sandbox')
REGION = 'RegionOne'

auth = v3.Password(URL, username='admin', password=PASS, project_name='admin',
                   user_domain_name='Default', project_domain_name='Default')
s = session.Session(auth=auth)


def call(method, path, **kw):
    kw.setdefault('raise_exc', True)
    return s.request(URL + path, method, **kw)


def ensure(kind, plural, body, **query):
    q = '&'.join('%s=%s' % kv for kv in dict(name=body['name'], **query).items())
    found = call('GET', '/%s?%s' % (plural, q)).json()[plural]
    if found:
        return found[0]['id']
    return call('POST', '/' + plural, json={kind: body}).json()[kind]['id']


def domain(name):
    return ensure('domain', 'domains', {'name': name})


def project(name, dom='default'):
    return ensure('project', 'projects', {'name': name, 'domain_id': dom}, domain_id=dom)


def user(name, dom='default'):
    return ensure('user', 'users', {'name': name, 'domain_id': dom, 'password': PASS,
                                    'email': name + '@cloud.invalid'}, domain_id=dom)


def role(name):
    return ensure('role', 'roles', {'name': name})


def grant(uid, rid, project_id=None, domain_id=None):
    scope = 'projects/' + project_id if project_id else 'domains/' + domain_id
    call('PUT', '/%s/users/%s/roles/%s' % (scope, uid, rid))


def base():
    names = ('admin', 'member', 'reader', 'service', 'creator', 'observer', 'audit',
             'key-manager:service-admin', 'heat_stack_owner', 'heat_stack_user',
             'load-balancer_member', 'load-balancer_admin')
    roles = {n: role(n) for n in names}
    admin_p, svc = project('admin'), project('service')
    admin_u = user('admin')
    for n in ('admin', 'member', 'reader', 'creator', 'heat_stack_owner', 'load-balancer_admin'):
        grant(admin_u, roles[n], project_id=admin_p)
    for pname, uname in (('demo', 'demo'), ('alt_demo', 'alt_demo')):
        p, u = project(pname), user(uname)
        for n in ('member', 'reader', 'creator', 'heat_stack_owner', 'load-balancer_member'):
            grant(u, roles[n], project_id=p)
    # a user who may only read
    grant(user('demo_reader'), roles['reader'], project_id=project('demo'))
    # stack users' domain (Heat) and trustees' domain (of the service under test)
    for dname, uname in (('heat', 'heat_domain_admin'), ('jeroboam', 'jeroboam_domain_admin')):
        d = domain(dname)
        grant(user(uname, d), roles['admin'], domain_id=d)
    assert svc


def service(name, stype, url, uname=None):
    rows = call('GET', '/services?type=' + stype).json()['services']
    sid = rows[0]['id'] if rows else call(
        'POST', '/services', json={'service': {'name': name, 'type': stype}}).json()['service']['id']
    have = {e['interface']: e for e in call('GET', '/endpoints?service_id=' + sid).json()['endpoints']}
    for iface in ('public', 'internal', 'admin'):
        if iface not in have:
            call('POST', '/endpoints', json={'endpoint': {
                'service_id': sid, 'interface': iface, 'url': url, 'region_id': REGION}})
        elif have[iface]['url'] != url:
            call('PATCH', '/endpoints/' + have[iface]['id'], json={'endpoint': {'url': url}})
    if uname:
        u, svc = user(uname), project('service')
        for n in ('admin', 'service'):
            grant(u, role(n), project_id=svc)


def unservice(stype):
    for row in call('GET', '/services?type=' + stype).json()['services']:
        call('DELETE', '/services/' + row['id'])


if __name__ == '__main__':
    {'base': base, 'service': service, 'unservice': unservice}[sys.argv[1]](*sys.argv[2:])
