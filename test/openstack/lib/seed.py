#!/usr/bin/python3
"""What a cluster needs to find: images, flavors, an external network, a private network a project, a volume type.

No key pair in demo: tests that need one make it, and tests of a missing one find it missing.
"""
import os

import openstack

PASSWORD = os.environ.get('CLOUD_PASSWORD', 'sandbox')
AUTH = os.environ.get('CLOUD_KEYSTONE', 'http://127.0.0.1:5000') + '/v3'

FLAVORS = (('m1.tiny', 1, 512, 5), ('m1.small', 1, 2048, 20), ('m1.medium', 2, 4096, 40))
IMAGES = (('Fedora-Atomic-26-20170723.0.x86_64', 'fedora-atomic'), ('fedora-coreos', 'fedora-coreos'),
          ('coreos', 'coreos'), ('ubuntu', 'ubuntu'))


def connect(user, project):
    return openstack.connect(auth_url=AUTH, username=user, password=PASSWORD, project_name=project,
                             user_domain_name='Default', project_domain_name='Default',
                             region_name='RegionOne', load_yaml_config=False, load_envvars=False)


def seed_shared(admin):
    for name, vcpus, ram, disk in FLAVORS:
        if not admin.compute.find_flavor(name):
            admin.compute.create_flavor(name=name, vcpus=vcpus, ram=ram, disk=disk)
    for name, distro in IMAGES:
        if not admin.image.find_image(name):
            admin.image.create_image(name=name, disk_format='raw', container_format='bare', visibility='public',
                                     os_distro=distro, data=b'not really an image\n' * 64)
    if not admin.network.find_network('public'):
        net = admin.network.create_network(**{
            'name': 'public', 'router:external': True, 'provider:network_type': 'flat',
            'provider:physical_network': 'public', 'shared': False})
        admin.network.create_subnet(name='public-subnet', network_id=net.id, ip_version=4,
                                    cidr='172.24.0.0/16', gateway_ip='172.24.0.1', is_dhcp_enabled=False)
    if not admin.block_storage.find_type('stub'):
        admin.block_storage.create_type(name='stub')


def seed_project(name):
    cloud = connect(name, name)
    if name != 'demo' and not cloud.compute.find_keypair('testkey'):
        cloud.compute.create_keypair(name='testkey')
    if not cloud.network.find_network('private-' + name, project_id=cloud.current_project_id):
        net = cloud.network.create_network(name='private-' + name)
        cloud.network.create_subnet(name='private-' + name, network_id=net.id, ip_version=4, cidr='10.99.0.0/24')


if __name__ == '__main__':
    seed_shared(connect('admin', 'admin'))
    for project in ('admin', 'demo', 'alt_demo'):
        seed_project(project)
