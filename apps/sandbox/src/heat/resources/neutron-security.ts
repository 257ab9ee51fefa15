import type { Json, JsonMap } from '../json.js';
import { listOf, mapOf, toText } from '../json.js';
import type { Kind, Site } from './kind.js';
import { idOf, nameOf, shown } from './neutron-network.js';
import { integer, list, map, text } from './property.js';

const nullable = (value: Json | undefined): string | null => (value ? toText(value) : null);

const portNumber = (value: Json | undefined): number | null =>
  typeof value === 'number' ? value : null;

const addRule = (site: Site, groupId: string, rule: JsonMap): string => {
  const { neutron } = site.cloud;
  const remote = rule.remote_group ?? rule.remote_group_id;
  const toGroup = rule.remote_mode === 'remote_group_id' && !remote ? groupId : nullable(remote);
  return neutron.createSecurityGroupRule(site.owner, {
    security_group_id: groupId,
    direction: toText(rule.direction ?? 'ingress'),
    ethertype: toText(rule.ethertype ?? 'IPv4'),
    protocol: nullable(rule.protocol),
    port_range_min: portNumber(rule.port_range_min),
    port_range_max: portNumber(rule.port_range_max),
    remote_ip_prefix: nullable(rule.remote_ip_prefix),
    remote_group_id: toGroup && neutron.securityGroup(toGroup, site.owner.projectId).id,
  }).id;
};

const RULE = {
  direction: text({ default: 'ingress', allowed: ['ingress', 'egress'] }),
  ethertype: text({ default: 'IPv4', allowed: ['IPv4', 'IPv6'] }),
  port_range_min: integer({ range: { min: 0, max: 65535 } }),
  port_range_max: integer({ range: { min: 0, max: 65535 } }),
  remote_ip_prefix: text({ is: 'net_cidr' }),
};

const replaceRules = (site: Site): void => {
  const id = idOf(site);
  const { neutron } = site.cloud;
  for (const rule of neutron.securityGroupRules(id)) {
    if (rule.direction === 'ingress') neutron.deleteSecurityGroupRule(rule.id);
  }
  for (const rule of listOf(site.properties.rules)) addRule(site, id, mapOf(rule));
};

const securityGroup: Kind = {
  properties: {
    name: text({ update: true }),
    description: text({ update: true }),
    rules: list({
      update: true,
      default: [],
      items: map({
        fields: {
          ...RULE,
          protocol: text(),
          remote_mode: text({
            default: 'remote_ip_prefix',
            allowed: ['remote_ip_prefix', 'remote_group_id'],
          }),
          remote_group_id: text({ is: 'neutron.security_group' }),
        },
      }),
    }),
  },
  attributes: [],
  call: { service: 'neutron', path: '/security-groups' },
  create: (site) => {
    const made = site.cloud.neutron.createSecurityGroup(site.owner, {
      name: nameOf(site),
      description: toText(site.properties.description),
    });
    for (const rule of listOf(site.properties.rules)) addRule(site, made.id, mapOf(rule));
    return { physicalId: made.id };
  },
  update: (site, changed) => {
    const fields = { name: changed.name, description: changed.description };
    const wanted = Object.entries(fields).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, toText(value)]],
    );
    if (wanted.length > 0) {
      site.cloud.neutron.updateSecurityGroup(idOf(site), Object.fromEntries(wanted) as object);
    }
    if (changed.rules !== undefined) replaceRules(site);
    return undefined;
  },
  delete: (site) => {
    site.cloud.neutron.deleteSecurityGroup(idOf(site));
  },
  show: (site) => shown(site.cloud.neutron.securityGroup(idOf(site))),
};

const securityGroupRule: Kind = {
  properties: {
    ...RULE,
    security_group: text({ required: true, is: 'neutron.security_group' }),
    description: text(),
    protocol: text({ default: 'tcp' }),
    remote_group: text({ is: 'neutron.security_group' }),
  },
  attributes: [],
  call: { service: 'neutron', path: '/security-group-rules' },
  create: (site) => {
    const name = toText(site.properties.security_group);
    const { id } = site.cloud.neutron.securityGroup(name, site.owner.projectId);
    return { physicalId: addRule(site, id, site.properties) };
  },
  delete: (site) => {
    site.cloud.neutron.deleteSecurityGroupRule(idOf(site));
  },
};

export const securityKinds: Readonly<Record<string, Kind>> = {
  'OS::Neutron::SecurityGroup': securityGroup,
  'OS::Neutron::SecurityGroupRule': securityGroupRule,
};
