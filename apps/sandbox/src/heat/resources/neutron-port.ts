import type { Json, JsonMap } from '../json.js';
import { mapOf, toText } from '../json.js';
import type { ResourceDefinition } from '../template/template.js';
import type { Kind, Site } from './kind.js';
import { given, idOf, nameOf, shown } from './neutron-network.js';
import { boolean, list, map, text } from './property.js';
import { networkSubnets } from './subnets.js';

const fixedIps = (site: Site): { subnet_id?: string; ip_address?: string }[] | undefined => {
  const wanted = site.properties.fixed_ips;
  if (!Array.isArray(wanted)) return undefined;
  return wanted.map(mapOf).map((entry) => ({
    ...(entry.subnet ? { subnet_id: site.cloud.neutron.subnet(toText(entry.subnet)).id } : {}),
    ...(entry.ip_address ? { ip_address: toText(entry.ip_address) } : {}),
  }));
};

const groups = (site: Site): string[] | undefined => {
  const wanted = site.properties.security_groups;
  return Array.isArray(wanted)
    ? wanted.map((one) => site.cloud.neutron.securityGroup(toText(one), site.owner.projectId).id)
    : undefined;
};

const flag = (value: Json | undefined): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

const portFields = (site: Site, properties: JsonMap): object =>
  given({
    name: properties.name === undefined ? undefined : toText(properties.name),
    admin_state_up: flag(properties.admin_state_up),
    port_security_enabled: flag(properties.port_security_enabled),
    mac_address: properties.mac_address ? toText(properties.mac_address) : undefined,
    security_groups: properties.security_groups === undefined ? undefined : groups(site),
    allowed_address_pairs: Array.isArray(properties.allowed_address_pairs)
      ? properties.allowed_address_pairs
      : undefined,
    ...mapOf(properties.value_specs),
  });

const ADDRESS_PAIR = map({
  fields: { mac_address: text(), ip_address: text({ required: true, is: 'ip_or_cidr' }) },
});

const port: Kind = {
  properties: {
    name: text({ update: true }),
    network: text({ required: true, is: 'neutron.network' }),
    network_id: text({ is: 'neutron.network', aliasOf: 'network' }),
    device_id: text({ update: true, default: '' }),
    device_owner: text({ update: true, default: '' }),
    fixed_ips: list({
      update: true,
      items: map({
        fields: {
          subnet_id: text({ is: 'neutron.subnet', aliasOf: 'subnet' }),
          subnet: text({ is: 'neutron.subnet' }),
          ip_address: text({ is: 'ip_addr' }),
        },
      }),
    }),
    security_groups: list({ update: true }),
    dns_name: text({ update: true }),
    tags: list({ update: true, items: text() }),
    value_specs: map({ update: true, default: {} }),
    admin_state_up: boolean({ update: true, default: true }),
    mac_address: text(),
    allowed_address_pairs: list({ update: true, items: ADDRESS_PAIR }),
    'binding:vnic_type': text({ update: true, default: 'normal' }),
    port_security_enabled: boolean({ update: true }),
    qos_policy: text({ update: true }),
    propagate_uplink_status: boolean({ update: true }),
    no_fixed_ips: boolean({ update: true, default: false }),
    replacement_policy: text({ update: true, allowed: ['REPLACE_ALWAYS', 'AUTO'] }),
  },
  attributes: [
    'admin_state_up',
    'device_id',
    'device_owner',
    'fixed_ips',
    'mac_address',
    'name',
    'network_id',
    'security_groups',
    'status',
    'tenant_id',
    'allowed_address_pairs',
    'subnets',
    'port_security_enabled',
    'qos_policy_id',
    'dns_assignment',
    'network',
    'propagate_uplink_status',
  ],
  call: { service: 'neutron', path: '/ports' },
  create: (site) => {
    const fixed_ips = site.properties.no_fixed_ips === true ? [] : fixedIps(site);
    return {
      physicalId: site.cloud.neutron.createPort(site.owner, {
        ...portFields(site, site.properties),
        network_id: site.cloud.neutron.network(toText(site.properties.network)).id,
        name: nameOf(site),
        ...(fixed_ips === undefined ? {} : { fixed_ips }),
      }).id,
    };
  },
  update: (site, changed) => {
    site.cloud.neutron.updatePort(idOf(site), portFields(site, changed));
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.deletePort(idOf(site));
  },
  show: (site) => {
    const found = site.cloud.neutron.port(idOf(site));
    const subnets = found.fixed_ips.map(({ subnet_id }) => site.cloud.neutron.subnet(subnet_id));
    return {
      ...shown(found),
      subnets: subnets.map((subnet) => shown(subnet).show ?? null),
      network: shown(site.cloud.neutron.network(found.network_id)).show ?? null,
      dns_assignment: [],
      qos_policy_id: null,
    };
  },
  needs: networkSubnets((properties) => [properties.network ?? properties.network_id ?? null]),
};

