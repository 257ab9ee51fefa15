import type { Json, JsonMap } from '../json.js';
import { mapOf, toText } from '../json.js';
import type { Kind, Site } from './kind.js';
import { physicalName } from './kind.js';
import { boolean, integer, list, map, text } from './property.js';

export const nameOf = (site: Site): string =>
  toText(site.properties.name) || physicalName(site.stack.name, site.resource.name);

export const idOf = (site: Site): string => site.resource.physicalId ?? '';

/** The document as attributes: what Neutron shows of it, and all of it under `show`. */
export const shown = (document: object): JsonMap => {
  const fields = JSON.parse(JSON.stringify(document)) as JsonMap;
  return { ...fields, show: fields };
};

/** Those of the values that were given, by the service's name for them. */
export const given = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

const texts = (value: Json | undefined): string[] | undefined =>
  Array.isArray(value) ? value.map(toText) : undefined;

const flag = (value: Json | undefined): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

const networkFields = (properties: JsonMap): object =>
  given({
    name: properties.name === undefined ? undefined : toText(properties.name),
    admin_state_up: flag(properties.admin_state_up),
    shared: flag(properties.shared),
    port_security_enabled: flag(properties.port_security_enabled),
    tags: texts(properties.tags),
    ...mapOf(properties.value_specs),
  });

const network: Kind = {
  properties: {
    name: text({ update: true }),
    value_specs: map({ update: true, default: {} }),
    admin_state_up: boolean({ update: true, default: true }),
    tenant_id: text(),
    shared: boolean({ update: true, default: false }),
    dhcp_agent_ids: list({ update: true }),
    port_security_enabled: boolean({ update: true }),
    qos_policy: text({ update: true }),
    dns_domain: text({ update: true }),
    availability_zone_hints: list(),
    tags: list({ update: true, items: text() }),
  },
  attributes: [
    'status',
    'name',
    'subnets',
    'admin_state_up',
    'tenant_id',
    'port_security_enabled',
    'mtu',
    'qos_policy_id',
    'l2_adjacency',
    'segments',
  ],
  call: { service: 'neutron', path: '/networks' },
  create: (site) => ({
    physicalId: site.cloud.neutron.createNetwork(site.owner, {
      ...networkFields(site.properties),
      name: nameOf(site),
    }).id,
  }),
  update: (site, changed) => {
    site.cloud.neutron.updateNetwork(idOf(site), networkFields(changed));
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.deleteNetwork(idOf(site));
  },
  show: (site) => shown(site.cloud.neutron.network(idOf(site))),
};

const pools = (value: Json | undefined): { start: string; end: string }[] | undefined =>
  Array.isArray(value)
    ? value.map(mapOf).map((pool) => ({ start: toText(pool.start), end: toText(pool.end) }))
    : undefined;

const subnetFields = (properties: JsonMap): object =>
  given({
    name: properties.name === undefined ? undefined : toText(properties.name),
    dns_nameservers: texts(properties.dns_nameservers),
    enable_dhcp: flag(properties.enable_dhcp),
    // An empty text asks for no gateway at all.
    gateway_ip:
      properties.gateway_ip === undefined ? undefined : toText(properties.gateway_ip) || null,
    allocation_pools: pools(properties.allocation_pools),
    host_routes: Array.isArray(properties.host_routes) ? properties.host_routes : undefined,
    tags: texts(properties.tags),
  });

const IPV6_MODES = ['dhcpv6-stateful', 'dhcpv6-stateless', 'slaac'];

const subnet: Kind = {
  properties: {
    network: text({ required: true, is: 'neutron.network' }),
    network_id: text({ is: 'neutron.network', aliasOf: 'network' }),
    subnetpool: text(),
    prefixlen: integer({ range: { min: 0 } }),
    cidr: text({ is: 'net_cidr' }),
    value_specs: map({ update: true, default: {} }),
    name: text({ update: true }),
    ip_version: integer({ default: 4, allowed: [4, 6] }),
    dns_nameservers: list({ update: true, default: [] }),
    gateway_ip: text({ update: true }),
    enable_dhcp: boolean({ update: true, default: true }),
    allocation_pools: list({
      update: true,
      items: map({
        fields: {
          start: text({ required: true, is: 'ip_addr' }),
          end: text({ required: true, is: 'ip_addr' }),
        },
      }),
    }),
    tenant_id: text(),
    host_routes: list({
      update: true,
      items: map({
        fields: {
          destination: text({ required: true, is: 'net_cidr' }),
          nexthop: text({ required: true, is: 'ip_addr' }),
        },
      }),
    }),
    ipv6_ra_mode: text({ allowed: IPV6_MODES }),
    ipv6_address_mode: text({ allowed: IPV6_MODES }),
    segment: text({ update: true }),
    tags: list({ update: true, items: text() }),
  },
  attributes: [
    'name',
    'network_id',
    'tenant_id',
    'allocation_pools',
    'gateway_ip',
    'host_routes',
    'ip_version',
    'cidr',
    'dns_nameservers',
    'enable_dhcp',
  ],
  call: { service: 'neutron', path: '/subnets' },
  create: (site) => ({
    physicalId: site.cloud.neutron.createSubnet(site.owner, {
      ...subnetFields(site.properties),
      network_id: site.cloud.neutron.network(toText(site.properties.network)).id,
      cidr: toText(site.properties.cidr),
      ip_version: Number(site.properties.ip_version),
      name: nameOf(site),
    }).id,
  }),
  update: (site, changed) => {
    site.cloud.neutron.updateSubnet(idOf(site), subnetFields(changed));
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.deleteSubnet(idOf(site));
  },
  show: (site) => shown(site.cloud.neutron.subnet(idOf(site))),
};

