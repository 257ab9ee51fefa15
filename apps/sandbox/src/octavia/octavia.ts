import { randomUUID } from 'node:crypto';
import type { LoadBalancing, Owner, Settings } from '../cloud.js';
import type { Collection, Document, Documents } from '../documents.js';
import type { Neutron } from '../neutron/neutron.js';
import type { Port } from '../neutron/types.js';
import { bare } from '../time.js';
import { text } from '../http/fields.js';
import { badRequest, conflict, notFound } from './errors.js';
import type * as o from './types.js';

/** What a load balancer takes to make, in milliseconds before the settings' factor. */
const CREATE_MS = 2000;

/** Octavia: load balancers with a port and an address, and nothing behind them. */
export class Octavia implements LoadBalancing {
  readonly loadBalancers: Collection<o.LoadBalancer>;
  readonly listeners: Collection<o.Listener>;
  readonly pools: Collection<o.Pool>;
  readonly members: Collection<o.Member>;
  readonly healthMonitors: Collection<o.HealthMonitor>;

  constructor(
    private readonly documents: Documents,
    private readonly settings: Settings,
    private readonly neutron: Neutron,
  ) {
    this.loadBalancers = documents.collection('loadbalancer');
    this.listeners = documents.collection('listener');
    this.pools = documents.collection('pool');
    this.members = documents.collection('member');
    this.healthMonitors = documents.collection('healthmonitor');
  }

  createLoadBalancer(owner: Owner, request: o.LoadBalancerRequest): o.LoadBalancer {
    return this.documents.transaction(() => {
      const base = balanced(owner.projectId, request.name);
      const port = this.#vip(owner, base.id, request);
      const [fixed = { ip_address: '', subnet_id: '' }] = port.fixed_ips;
      return this.live(
        this.loadBalancers.put({
          ...base,
          vip_address: fixed.ip_address,
          vip_port_id: port.id,
          vip_subnet_id: fixed.subnet_id,
          vip_network_id: port.network_id,
          description: text(request, 'description', ''),
          provider: text(request, 'provider', 'amphora'),
          flavor_id: text(request, 'flavor_id', null),
          availability_zone: text(request, 'availability_zone', null),
          tags: request.tags ?? [],
          ready_at: Date.now() + CREATE_MS * this.settings.speed,
        }),
      );
    });
  }

  loadBalancer(id: string): o.LoadBalancer {
    return this.live(found('Load Balancer', id, this.loadBalancers));
  }

  /** The load balancer as it is now. */
  live(row: o.LoadBalancer): o.LoadBalancer {
    if (Date.now() >= row.ready_at) return row;
    return { ...row, provisioning_status: 'PENDING_CREATE', operating_status: 'OFFLINE' };
  }

  deleteLoadBalancer(id: string, cascade = false): void {
    const row = this.#settled(id);
    const listeners = this.listeners.where('loadbalancer_id', id);
    const pools = this.pools.where('loadbalancer_id', id);
    if (!cascade && listeners.length + pools.length > 0)
      throw badRequest(`Cannot delete Load Balancer ${id} - it has children`);
    this.documents.transaction(() => {
      for (const listener of listeners) this.listeners.delete(listener.id);
      for (const pool of pools) this.deletePool(pool.id);
      if (this.neutron.ports.rows.get(row.vip_port_id)) this.neutron.deletePort(row.vip_port_id);
      this.loadBalancers.delete(id);
    });
  }

  createListener(request: o.ListenerRequest): o.Listener {
    const parent = this.#settled(request.loadbalancer_id);
    const clash = this.listeners
      .where('loadbalancer_id', parent.id)
      .some((row) => row.protocol_port === request.protocol_port);
    if (clash)
      throw conflict(
        `Another Listener on this Load Balancer is already using protocol_port ${request.protocol_port}`,
      );
    return this.listeners.put({
      ...balanced(parent.project_id, request.name),
      loadbalancer_id: parent.id,
      protocol: request.protocol,
      protocol_port: request.protocol_port,
      default_pool_id: request.default_pool_id ?? null,
      connection_limit: request.connection_limit ?? -1,
      allowed_cidrs: request.allowed_cidrs ?? null,
    });
  }

  listener(id: string): o.Listener {
    return found('Listener', id, this.listeners);
  }

  deleteListener(id: string): void {
    const row = this.listener(id);
    this.#settled(row.loadbalancer_id);
    for (const pool of this.pools.where('listener_id', id))
      this.pools.patch(pool, { listener_id: null });
    this.listeners.delete(id);
  }

