import type { Owner } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { badRequest, conflict, notFound } from './errors.js';
import type { Networks } from './networks.js';
import { changed, filled, owned } from './owned.js';
import type { Ports } from './ports.js';
import type { Routers } from './routers.js';
import type { FloatingIp, Port, Wish } from './types.js';

/** Addresses of an external network that lead to a port. */
export class FloatingIps {
  readonly rows: Collection<FloatingIp>;

  constructor(
    documents: Documents,
    private readonly parts: {
      readonly networks: Networks;
      readonly ports: Ports;
      readonly routers: Routers;
    },
  ) {
    this.rows = documents.collection('floatingip');
  }

  create(owner: Owner, wish: Wish<FloatingIp, 'floating_network_id'>): FloatingIp {
    const { networks, ports } = this.parts;
    const network = networks.network(wish.floating_network_id);
    if (!network['router:external'])
      throw badRequest(
        `Bad floatingip request: Network ${network.id} is not a valid external network.`,
        'BadRequest',
      );
    const { port_id, fixed_ip_address, floating_ip_address, ...rest } = wish;
    const binding = this.#binding(network.id, port_id ?? null, fixed_ip_address ?? undefined);
    const base = owned(owner);
    const port = ports.create(
      { projectId: '', userId: '' },
      {
        network_id: network.id,
        device_id: base.id,
        device_owner: 'network:floatingip',
        fixed_ips: floating_ip_address ? [{ ip_address: floating_ip_address }] : undefined,
      },
    );
    const defaults: FloatingIp = {
      ...base,
      floating_network_id: network.id,
      floating_ip_address: port.fixed_ips[0]?.ip_address ?? '',
      ...binding,
    };
    return this.rows.put(filled(defaults, { ...rest, floating_network_id: network.id }));
  }

  floatingIp(id: string): FloatingIp {
    const found = this.rows.get(id);
    if (!found) throw notFound('FloatingIPNotFound', `Floating IP ${id} could not be found`);
    return found;
  }

  update(id: string, change: Wish<FloatingIp>): FloatingIp {
    const row = this.floatingIp(id);
    const { port_id, fixed_ip_address, ...rest } = change;
    const next = changed(row, rest);
    if (port_id === undefined) return this.rows.put(next);
    this.rows.put({ ...next, ...FREE });
    const fixed = fixed_ip_address ?? undefined;
    return this.rows.put({ ...next, ...this.#binding(row.floating_network_id, port_id, fixed) });
  }

  delete(id: string): void {
    const row = this.floatingIp(id);
    for (const port of this.parts.ports.ofDevice(row.id)) this.parts.ports.remove(port.id);
    this.rows.delete(row.id);
  }

  /** A port is going: what led to it leads nowhere. */
  release(portId: string): void {
    for (const row of this.rows.where('port_id', portId)) this.rows.patch(row, FREE);
  }

  #binding(externalId: string, portId: string | null, fixed: string | undefined): Binding {
    if (portId === null) return FREE;
    const port = this.parts.ports.port(portId);
    const address = fixed ?? port.fixed_ips[0]?.ip_address;
    if (address === undefined)
      throw badRequest(
        `Bad floatingip request: Cannot add floating IP to port ${port.id} that has no fixed IPv4 addresses.`,
        'BadRequest',
      );
    this.#checkFree(port, address, externalId);
    const router = this.parts.routers.between(port.network_id, externalId);
    if (!router)
      throw notFound(
        'ExternalGatewayForFloatingIPNotFound',
        `External network ${externalId} is not reachable from subnet ${port.fixed_ips[0]?.subnet_id ?? ''}.  Therefore, cannot associate Port ${port.id} with a Floating IP.`,
      );
    return {
      port_id: port.id,
      fixed_ip_address: address,
      router_id: router.id,
      status: 'ACTIVE',
    };
  }

  #checkFree(port: Port, address: string, externalId: string): void {
    const other = this.rows
      .where('port_id', port.id)
      .find((row) => row.fixed_ip_address === address && row.floating_network_id === externalId);
    if (other)
      throw conflict(
        'FloatingIPPortAlreadyAssociated',
        `Cannot associate floating IP ${other.floating_ip_address} (${other.id}) with port ${port.id} using fixed IP ${address}, as that fixed IP already has a floating IP on external network ${externalId}.`,
      );
  }
}

type Binding = Pick<FloatingIp, 'port_id' | 'fixed_ip_address' | 'router_id' | 'status'>;

const FREE: Binding = { port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN' };
