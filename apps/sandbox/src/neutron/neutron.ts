import type { Networking, Owner } from '../cloud.js';
import type { Documents } from '../documents.js';
import { FloatingIps } from './floating-ips.js';
import { Networks } from './networks.js';
import { Ports } from './ports.js';
import { Routers } from './routers.js';
import { SecurityGroups } from './security-groups.js';
import type * as n from './types.js';

/** Neutron: a door to its parts for the other services. */
export class Neutron implements Networking {
  readonly networks: Networks;
  readonly groups: SecurityGroups;
  readonly ports: Ports;
  readonly routers: Routers;
  readonly floatingIps: FloatingIps;

  constructor(private readonly documents: Documents) {
    this.networks = new Networks(documents);
    this.groups = new SecurityGroups(documents);
    this.ports = new Ports(documents, this.networks, this.groups);
    this.routers = new Routers(documents, this.networks, this.ports);
    this.floatingIps = new FloatingIps(documents, this);
  }

  createNetwork(owner: Owner, wish: n.Wish<n.Network>): n.Network {
    return this.networks.create(owner, wish);
  }
  network(idOrName: string): n.Network {
    return this.networks.network(idOrName);
  }
  updateNetwork(id: string, change: n.Wish<n.Network>): n.Network {
    return this.networks.update(id, change);
  }
  deleteNetwork(id: string): void {
    this.#whole(() => {
      this.networks.delete(id);
    });
  }

  createSubnet(owner: Owner, wish: n.Wish<n.Subnet, 'network_id' | 'cidr'>): n.Subnet {
    return this.#whole(() => this.networks.createSubnet(owner, wish));
  }
  subnet(idOrName: string): n.Subnet {
    return this.networks.subnet(idOrName);
  }
  updateSubnet(id: string, change: n.Wish<n.Subnet>): n.Subnet {
    return this.networks.updateSubnet(id, change);
  }
  deleteSubnet(id: string): void {
    this.#whole(() => {
      this.networks.deleteSubnet(id);
    });
  }

  createPort(owner: Owner, wish: n.PortWish): n.Port {
    return this.#whole(() => this.ports.create(owner, wish));
  }
  port(id: string): n.Port {
    return this.ports.port(id);
  }
  updatePort(id: string, change: n.Wish<n.Port>): n.Port {
    return this.ports.update(id, change);
  }
  deletePort(id: string): void {
    this.#whole(() => {
      this.ports.delete(id);
      this.floatingIps.release(id);
    });
  }

  createRouter(owner: Owner, wish: n.RouterWish): n.Router {
    return this.#whole(() => this.routers.create(owner, wish));
  }
  router(id: string): n.Router {
    return this.routers.router(id);
  }
  updateRouter(id: string, change: n.RouterWish): n.Router {
    return this.#whole(() => this.routers.update(id, change));
  }
  deleteRouter(id: string): void {
    this.#whole(() => {
      this.routers.delete(id);
    });
  }
  addRouterInterface(routerId: string, to: n.RouterInterface): n.Port {
    return this.routers.addInterface(routerId, to);
  }
  removeRouterInterface(routerId: string, from: n.RouterInterface): n.Port {
    return this.routers.removeInterface(routerId, from);
  }

  createFloatingIp(owner: Owner, wish: n.Wish<n.FloatingIp, 'floating_network_id'>): n.FloatingIp {
    return this.#whole(() => this.floatingIps.create(owner, wish));
  }
  floatingIp(id: string): n.FloatingIp {
    return this.floatingIps.floatingIp(id);
  }
  updateFloatingIp(id: string, change: n.Wish<n.FloatingIp>): n.FloatingIp {
    return this.#whole(() => this.floatingIps.update(id, change));
  }
  deleteFloatingIp(id: string): void {
    this.#whole(() => {
      this.floatingIps.delete(id);
    });
  }

  createSecurityGroup(owner: Owner, wish: n.Wish<n.SecurityGroup>): n.SecurityGroup {
    return this.#whole(() => this.groups.create(owner, wish));
  }
  securityGroup(idOrName: string, projectId?: string): n.SecurityGroup {
    return this.groups.group(idOrName, projectId);
  }
  updateSecurityGroup(id: string, change: n.Wish<n.SecurityGroup>): n.SecurityGroup {
    return this.groups.update(id, change);
  }
  deleteSecurityGroup(id: string): void {
    this.#whole(() => {
      this.groups.delete(id);
    });
  }
  securityGroupRules(groupId: string): readonly n.SecurityGroupRule[] {
    return this.groups.rulesOf(groupId);
  }
  createSecurityGroupRule(
    owner: Owner,
    wish: n.Wish<n.SecurityGroupRule, 'security_group_id' | 'direction'>,
  ): n.SecurityGroupRule {
    return this.groups.createRule(owner, wish);
  }
  deleteSecurityGroupRule(id: string): void {
    this.groups.deleteRule(id);
  }

  /** All changes of one call, or none. */
  #whole<R>(work: () => R): R {
    return this.documents.transaction(work);
  }
}
