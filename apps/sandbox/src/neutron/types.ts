import type { Document } from '../documents.js';

interface Owned extends Document {
  readonly name: string;
  readonly project_id: string;
  readonly tenant_id: string;
  readonly description: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly revision_number: number;
  readonly tags: readonly string[];
}

export interface Network extends Owned {
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly shared: boolean;
  readonly 'router:external': boolean;
  readonly subnets: readonly string[];
  readonly mtu: number;
  readonly port_security_enabled: boolean;
  readonly availability_zone_hints: readonly string[];
  readonly availability_zones: readonly string[];
  readonly 'provider:network_type': string;
  readonly 'provider:physical_network': string | null;
  readonly 'provider:segmentation_id': number | null;
  readonly is_default: boolean;
}

export interface AddressPool {
  readonly start: string;
  readonly end: string;
}

export interface Subnet extends Owned {
  readonly network_id: string;
  readonly cidr: string;
  readonly ip_version: number;
  readonly gateway_ip: string | null;
  readonly enable_dhcp: boolean;
  readonly dns_nameservers: readonly string[];
  readonly allocation_pools: readonly AddressPool[];
  readonly host_routes: readonly unknown[];
  readonly subnetpool_id: string | null;
  readonly ipv6_ra_mode: string | null;
  readonly ipv6_address_mode: string | null;
}

export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

export interface Port extends Owned {
  readonly network_id: string;
  readonly mac_address: string;
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly device_id: string;
  readonly device_owner: string;
  readonly fixed_ips: readonly FixedIp[];
  readonly security_groups: readonly string[];
  readonly allowed_address_pairs: readonly unknown[];
  readonly port_security_enabled: boolean;
  readonly 'binding:vnic_type': string;
}

export interface ExternalGateway {
  readonly network_id: string;
  readonly enable_snat: boolean;
  readonly external_fixed_ips: readonly FixedIp[];
}

export interface Router extends Owned {
  readonly admin_state_up: boolean;
  readonly status: string;
  readonly external_gateway_info: ExternalGateway | null;
  readonly routes: readonly unknown[];
  readonly ha: boolean;
  readonly distributed: boolean;
}

export interface FloatingIp extends Owned {
  readonly floating_network_id: string;
  readonly floating_ip_address: string;
  readonly fixed_ip_address: string | null;
  readonly port_id: string | null;
  readonly router_id: string | null;
  readonly status: string;
}

export interface SecurityGroup extends Owned {
  readonly stateful: boolean;
}

export interface SecurityGroupRule extends Owned {
  readonly security_group_id: string;
  readonly direction: string;
  readonly ethertype: string;
  readonly protocol: string | null;
  readonly port_range_min: number | null;
  readonly port_range_max: number | null;
  readonly remote_ip_prefix: string | null;
  readonly remote_group_id: string | null;
}

/** What may be given for a document of this type; the service fills in the rest. */
export type Wish<T extends Document, Required extends keyof T = never> = {
  readonly [K in keyof T as K extends Required ? K : never]: T[K];
} & {
  readonly [K in keyof T as K extends Required ? never : K]?: T[K] | undefined;
};

/** A port's addresses may be asked for by subnet, by address, or not at all. */
export type PortWish = Omit<Wish<Port, 'network_id'>, 'fixed_ips'> & {
  readonly fixed_ips?: readonly Partial<FixedIp>[] | undefined;
};

export type RouterWish = Omit<Wish<Router>, 'external_gateway_info'> & {
  readonly external_gateway_info?:
    { readonly network_id: string; readonly enable_snat?: boolean } | null | undefined;
};

/** The port through which a router reaches a subnet: by one or the other. */
export interface RouterInterface {
  readonly subnet_id?: string;
  readonly port_id?: string;
}
