import type { Session } from '../http/session.js';

export interface Network {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** `router:external`. */
  readonly external: boolean;
  readonly shared: boolean;
  readonly projectId: string;
  readonly subnetIds: readonly string[];
}

export interface Subnet {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly cidr: string;
  readonly ipVersion: 4 | 6;
  readonly gatewayIp: string | null;
  readonly projectId: string;
}

export interface FloatingIp {
  readonly id: string;
  readonly address: string;
  readonly fixedAddress: string | null;
  readonly portId: string | null;
  readonly networkId: string;
  readonly status: string;
  readonly description: string;
  readonly projectId: string;
}

export interface Port {
  readonly id: string;
  readonly name: string;
  readonly networkId: string;
  readonly deviceId: string;
  readonly deviceOwner: string;
  readonly addresses: readonly string[];
  readonly status: string;
}

/** Which networks to look among; all when neither is given. */
export interface NetworkFilter {
  /** Only external (`true`) or only internal ones (`false`). */
  readonly external?: boolean;
}

/** Filters all hold together. */
export interface FloatingIpFilter {
  readonly portId?: string;
  readonly address?: string;
  readonly fixedAddress?: string;
}

/** Filters all hold together. */
export interface PortFilter {
  readonly deviceId?: string;
  readonly networkId?: string;
}

/** Networks, in what the session may see. Errors of every call: CloudUnavailable, CloudRefused, BadRequest. */
export abstract class Neutron {
  /** By id, else by name. NotFound (also when it is there but not of the asked kind); Ambiguous. */
  abstract findNetwork(as: Session, nameOrId: string, filter?: NetworkFilter): Promise<Network>;
  /** By id, else by name. NotFound; Ambiguous. */
  abstract findSubnet(as: Session, nameOrId: string): Promise<Subnet>;
  abstract listFloatingIps(as: Session, filter?: FloatingIpFilter): Promise<readonly FloatingIp[]>;
  /** Gone already: resolves. */
  abstract deleteFloatingIp(as: Session, id: string): Promise<void>;
  abstract listPorts(as: Session, filter?: PortFilter): Promise<readonly Port[]>;
}
