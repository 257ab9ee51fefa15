import type { Json, JsonMap } from '../json.js';
import { isMap, toText } from '../json.js';
import type { Kind, Site } from './kind.js';
import { physicalName, wentToError } from './kind.js';
import { idOf, shown } from './neutron-network.js';
import { boolean, integer, list, map, text } from './property.js';

const nameOf = (site: Site): string =>
  toText(site.properties.name) || physicalName(site.stack.name, site.resource.name);

const optional = (value: Json | undefined): string | undefined =>
  value ? toText(value) : undefined;

const common = {
  name: text({ update: true }),
  description: text({ update: true, default: '' }),
  admin_state_up: boolean({ update: true, default: true }),
};

const PROTOCOLS = ['TCP', 'HTTP', 'HTTPS', 'TERMINATED_HTTPS', 'PROXY', 'UDP'];

/** Names and switches change; nothing that depends on them is modelled. */
const update = (): undefined => undefined;

const loadBalancer: Kind = {
  properties: {
    ...common,
    provider: text(),
    vip_address: text({ is: 'ip_addr' }),
    vip_subnet: text({ required: true, is: 'neutron.subnet' }),
    tenant_id: text(),
    flavor: text(),
    availability_zone: text(),
  },
  attributes: ['vip_address', 'vip_port_id', 'vip_subnet_id', 'pools', 'flavor_id'],
  call: { service: 'octavia', path: '/lbaas/loadbalancers' },
  create: (site) => {
    const { properties } = site;
    const made = site.cloud.octavia.createLoadBalancer(site.owner, {
      name: nameOf(site),
      description: toText(properties.description),
      vip_subnet_id: site.cloud.neutron.subnet(toText(properties.vip_subnet)).id,
      vip_address: optional(properties.vip_address),
      provider: optional(properties.provider),
      flavor_id: optional(properties.flavor),
      availability_zone: optional(properties.availability_zone),
    });
    return { physicalId: made.id, readyAt: made.ready_at };
  },
  fault: (site) =>
    site.cloud.octavia.loadBalancer(idOf(site)).provisioning_status === 'ERROR'
      ? wentToError('Unknown')
      : undefined,
  update,
  delete: (site) => {
    site.cloud.octavia.deleteLoadBalancer(idOf(site));
  },
  show: (site) => ({ pools: [], ...shown(site.cloud.octavia.loadBalancer(idOf(site))) }),
};

const listener: Kind = {
  properties: {
    ...common,
    protocol_port: integer({ required: true, range: { min: 1, max: 65535 } }),
    protocol: text({ required: true, allowed: PROTOCOLS }),
    loadbalancer: text({ is: 'octavia.loadbalancer' }),
    default_pool: text({ update: true, is: 'octavia.pool' }),
    default_tls_container_ref: text({ update: true }),
    sni_container_refs: list({ update: true }),
    connection_limit: integer({ update: true, default: -1, range: { min: -1 } }),
    tenant_id: text(),
    allowed_cidrs: list({ update: true, items: text({ is: 'net_cidr' }) }),
  },
  attributes: ['loadbalancers', 'default_pool_id'],
  call: { service: 'octavia', path: '/lbaas/listeners' },
  create: (site) => {
    const { properties } = site;
    return {
      physicalId: site.cloud.octavia.createListener({
        name: nameOf(site),
        loadbalancer_id: toText(properties.loadbalancer),
        protocol: toText(properties.protocol),
        protocol_port: Number(properties.protocol_port),
        default_pool_id: optional(properties.default_pool),
        connection_limit: Number(properties.connection_limit),
        allowed_cidrs: Array.isArray(properties.allowed_cidrs)
          ? properties.allowed_cidrs.map(toText)
          : undefined,
      }).id,
    };
  },
  update,
  delete: (site) => {
    site.cloud.octavia.deleteListener(idOf(site));
  },
  show: (site) => {
    const found = site.cloud.octavia.listener(idOf(site));
    return { ...shown(found), loadbalancers: [{ id: found.loadbalancer_id }] };
  },
};