const gatewayOf = (site: Site): { network_id: string; enable_snat?: boolean } | null => {
  const info = mapOf(site.properties.external_gateway_info);
  if (!info.network) return null;
  const snat = flag(info.enable_snat);
  return {
    network_id: site.cloud.neutron.network(toText(info.network)).id,
    ...(snat === undefined ? {} : { enable_snat: snat }),
  };
};

const router: Kind = {
  properties: {
    name: text({ update: true }),
    external_gateway_info: map({
      update: true,
      fields: {
        network: text({ required: true, is: 'neutron.network' }),
        enable_snat: boolean(),
        external_fixed_ips: list({
          items: map({ fields: { ip_address: text(), subnet: text({ is: 'neutron.subnet' }) } }),
        }),
      },
    }),
    value_specs: map({ update: true, default: {} }),
    admin_state_up: boolean({ update: true, default: true }),
    l3_agent_ids: list({ update: true, items: text() }),
    distributed: boolean(),
    ha: boolean(),
    availability_zone_hints: list({ update: true }),
    tags: list({ update: true, items: text() }),
  },
  attributes: ['status', 'external_gateway_info', 'name', 'admin_state_up', 'tenant_id'],
  call: { service: 'neutron', path: '/routers' },
  create: (site) => ({
    physicalId: site.cloud.neutron.createRouter(site.owner, {
      name: nameOf(site),
      admin_state_up: site.properties.admin_state_up !== false,
      external_gateway_info: gatewayOf(site),
    }).id,
  }),
  update: (site, changed) => {
    site.cloud.neutron.updateRouter(idOf(site), {
      ...(changed.name === undefined ? {} : { name: toText(changed.name) }),
      ...(changed.external_gateway_info === undefined
        ? {}
        : { external_gateway_info: gatewayOf(site) }),
    });
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.deleteRouter(idOf(site));
  },
  show: (site) => shown(site.cloud.neutron.router(idOf(site))),
};

const interfaceOf = (site: Site): { subnet_id?: string; port_id?: string } => {
  const { subnet: subnetName, port } = site.properties;
  return port
    ? { port_id: toText(port) }
    : { subnet_id: site.cloud.neutron.subnet(toText(subnetName)).id };
};

const routerInterface: Kind = {
  properties: {
    router: text({ required: true, is: 'neutron.router' }),
    router_id: text({ is: 'neutron.router', aliasOf: 'router' }),
    subnet: text({ is: 'neutron.subnet' }),
    subnet_id: text({ is: 'neutron.subnet', aliasOf: 'subnet' }),
    port: text({ is: 'neutron.port' }),
    port_id: text({ is: 'neutron.port', aliasOf: 'port' }),
  },
  attributes: [],
  call: { service: 'neutron', path: '/routers/add_router_interface' },
  create: (site) => {
    const router = toText(site.properties.router);
    const to = interfaceOf(site);
    site.cloud.neutron.addRouterInterface(router, to);
    const what = to.subnet_id === undefined ? 'port_id' : 'subnet_id';
    return { physicalId: `${router}:${what}=${to.subnet_id ?? to.port_id ?? ''}` };
  },
  delete: (site) => {
    const [router = '', what = ''] = idOf(site).split(':');
    const [key = '', id = ''] = what.split('=');
    site.cloud.neutron.removeRouterInterface(
      router,
      key === 'port_id' ? { port_id: id } : { subnet_id: id },
    );
  },
};

export const networkKinds: Readonly<Record<string, Kind>> = {
  'OS::Neutron::Net': network,
  'OS::Neutron::Subnet': subnet,
  'OS::Neutron::Router': router,
  'OS::Neutron::RouterInterface': routerInterface,
};
