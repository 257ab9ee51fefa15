/**
 * The in-process surface of the stand-in cloud: what one service may ask of another, and what the
 * orchestration engine (`heat/`) builds on. Every document has the shape its service shows on the
 * wire. All calls are synchronous; a wish that cannot be met throws {@link Refusal} with the status
 * and body the real service answers (404 of a thing that is gone, 409 of a thing in use …).
 *
 * Resources become ready by the clock alone: `ready_at` is when, `status` is what to show now. So
 * nothing is lost when the process dies, and who waits reads `ready_at` (or polls `status`).
 *
 * Faults asked for at `POST /sandbox/faults` hit HTTP requests. An engine that calls in process
 * asks `cloud.faults.take(service, method, path)` before each call and obeys the answer, as if the
 * call had gone over HTTP (`take('nova', 'POST', '/servers')`).
 */
import type { Barbican } from './barbican/barbican.js';
import type { Cinder } from './cinder/cinder.js';
import type { Volume, VolumeRequest } from './cinder/types.js';
import type { Documents } from './documents.js';
import type { Faults } from './control/faults.js';
import type { Glance } from './glance/glance.js';
import type { Image } from './glance/types.js';
import type { Keystone } from './keystone/keystone.js';
import type { Neutron } from './neutron/neutron.js';
import type * as n from './neutron/types.js';
import type { Nova } from './nova/nova.js';
import type { Flavor, Keypair, Server, ServerGroup, ServerRequest } from './nova/types.js';
import type { Octavia } from './octavia/octavia.js';
import type * as o from './octavia/types.js';

/** On whose behalf something is made. A {@link TokenContext} is one. */
export interface Owner {
  readonly projectId: string;
  readonly userId: string;
}

/** Who calls, from the token: set on every authenticated request as `request.caller`. */
export interface TokenContext extends Owner {
  readonly tokenId: string;
  readonly userName: string;
  readonly userDomainId: string;
  /** Empty when the token is not scoped to a project. */
  readonly projectId: string;
  readonly projectName: string;
  readonly domainId: string;
  /** Role names, implied ones included. */
  readonly roles: readonly string[];
  readonly isAdmin: boolean;
  /** Trust the token is scoped to, else empty. */
  readonly trustId: string;
  readonly methods: readonly string[];
  /** False for a token of an application credential that may not make others. */
  readonly unrestricted: boolean;
  /** ISO-8601 with microseconds. */
  readonly expiresAt: string;
}

export interface Settings {
  /** Scheme, host and port at which this process is reached, without a trailing slash. */
  baseUrl: string;
  /** Endpoint of container-infra in the catalog. */
  readonly containerInfraUrl: string;
  /** Password of every seeded user. */
  readonly password: string;
  readonly region: string;
  /** Creation times are multiplied by it; 0 makes everything ready at once. */
  readonly speed: number;
}

/** Nova. A name works wherever an id does, as in the API's clients. */
export interface Compute {
  flavor(idOrName: string): Flavor;
  keypair(userId: string, name: string): Keypair;
  /** Without a public key one is generated; its private half is returned and never kept. */
  createKeypair(
    owner: Owner,
    request: { readonly name: string; readonly public_key?: string },
  ): Keypair & { readonly private_key?: string };
  deleteKeypair(userId: string, name: string): void;
  /** Makes the ports it was not given, on the networks it was; binds the ones it was. */
  createServer(owner: Owner, request: ServerRequest): Server;
  server(id: string): Server;
  /** Addresses by network name: fixed and floating, as `GET /servers/<id>` shows them. */
  addresses(server: Server): Readonly<Record<string, readonly ServerAddress[]>>;
  updateServer(
    id: string,
    change: { readonly name?: string; readonly metadata?: Readonly<Record<string, string>> },
  ): Server;
  resizeServer(id: string, flavor: string): Server;
  /** Takes along the ports it made, frees the others and its volumes. */
  deleteServer(id: string): void;
  attachVolume(serverId: string, volumeId: string): Volume;
  detachVolume(serverId: string, volumeId: string): void;
  createServerGroup(
    owner: Owner,
    request: { readonly name: string; readonly policies: readonly string[] },
  ): ServerGroup;
  serverGroup(id: string): ServerGroup;
  deleteServerGroup(id: string): void;
}

export interface ServerAddress {
  readonly addr: string;
  readonly version: number;
  readonly 'OS-EXT-IPS:type': 'fixed' | 'floating';
  readonly 'OS-EXT-IPS-MAC:mac_addr': string;
}

