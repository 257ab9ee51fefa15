"""An Octavia provider with no amphorae: whatever is pending becomes active (or goes) a moment later.

VIP ports are left to Octavia's own network driver, so they are real Neutron ports.
"""
import threading
import time

from octavia_lib.api.drivers import provider_base
from oslo_log import log as logging

LOG = logging.getLogger(__name__)
_started = threading.Lock()


def _sweep_once():
    from octavia.common import clients
    from octavia.db import api as db_api
    from octavia.db import models as m
    order = (m.L7Rule, m.L7Policy, m.Member, m.HealthMonitor, m.Listener, m.Pool, m.LoadBalancer)
    session = db_api.get_session(autocommit=False)
    try:
        for model in order:
            for row in session.query(model).filter(
                    model.provisioning_status.in_(('PENDING_CREATE', 'PENDING_UPDATE'))):
                row.provisioning_status = 'ACTIVE'
                if hasattr(row, 'operating_status'):
                    row.operating_status = 'ONLINE' if row.enabled else 'OFFLINE'
        session.commit()
        for lb in session.query(m.LoadBalancer).filter_by(provisioning_status='PENDING_DELETE'):
            for model in order[:-1]:
                for row in session.query(model):
                    owner = getattr(row, 'load_balancer', None)
                    if owner is not None and owner.id == lb.id:
                        row.provisioning_status = 'PENDING_DELETE'
            if lb.vip and lb.vip.octavia_owned and lb.vip.port_id:
                neutron = clients.NeutronAuth.get_neutron_client(
                    endpoint=None, region=None, service_name=None)
                try:
                    neutron.delete_port(lb.vip.port_id)
                except Exception as e:
                    LOG.warning('stub provider: VIP port %s: %s', lb.vip.port_id, e)
            lb.provisioning_status = 'DELETED'
        session.flush()
        for model in order[:-1]:
            for row in session.query(model).filter_by(provisioning_status='PENDING_DELETE'):
                if model is m.Pool:
                    for lis in session.query(m.Listener).filter_by(default_pool_id=row.id):
                        lis.default_pool_id = None
                session.delete(row)
            session.flush()
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def _sweep():
    while True:
        time.sleep(1)
        try:
            _sweep_once()
        except Exception as e:
            LOG.warning('stub provider: %s', e)


class StubProvider(provider_base.ProviderDriver):
    def __init__(self):
        super().__init__()
        if _started.acquire(blocking=False):
            threading.Thread(target=_sweep, daemon=True).start()

    def create_vip_port(self, *args, **kwargs):
        raise __import__('octavia_lib.api.drivers.exceptions', fromlist=['x']).NotImplementedError()

    def _ok(self, *args, **kwargs):
        return None

    loadbalancer_create = loadbalancer_delete = loadbalancer_update = loadbalancer_failover = _ok
    listener_create = listener_delete = listener_update = _ok
    pool_create = pool_delete = pool_update = _ok
    member_create = member_delete = member_update = member_batch_update = _ok
    health_monitor_create = health_monitor_delete = health_monitor_update = _ok
    l7policy_create = l7policy_delete = l7policy_update = _ok
    l7rule_create = l7rule_delete = l7rule_update = _ok
    validate_flavor = validate_availability_zone = _ok

    def get_supported_flavor_metadata(self):
        return {}

    def get_supported_availability_zone_metadata(self):
        return {}
