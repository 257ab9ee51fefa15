import type { Owner } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { contains, firstHost, overlap, parseCidr, poolsOf } from './addresses.js';
import { badRequest, conflict, unknownNetwork, unknownSubnet } from './errors.js';
import { changed, filled, owned } from './owned.js';
import type { Network, Port, Subnet, Wish } from './types.js';

/** Ports nobody made: they do not keep a network from being deleted. */
const OWN_PORTS = ['network:dhcp', 'network:router_gateway', 'network:floatingip'];

/** Networks and their subnets. */
export class Networks {
  readonly networks: Collection<Network>;
  readonly subnets: Collection<Subnet>;
  readonly #ports: Collection<Port>;
  #segment = 0;

  constructor(documents: Documents) {
    this.networks = documents.collection('network');
    this.subnets = documents.collection('subnet');
    this.#ports = documents.collection('port');
  }

  create(owner: Owner, wish: Wish<Network>): Network {
    this.#segment = (this.#segment % 4000) + 1;
    const defaults: Network = {
      ...owned(owner),
      admin_state_up: true,
      status: 'ACTIVE',
      shared: false,
      'router:external': false,
      subnets: [],
      mtu: 1450,
      port_security_enabled: true,
      availability_zone_hints: [],
      availability_zones: ['nova'],
      'provider:network_type': 'vxlan',
      'provider:physical_network': null,
      'provider:segmentation_id': this.#segment,
      is_default: false,
    };
    return this.networks.put(filled(defaults, wish));
  }

  network(idOrName: string): Network {
    const found = this.networks.get(idOrName) ?? this.networks.where('name', idOrName)[0];
    if (!found) throw unknownNetwork(idOrName);
    return found;
  }

  update(id: string, change: Wish<Network>): Network {
    return this.networks.put(changed(this.network(id), change));
  }

  delete(id: string): void {
    const network = this.network(id);
    const used = this.#ports
      .where('network_id', network.id)
      .filter((port) => !OWN_PORTS.includes(port.device_owner) || network['router:external']);
    if (used.length > 0)
      throw conflict(
        'NetworkInUse',
        `Unable to complete operation on network ${network.id}. There are one or more ports still in use on the network, id for these ports is ${used.map((port) => port.id).join(',')}.`,
      );
    for (const subnetId of network.subnets) this.subnets.delete(subnetId);
    this.networks.delete(network.id);
  }

  createSubnet(owner: Owner, wish: Wish<Subnet, 'network_id' | 'cidr'>): Subnet {
    const network = this.network(wish.network_id);
    this.#checkCidr(network, wish.cidr);
    const v4 = parseCidr(wish.cidr) !== undefined;
    const gateway = wish.gateway_ip === undefined && v4 ? firstHost(wish.cidr) : wish.gateway_ip;
    const defaults: Subnet = {
      ...owned(owner),
      network_id: network.id,
      cidr: wish.cidr,
      ip_version: v4 ? 4 : 6,
      gateway_ip: gateway ?? null,
      enable_dhcp: true,
      dns_nameservers: [],
      allocation_pools: poolsOf(wish.cidr, gateway ?? null),
      host_routes: [],
      subnetpool_id: null,
      ipv6_ra_mode: null,
      ipv6_address_mode: null,
    };
    const subnet = this.subnets.put(filled(defaults, { ...wish, network_id: network.id }));
    this.networks.patch(network, { subnets: [...network.subnets, subnet.id] });
    return subnet;
  }

  subnet(idOrName: string): Subnet {
    const found = this.subnets.get(idOrName) ?? this.subnets.where('name', idOrName)[0];
    if (!found) throw unknownSubnet(idOrName);
    return found;
  }

  updateSubnet(id: string, change: Wish<Subnet>): Subnet {
    return this.subnets.put(changed(this.subnet(id), change));
  }

  deleteSubnet(id: string): void {
    const subnet = this.subnet(id);
    const used = this.#ports
      .where('network_id', subnet.network_id)
      .some((port) => port.fixed_ips.some((ip) => ip.subnet_id === subnet.id));
    if (used)
      throw conflict(
        'SubnetInUse',
        `Unable to complete operation on subnet ${subnet.id}: One or more ports have an IP allocation from this subnet.`,
      );
    const network = this.network(subnet.network_id);
    const subnets = network.subnets.filter((other) => other !== subnet.id);
    this.networks.patch(network, { subnets });
    this.subnets.delete(subnet.id);
  }

  /** The subnet of the network in which the address lies. */
  subnetOfAddress(network: Network, address: string): Subnet {
    const found = network.subnets
      .flatMap((id) => this.subnets.get(id) ?? [])
      .find((subnet) => contains(subnet.cidr, address));
    if (!found)
      throw badRequest(
        `Invalid input for operation: IP address ${address} is not a valid IP for any of the subnets on the specified network.`,
        'InvalidInput',
      );
    return found;
  }

  #checkCidr(network: Network, cidr: string): void {
    if (!parseCidr(cidr) && !cidr.includes(':'))
      throw badRequest(`Invalid input for cidr. Reason: '${cidr}' is not a valid IP subnet.`);
    const clash = network.subnets
      .flatMap((id) => this.subnets.get(id) ?? [])
      .find((other) => overlap(other.cidr, cidr));
    if (clash)
      throw badRequest(
        `Invalid input for operation: Requested subnet with cidr: ${cidr} for network: ${network.id} overlaps with another subnet.`,
        'InvalidInput',
      );
  }
}
