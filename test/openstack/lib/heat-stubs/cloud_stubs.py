"""Heat plug-in for a cloud with no Nova, Neutron, Cinder, Octavia or Glance behind Heat.

Loaded by heat-engine through plugin_dirs. Every resource type below keeps its real schema (so
unknown or missing properties are still refused, and update_allowed / replacement still hold), but
never calls the service: it is born complete with a made-up id and plausible attributes.

A stub can be told to misbehave. For a server, in its metadata; for anything, by its name:
  cloud_fail_create / cloud_fail_delete   the action fails
  cloud_slow=<seconds>  (metadata only) creation takes that long
"""
import hashlib
import time
import uuid

from heat.common import exception
from heat.engine import constraints
from heat.engine import resource
from heat.engine import translation
from heat.engine.resources.openstack.cinder import volume as c_volume
from heat.engine.resources.openstack.neutron import floatingip, net
from heat.engine.resources.openstack.neutron import port, router, security_group
from heat.engine.resources.openstack.neutron import security_group_rule, subnet
from heat.engine.resources.openstack.nova import flavor, keypair, server, server_group
from heat.engine.resources.openstack.octavia import health_monitor, l7policy, l7rule
from heat.engine.resources.openstack.octavia import listener, loadbalancer, pool, pool_member


def _octets(seed):
    h = hashlib.sha256(seed.encode()).digest()
    return h[0], h[1] % 250 + 2


def _fixed_ip(seed):
    return '10.0.%d.%d' % _octets(seed)


def _floating_ip(seed):
    return '172.24.%d.%d' % _octets(seed)


class StubMixin(object):
    """Replaces all that would leave the process."""

    @classmethod
    def is_service_available(cls, context):
        return True, None

    def translation_rules(self, props):
        # keep the renaming of old property names, drop the look-ups of names at the service
        rules = super(StubMixin, self).translation_rules(props) or []
        return [r for r in rules if r.rule != translation.TranslationRule.RESOLVE]

    def validate(self):
        return resource.Resource.validate(self)

    def add_dependencies(self, deps):
        resource.Resource.add_dependencies(self, deps)

    def _meta(self):
        found = self.prop('metadata') if 'metadata' in (self.properties_schema or {}) else None
        return found if isinstance(found, dict) else {}

    def handle_create(self):
        if 'cloud_fail_create' in self.name or 'cloud_fail_create' in self._meta():
            raise exception.Error('stub: told to fail')
        rid = self.stub_id()
        self.resource_id_set(rid)
        return time.time() + float(self._meta().get('cloud_slow', 0))

    def stub_id(self):
        return str(uuid.uuid4())

    def check_create_complete(self, ready_at):
        return ready_at is None or time.time() >= ready_at

    def handle_update(self, json_snippet, tmpl_diff, prop_diff):
        return None

    def check_update_complete(self, *args):
        return True

    def handle_delete(self):
        if 'cloud_fail_delete' in self.name or 'cloud_fail_delete' in self._meta():
            raise exception.Error('stub: told to fail')
        return None

    def check_delete_complete(self, *args):
        return True

    def handle_check(self):
        return None

    def handle_suspend(self):
        return None

    def check_suspend_complete(self, *args):
        return True

    handle_resume = handle_suspend
    check_resume_complete = check_suspend_complete

    def needs_replace_failed(self):
        return True

    def _show_resource(self):
        return self.stub_attributes()

    def get_live_resource_data(self):
        return {}

    def parse_live_resource_data(self, props, data):
        return {}

    def prepare_for_replace(self):
        pass

    def restore_prev_rsrc(self, convergence=False):
        pass

    def _resolve_attribute(self, name):
        if self.resource_id is None:
            return None
        attrs = self.stub_attributes()
        if name == 'show':
            return attrs
        return attrs.get(name)

    _resolve_any_attribute = _resolve_attribute

    def get_attribute(self, key, *path):
        return resource.Resource.get_attribute(self, key, *path)

    def prop(self, name):
        try:
            return self.properties[name]
        except Exception:
            return None

    def stub_attributes(self):
        out = {'id': self.resource_id, 'name': self.physical_resource_name(), 'status': 'ACTIVE'}
        for key in self.attributes_schema:
            if key not in out and key in (self.properties_schema or {}):
                out[key] = self.prop(key)
        return out


class StubServer(StubMixin):
    def user_data_software_config(self):
        return False

    def handle_create(self):
        # keep Heat's own software-config wiring (deployments look for the server's transport)
        return super(StubServer, self).handle_create()

    def stub_attributes(self):
        ip = _fixed_ip(self.resource_id)
        out = super(StubServer, self).stub_attributes()
        nets = {}
        for n in self.prop('networks') or [{}]:
            nets[n.get('network') or n.get('port') or 'private'] = [ip]
        out.update({
            'first_address': ip, 'accessIPv4': '', 'accessIPv6': '', 'console_urls': {},
            'instance_name': 'instance-cloud', 'networks': nets,
            'addresses': {k: [{'addr': ip, 'version': 4, 'OS-EXT-IPS:type': 'fixed', 'port': None}]
                          for k in nets}, 'tags': [], 'config_drive': '', 'os_collect_config': {}})
        return out


