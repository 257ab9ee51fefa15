import { randomBytes } from 'node:crypto';
import type { Owner } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { freeAddress, toNumber } from './addresses.js';
import { badRequest, conflict, unknownPort } from './errors.js';
import type { Networks } from './networks.js';
import { changed, filled, owned } from './owned.js';
import type { SecurityGroups } from './security-groups.js';
import type * as n from './types.js';

/** Owners of ports that only their router, floating IP or service may delete. */
const PROTECTED = ['network:router_interface', 'network:router_gateway', 'network:floatingip'];

/** Ports and the addresses they hold. */
export class Ports {
  readonly rows: Collection<n.Port>;
  /** Address handed out last in a subnet: a freed one is not given again at once. */
  readonly #last = new Map<string, number>();

  constructor(
    documents: Documents,
    private readonly networks: Networks,
    private readonly groups: SecurityGroups,
  ) {
    this.rows = documents.collection('port');
  }

  create(owner: Owner, wish: n.PortWish): n.Port {
    const network = this.networks.network(wish.network_id);
    const internal = wish.device_owner?.startsWith('network:') ?? false;
    const defaults: n.Port = {
      ...owned(owner),
      network_id: network.id,
      mac_address: macAddress(),
      admin_state_up: true,
      status: wish.device_id ? 'ACTIVE' : 'DOWN',
      device_id: '',
      device_owner: '',
      fixed_ips: this.#allocate(network, wish.fixed_ips),
      security_groups: internal ? [] : [this.groups.defaultOf(owner).id],
      allowed_address_pairs: [],
      port_security_enabled: network.port_security_enabled,
      'binding:vnic_type': 'normal',
    };
    const groups = wish.security_groups?.map((id) => this.groups.group(id, owner.projectId).id);
    return this.rows.put(
      filled(defaults, {
        ...wish,
        network_id: network.id,
        fixed_ips: undefined,
        security_groups: groups,
      }),
    );
  }

  port(id: string): n.Port {
    const found = this.rows.get(id);
    if (!found) throw unknownPort(id);
    return found;
  }

  update(id: string, change: n.Wish<n.Port>): n.Port {
    const row = changed(this.port(id), change);
    const status = row.device_id ? 'ACTIVE' : 'DOWN';
    return this.rows.put({ ...row, status });
  }

  delete(id: string): void {
    const port = this.port(id);
    if (PROTECTED.includes(port.device_owner))
      throw conflict(
        'ServicePortInUse',
        `Port ${id} cannot be deleted directly via the port API: has device owner ${port.device_owner}.`,
      );
    this.remove(id);
  }

  /** Deletes it whoever owns it. */
  remove(id: string): void {
    this.rows.delete(id);
  }

  ofDevice(deviceId: string): n.Port[] {
    return this.rows.where('device_id', deviceId);
  }

  #allocate(network: n.Network, wanted: n.PortWish['fixed_ips']): n.FixedIp[] {
    if (wanted) return wanted.map((wish) => this.#fixed(network, wish));
    const first = network.subnets
      .map((id) => this.networks.subnet(id))
      .find((subnet) => subnet.ip_version === 4);
    return first ? [this.#fixed(network, { subnet_id: first.id })] : [];
  }

  #fixed(network: n.Network, wish: Partial<n.FixedIp>): n.FixedIp {
    const subnet = wish.subnet_id
      ? this.networks.subnet(wish.subnet_id)
      : this.networks.subnetOfAddress(network, wish.ip_address ?? '');
    if (subnet.network_id !== network.id)
      throw badRequest(
        `Invalid input for operation: Failed to create port on network ${network.id}, because fixed_ips included invalid subnet ${subnet.id}.`,
        'InvalidInput',
      );
    const taken = this.#taken(network.id, subnet.id);
    if (!wish.ip_address)
      return { subnet_id: subnet.id, ip_address: this.#nextAddress(subnet, taken) };
    if (taken.has(wish.ip_address))
      throw conflict(
        'IpAddressInUse',
        `Unable to complete operation for network ${network.id}. The IP address ${wish.ip_address} is in use.`,
      );
    return { subnet_id: subnet.id, ip_address: wish.ip_address };
  }

  #nextAddress(subnet: n.Subnet, taken: ReadonlySet<string>): string {
    const last = this.#last.get(subnet.id) ?? 0;
    const address = freeAddress(subnet.allocation_pools, taken, last);
    if (address === undefined)
      throw conflict(
        'IpAddressGenerationFailure',
        `No more IP addresses available on network ${subnet.network_id}.`,
      );
    this.#last.set(subnet.id, toNumber(address));
    return address;
  }

  #taken(networkId: string, subnetId: string): Set<string> {
    const fixed = this.rows.where('network_id', networkId).flatMap((port) => port.fixed_ips);
    return new Set(fixed.filter((ip) => ip.subnet_id === subnetId).map((ip) => ip.ip_address));
  }
}

const macAddress = (): string =>
  ['fa', '16', '3e', ...[...randomBytes(3)].map((byte) => byte.toString(16).padStart(2, '0'))].join(
    ':',
  );