const pool: Kind = {
  properties: {
    ...common,
    session_persistence: map({
      update: true,
      fields: {
        type: text({ required: true, allowed: ['SOURCE_IP', 'HTTP_COOKIE', 'APP_COOKIE'] }),
        cookie_name: text(),
      },
    }),
    lb_algorithm: text({
      required: true,
      update: true,
      allowed: ['ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP', 'SOURCE_IP_PORT'],
    }),
    listener: text({ is: 'octavia.listener' }),
    loadbalancer: text({ is: 'octavia.loadbalancer' }),
    protocol: text({ required: true, allowed: PROTOCOLS }),
    tls_enabled: boolean({ update: true, default: false }),
  },
  attributes: ['healthmonitor_id', 'listeners', 'members'],
  call: { service: 'octavia', path: '/lbaas/pools' },
  create: (site) => {
    const { properties } = site;
    return {
      physicalId: site.cloud.octavia.createPool({
        name: nameOf(site),
        listener_id: optional(properties.listener),
        loadbalancer_id: optional(properties.loadbalancer),
        protocol: toText(properties.protocol),
        lb_algorithm: toText(properties.lb_algorithm),
        session_persistence: isMap(properties.session_persistence)
          ? properties.session_persistence
          : undefined,
      }).id,
    };
  },
  update,
  delete: (site) => {
    site.cloud.octavia.deletePool(idOf(site));
  },
  show: (site) => {
    const found = site.cloud.octavia.pool(idOf(site));
    const listeners: Json = found.listener_id === null ? [] : [{ id: found.listener_id }];
    return { healthmonitor_id: null, members: [], ...shown(found), listeners };
  },
};

/** The pool that a member hangs in, which its id alone does not tell. */
const member: Kind = {
  properties: {
    pool: text({ required: true, is: 'octavia.pool' }),
    address: text({ required: true, is: 'ip_addr' }),
    protocol_port: integer({ required: true, range: { min: 1, max: 65535 } }),
    monitor_address: text({ is: 'ip_addr' }),
    monitor_port: integer({ range: { min: 1, max: 65535 } }),
    weight: integer({ update: true, default: 1, range: { min: 0, max: 256 } }),
    admin_state_up: boolean({ update: true, default: true }),
    subnet: text({ is: 'neutron.subnet' }),
    tags: list({ update: true }),
  },
  attributes: [],
  call: { service: 'octavia', path: '/lbaas/pools/members' },
  create: (site) => {
    const { properties } = site;
    const subnet = optional(properties.subnet);
    return {
      physicalId: site.cloud.octavia.createMember(toText(properties.pool), {
        address: toText(properties.address),
        protocol_port: Number(properties.protocol_port),
        weight: Number(properties.weight),
        subnet_id: subnet && site.cloud.neutron.subnet(subnet).id,
      }).id,
    };
  },
  update,
  delete: (site) => {
    site.cloud.octavia.deleteMember(idOf(site));
  },
  show: (site): JsonMap => shown(site.cloud.octavia.member(idOf(site))),
};

const healthMonitor: Kind = {
  properties: {
    admin_state_up: boolean({ update: true, default: true }),
    delay: integer({ required: true, update: true, range: { min: 0 } }),
    expected_codes: text({ update: true }),
    http_method: text({
      update: true,
      allowed: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'CONNECT', 'PATCH'],
    }),
    max_retries: integer({ required: true, update: true, range: { min: 1, max: 10 } }),
    pool: text({ required: true, is: 'octavia.pool' }),
    timeout: integer({ required: true, update: true, range: { min: 0 } }),
    type: text({ required: true, allowed: ['PING', 'TCP', 'HTTP', 'HTTPS', 'UDP-CONNECT'] }),
    url_path: text({ update: true }),
    tenant_id: text(),
  },
  attributes: ['pools'],
  call: { service: 'octavia', path: '/lbaas/healthmonitors' },
  create: (site) => {
    const { properties } = site;
    return {
      physicalId: site.cloud.octavia.createHealthMonitor({
        pool_id: toText(properties.pool),
        type: toText(properties.type),
        delay: Number(properties.delay),
        timeout: Number(properties.timeout),
        max_retries: Number(properties.max_retries),
      }).id,
    };
  },
  update,
  delete: (site) => {
    site.cloud.octavia.deleteHealthMonitor(idOf(site));
  },
  show: (site) => {
    const found = site.cloud.octavia.healthMonitor(idOf(site));
    return { ...shown(found), pools: [{ id: found.pool_id }] };
  },
};

export const octaviaKinds: Readonly<Record<string, Kind>> = {
  'OS::Octavia::LoadBalancer': loadBalancer,
  'OS::Octavia::Listener': listener,
  'OS::Octavia::Pool': pool,
  'OS::Octavia::PoolMember': member,
  'OS::Octavia::HealthMonitor': healthMonitor,
};