class StubPort(StubMixin):
    def stub_attributes(self):
        ip = _fixed_ip(self.resource_id)
        out = super(StubPort, self).stub_attributes()
        for f in self.prop('fixed_ips') or []:
            ip = f.get('ip_address') or ip
        sub = next((f.get('subnet') for f in self.prop('fixed_ips') or [] if f.get('subnet')), None)
        out.update({'fixed_ips': [{'subnet_id': sub, 'ip_address': ip}], 'mac_address': 'fa:16:3e:00:00:01',
                    'network_id': self.prop('network'), 'device_id': '', 'subnets': []})
        return out


class StubFloatingIP(StubMixin):
    def stub_attributes(self):
        out = super(StubFloatingIP, self).stub_attributes()
        out.update({'floating_ip_address': _floating_ip(self.resource_id), 'router_id': None,
                    'port_id': self.prop('port_id'), 'fixed_ip_address': None})
        return out


class StubLoadBalancer(StubMixin):
    def stub_attributes(self):
        out = super(StubLoadBalancer, self).stub_attributes()
        out.update({'vip_address': _fixed_ip(self.resource_id), 'vip_port_id': str(
            uuid.uuid5(uuid.NAMESPACE_OID, self.resource_id)), 'vip_subnet_id': self.prop('vip_subnet'),
            'provisioning_status': 'ACTIVE', 'operating_status': 'ONLINE', 'pools': []})
        return out


class StubKeyPair(StubMixin):
    def stub_id(self):
        return self.prop('name') or super(StubKeyPair, self).stub_id()

    def stub_attributes(self):
        return {'public_key': self.prop('public_key') or 'ssh-rsa cloud', 'private_key': ''}


class AlwaysOk(constraints.BaseCustomConstraint):
    """Any name will do: there is nobody to ask."""

    def validate(self, value, context):
        return True


_CASES = [
    (StubServer, server.Server, 'OS::Nova::Server'),
    (StubMixin, server_group.ServerGroup, 'OS::Nova::ServerGroup'),
    (StubKeyPair, keypair.KeyPair, 'OS::Nova::KeyPair'),
    (StubMixin, flavor.NovaFlavor, 'OS::Nova::Flavor'),
    (StubMixin, net.Net, 'OS::Neutron::Net'),
    (StubMixin, subnet.Subnet, 'OS::Neutron::Subnet'),
    (StubMixin, router.Router, 'OS::Neutron::Router'),
    (StubMixin, router.RouterInterface, 'OS::Neutron::RouterInterface'),
    (StubMixin, router.RouterGateway, 'OS::Neutron::RouterGateway'),
    (StubPort, port.Port, 'OS::Neutron::Port'),
    (StubFloatingIP, floatingip.FloatingIP, 'OS::Neutron::FloatingIP'),
    (StubMixin, floatingip.FloatingIPAssociation, 'OS::Neutron::FloatingIPAssociation'),
    (StubMixin, security_group.SecurityGroup, 'OS::Neutron::SecurityGroup'),
    (StubMixin, security_group_rule.SecurityGroupRule, 'OS::Neutron::SecurityGroupRule'),
    (StubMixin, c_volume.CinderVolume, 'OS::Cinder::Volume'),
    (StubMixin, c_volume.CinderVolumeAttachment, 'OS::Cinder::VolumeAttachment'),
    (StubLoadBalancer, loadbalancer.LoadBalancer, 'OS::Octavia::LoadBalancer'),
    (StubMixin, listener.Listener, 'OS::Octavia::Listener'),
    (StubMixin, pool.Pool, 'OS::Octavia::Pool'),
    (StubMixin, pool_member.PoolMember, 'OS::Octavia::PoolMember'),
    (StubMixin, health_monitor.HealthMonitor, 'OS::Octavia::HealthMonitor'),
    (StubMixin, l7policy.L7Policy, 'OS::Octavia::L7Policy'),
    (StubMixin, l7rule.L7Rule, 'OS::Octavia::L7Rule'),
]


def resource_mapping():
    return {name: type('Stub' + real.__name__, (stub, real), {}) for stub, real, name in _CASES}


def constraint_mapping():
    names = ('nova.flavor nova.keypair nova.network nova.server nova.host neutron.network neutron.subnet '
             'neutron.port neutron.router neutron.security_group neutron.subnetpool neutron.qos_policy '
             'neutron.address_scope neutron.flavor glance.image cinder.volume cinder.vtype cinder.snapshot '
             'cinder.backup octavia.loadbalancer octavia.listener octavia.pool octavia.flavor octavia.l7policy')
    return {n: AlwaysOk for n in names.split()}