/** Neutron. */
export interface Networking {
  createNetwork(owner: Owner, wish: n.Wish<n.Network>): n.Network;
  network(idOrName: string): n.Network;
  updateNetwork(id: string, change: n.Wish<n.Network>): n.Network;
  deleteNetwork(id: string): void;
  createSubnet(owner: Owner, wish: n.Wish<n.Subnet, 'network_id' | 'cidr'>): n.Subnet;
  subnet(idOrName: string): n.Subnet;
  updateSubnet(id: string, change: n.Wish<n.Subnet>): n.Subnet;
  deleteSubnet(id: string): void;
  createPort(owner: Owner, wish: n.PortWish): n.Port;
  port(id: string): n.Port;
  updatePort(id: string, change: n.Wish<n.Port>): n.Port;
  deletePort(id: string): void;
  createRouter(owner: Owner, wish: n.RouterWish): n.Router;
  router(id: string): n.Router;
  updateRouter(id: string, change: n.RouterWish): n.Router;
  deleteRouter(id: string): void;
  addRouterInterface(routerId: string, to: n.RouterInterface): n.Port;
  removeRouterInterface(routerId: string, from: n.RouterInterface): n.Port;
  createFloatingIp(owner: Owner, wish: n.Wish<n.FloatingIp, 'floating_network_id'>): n.FloatingIp;
  floatingIp(id: string): n.FloatingIp;
  /** `port_id: null` takes it off its port. */
  updateFloatingIp(id: string, change: n.Wish<n.FloatingIp>): n.FloatingIp;
  deleteFloatingIp(id: string): void;
  /** Comes with the two rules that let everything out. */
  createSecurityGroup(owner: Owner, wish: n.Wish<n.SecurityGroup>): n.SecurityGroup;
  /** By name only within the project. */
  securityGroup(idOrName: string, projectId?: string): n.SecurityGroup;
  updateSecurityGroup(id: string, change: n.Wish<n.SecurityGroup>): n.SecurityGroup;
  deleteSecurityGroup(id: string): void;
  securityGroupRules(groupId: string): readonly n.SecurityGroupRule[];
  createSecurityGroupRule(
    owner: Owner,
    wish: n.Wish<n.SecurityGroupRule, 'security_group_id' | 'direction'>,
  ): n.SecurityGroupRule;
  deleteSecurityGroupRule(id: string): void;
}

/** Cinder. */
export interface BlockStorage {
  createVolume(owner: Owner, request: VolumeRequest): Volume;
  volume(id: string): Volume;
  /** Sizes only grow. */
  extendVolume(id: string, sizeGib: number): Volume;
  /** 400 while it is attached. */
  deleteVolume(id: string): void;
}

/** Octavia. */
export interface LoadBalancing {
  createLoadBalancer(owner: Owner, request: o.LoadBalancerRequest): o.LoadBalancer;
  loadBalancer(id: string): o.LoadBalancer;
  /** Without `cascade` 409 when listeners or pools hang on it. */
  deleteLoadBalancer(id: string, cascade?: boolean): void;
  createListener(request: o.ListenerRequest): o.Listener;
  listener(id: string): o.Listener;
  deleteListener(id: string): void;
  createPool(request: o.PoolRequest): o.Pool;
  pool(id: string): o.Pool;
  deletePool(id: string): void;
  createMember(poolId: string, request: o.MemberRequest): o.Member;
  member(id: string): o.Member;
  deleteMember(id: string): void;
  createHealthMonitor(request: o.HealthMonitorRequest): o.HealthMonitor;
  healthMonitor(id: string): o.HealthMonitor;
  deleteHealthMonitor(id: string): void;
}

/** Glance. */
export interface Images {
  image(idOrName: string): Image;
}

/** Everything there is. One per process. */
export interface Cloud {
  readonly settings: Settings;
  /** Collections of documents on disk: `cloud.documents.collection<Stack>('stack')`. */
  readonly documents: Documents;
  readonly faults: Faults;
  readonly keystone: Keystone;
  readonly barbican: Barbican;
  readonly glance: Glance;
  readonly nova: Nova;
  readonly neutron: Neutron;
  readonly cinder: Cinder;
  readonly octavia: Octavia;
}

/** Ids by kind of everything a test may look for after a clean-up. */
export type Inventory = Readonly<Record<string, readonly string[]>>;
