import type { Octavia } from './octavia.js';
import type * as o from './types.js';

/** Resources as Octavia shows them: with the ids of what hangs on them. */
const refs = (rows: readonly { readonly id: string }[]): readonly object[] =>
  rows.map(({ id }) => ({ id }));

export const loadBalancerShown = (octavia: Octavia, row: o.LoadBalancer): object => {
  return {
    ...row,
    ready_at: undefined,
    tenant_id: row.project_id,
    vip_qos_policy_id: null,
    additional_vips: [],
    listeners: refs(octavia.listeners.where('loadbalancer_id', row.id)),
    pools: refs(octavia.pools.where('loadbalancer_id', row.id)),
  };
};

export const listenerShown = ({ loadbalancer_id, ...row }: o.Listener): object => ({
  ...row,
  tenant_id: row.project_id,
  loadbalancers: [{ id: loadbalancer_id }],
  default_tls_container_ref: null,
  sni_container_refs: [],
  l7policies: [],
  insert_headers: {},
  timeout_client_data: 50_000,
  timeout_member_connect: 5000,
  timeout_member_data: 50_000,
  timeout_tcp_inspect: 0,
});

export const poolShown = (
  octavia: Octavia,
  { loadbalancer_id, listener_id, ...row }: o.Pool,
): object => ({
  ...row,
  tenant_id: row.project_id,
  loadbalancers: [{ id: loadbalancer_id }],
  listeners: listener_id === null ? [] : [{ id: listener_id }],
  members: refs(octavia.members.where('pool_id', row.id)),
  healthmonitor_id: octavia.healthMonitors.where('pool_id', row.id)[0]?.id ?? null,
  tls_enabled: false,
});

export const memberShown = (row: o.Member): object => ({
  ...row,
  pool_id: undefined,
  tenant_id: row.project_id,
  backup: false,
  monitor_address: null,
  monitor_port: null,
});

export const healthMonitorShown = ({ pool_id, ...row }: o.HealthMonitor): object => ({
  ...row,
  tenant_id: row.project_id,
  pools: [{ id: pool_id }],
  max_retries_down: 3,
  http_method: row.type.startsWith('HTTP') ? 'GET' : null,
  url_path: row.type.startsWith('HTTP') ? '/' : null,
  expected_codes: row.type.startsWith('HTTP') ? '200' : null,
});

interface Status {
  readonly id: string;
  readonly name: string;
  readonly provisioning_status: string;
  readonly operating_status: string;
}

const statusOf = ({ id, name, provisioning_status, operating_status }: Status): Status => ({
  id,
  name,
  provisioning_status,
  operating_status,
});

/** How the load balancer and all below it are. */
export const statusTree = (octavia: Octavia, row: o.LoadBalancer): object => {
  const pools = octavia.pools.where('loadbalancer_id', row.id);
  const withMembers = (pool: o.Pool): object => ({
    ...statusOf(pool),
    members: octavia.members.where('pool_id', pool.id).map((member) => ({
      ...statusOf(member),
      address: member.address,
      protocol_port: member.protocol_port,
    })),
  });
  return {
    ...statusOf(row),
    listeners: octavia.listeners.where('loadbalancer_id', row.id).map((listener) => ({
      ...statusOf(listener),
      pools: pools.filter((pool) => pool.id === listener.default_pool_id).map(withMembers),
    })),
    pools: pools.map(withMembers),
  };
};