  createPool(request: o.PoolRequest): o.Pool {
    const listener = request.listener_id ? this.listener(request.listener_id) : undefined;
    if (listener?.default_pool_id)
      throw conflict(`Listener ${listener.id} already has a default pool`);
    const parentId = listener?.loadbalancer_id ?? request.loadbalancer_id;
    if (!parentId) throw badRequest('Must provide at least one of: loadbalancer_id, listener_id');
    const parent = this.#settled(parentId);
    return this.#putPool(request, parent, listener);
  }

  #putPool(
    request: o.PoolRequest,
    parent: o.LoadBalancer,
    listener: o.Listener | undefined,
  ): o.Pool {
    const pool = this.pools.put({
      ...balanced(parent.project_id, request.name),
      loadbalancer_id: parent.id,
      listener_id: listener?.id ?? null,
      protocol: request.protocol,
      lb_algorithm: request.lb_algorithm,
      session_persistence: request.session_persistence ?? null,
    });
    if (listener) this.listeners.patch(listener, { default_pool_id: pool.id });
    return pool;
  }

  pool(id: string): o.Pool {
    return found('Pool', id, this.pools);
  }

  deletePool(id: string): void {
    const row = this.pool(id);
    this.#settled(row.loadbalancer_id);
    this.documents.transaction(() => {
      for (const member of this.members.where('pool_id', id)) this.members.delete(member.id);
      for (const one of this.healthMonitors.where('pool_id', id))
        this.healthMonitors.delete(one.id);
      for (const listener of this.listeners.where('default_pool_id', id))
        this.listeners.patch(listener, { default_pool_id: null });
      this.pools.delete(id);
    });
  }

  createMember(poolId: string, request: o.MemberRequest): o.Member {
    const pool = this.pool(poolId);
    this.#settled(pool.loadbalancer_id);
    const clash = this.members
      .where('pool_id', poolId)
      .some(
        (row) => row.address === request.address && row.protocol_port === request.protocol_port,
      );
    if (clash)
      throw conflict(
        `Another member on this pool is already using ip ${request.address} on protocol_port ${request.protocol_port}`,
      );
    return this.members.put({
      ...balanced(pool.project_id, request.name),
      operating_status: 'NO_MONITOR',
      pool_id: poolId,
      address: request.address,
      protocol_port: request.protocol_port,
      subnet_id: request.subnet_id ?? null,
      weight: request.weight ?? 1,
    });
  }

  member(id: string): o.Member {
    return found('Member', id, this.members);
  }

  deleteMember(id: string): void {
    this.members.delete(this.member(id).id);
  }

  createHealthMonitor(request: o.HealthMonitorRequest): o.HealthMonitor {
    const pool = this.pool(request.pool_id);
    this.#settled(pool.loadbalancer_id);
    if (this.healthMonitors.where('pool_id', pool.id).length > 0)
      throw conflict('This pool already has a health monitor');
    return this.healthMonitors.put({
      ...balanced(pool.project_id, request.name),
      pool_id: pool.id,
      type: request.type,
      delay: request.delay,
      timeout: request.timeout,
      max_retries: request.max_retries,
    });
  }

  healthMonitor(id: string): o.HealthMonitor {
    return found('Health Monitor', id, this.healthMonitors);
  }

  deleteHealthMonitor(id: string): void {
    this.healthMonitors.delete(this.healthMonitor(id).id);
  }

  /** The load balancer, refused while it is being made. */
  #settled(id: string): o.LoadBalancer {
    const row = this.loadBalancer(id);
    if (row.provisioning_status !== 'ACTIVE')
      throw conflict(`Load Balancer ${id} is immutable and cannot be updated.`);
    return row;
  }

  #vip(owner: Owner, id: string, request: o.LoadBalancerRequest): Port {
    const subnet = request.vip_subnet_id ? this.neutron.subnet(request.vip_subnet_id) : undefined;
    const networkId = subnet?.network_id ?? request.vip_network_id;
    if (!networkId)
      throw badRequest(
        'Validation failure: VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.',
      );
    const address = {
      ...(subnet ? { subnet_id: subnet.id } : {}),
      ...(request.vip_address ? { ip_address: request.vip_address } : {}),
    };
    return this.neutron.createPort(owner, {
      network_id: networkId,
      name: `octavia-lb-${id}`,
      device_id: `lb-${id}`,
      device_owner: 'Octavia',
      fixed_ips: Object.keys(address).length > 0 ? [address] : undefined,
    });
  }
}

const balanced = (projectId: string, name: string | undefined) => {
  const now = bare();
  return {
    id: randomUUID(),
    name: name ?? '',
    description: '',
    project_id: projectId,
    admin_state_up: true,
    provisioning_status: 'ACTIVE',
    operating_status: 'ONLINE',
    created_at: now,
    updated_at: now,
    tags: [] as readonly string[],
  };
};

const found = <T extends Document>(what: string, id: string, rows: Collection<T>): T => {
  const row = rows.get(id);
  if (!row) throw notFound(what, id);
  return row;
};