/** A floating IP needs the router between its port and the outside. */
const routes = (
  _definition: ResourceDefinition,
  others: readonly ResourceDefinition[],
): readonly ResourceDefinition[] =>
  others.filter((other) => other.type === 'OS::Neutron::RouterInterface');

const portId = (site: Site): { port_id?: string } =>
  site.properties.port_id ? { port_id: toText(site.properties.port_id) } : {};

const floatingIp: Kind = {
  properties: {
    floating_network: text({ required: true, is: 'neutron.network' }),
    floating_network_id: text({ is: 'neutron.network', aliasOf: 'floating_network' }),
    floating_subnet: text({ is: 'neutron.subnet' }),
    value_specs: map({ default: {} }),
    port_id: text({ update: true, is: 'neutron.port' }),
    fixed_ip_address: text({ update: true, is: 'ip_addr' }),
    floating_ip_address: text({ is: 'ip_addr' }),
    dns_name: text({ update: true }),
    dns_domain: text({ update: true }),
  },
  attributes: [
    'router_id',
    'tenant_id',
    'floating_network_id',
    'fixed_ip_address',
    'floating_ip_address',
    'port_id',
  ],
  call: { service: 'neutron', path: '/floatingips' },
  create: (site) => ({
    physicalId: site.cloud.neutron.createFloatingIp(site.owner, {
      floating_network_id: site.cloud.neutron.network(toText(site.properties.floating_network)).id,
      ...portId(site),
      ...mapOf(site.properties.value_specs),
    }).id,
  }),
  update: (site) => {
    site.cloud.neutron.updateFloatingIp(idOf(site), { port_id: portId(site).port_id ?? null });
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.deleteFloatingIp(idOf(site));
  },
  show: (site) => shown(site.cloud.neutron.floatingIp(idOf(site))),
  needs: routes,
};

const associate = (site: Site): void => {
  site.cloud.neutron.updateFloatingIp(toText(site.properties.floatingip_id), {
    port_id: toText(site.properties.port_id),
  });
};

const floatingIpAssociation: Kind = {
  properties: {
    floatingip_id: text({ required: true, update: true }),
    port_id: text({ required: true, update: true, is: 'neutron.port' }),
    fixed_ip_address: text({ update: true, is: 'ip_addr' }),
  },
  attributes: [],
  call: { service: 'neutron', path: '/floatingips' },
  create: (site) => {
    associate(site);
    return { physicalId: toText(site.properties.floatingip_id) };
  },
  update: (site) => {
    associate(site);
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.updateFloatingIp(idOf(site), { port_id: null });
  },
  needs: routes,
};

export const portKinds: Readonly<Record<string, Kind>> = {
  'OS::Neutron::Port': port,
  'OS::Neutron::FloatingIP': floatingIp,
  'OS::Neutron::FloatingIPAssociation': floatingIpAssociation,
};
