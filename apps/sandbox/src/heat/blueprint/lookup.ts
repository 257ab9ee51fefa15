import { isIP } from 'node:net';
import type { Cloud, Owner } from '../../cloud.js';
import { Refusal } from '../../refusal.js';
import { toText } from '../json.js';
import type { Lookup } from '../template/constraints.js';
import { UNKNOWN_CONSTRAINT } from '../template/constraints.js';

type Find = (cloud: Cloud, owner: Owner, value: string) => unknown;

interface Rule {
  readonly find: Find;
  readonly missing: (value: string) => string;
}

const unable =
  (what: string) =>
  (value: string): string =>
    `Unable to find ${what} with name or id '${value}'`;

const entity =
  (what: string) =>
  (value: string): string =>
    `The ${what} (${value}) could not be found.`;

const octavia = (value: string): string => `${value} not found (HTTP 404)`;

const rules: Readonly<Record<string, Rule>> = {
  'glance.image': {
    find: (cloud, _owner, value) => cloud.glance.image(value),
    missing: (value) => `No images matching {'name': '${value}'}.`,
  },
  'nova.flavor': {
    find: (cloud, _owner, value) => cloud.nova.flavor(value),
    missing: (value) => `No Flavor matching {'name': '${value}'}. (HTTP 404)`,
  },
  'nova.keypair': {
    find: (cloud, owner, value) => cloud.nova.keypair(owner.userId, value),
    missing: entity('Key'),
  },
  'nova.server': {
    find: (cloud, _owner, value) => cloud.nova.server(value),
    missing: entity('Server'),
  },
  'neutron.network': {
    find: (cloud, _owner, value) => cloud.neutron.network(value),
    missing: unable('network'),
  },
  'neutron.subnet': {
    find: (cloud, _owner, value) => cloud.neutron.subnet(value),
    missing: unable('subnet'),
  },
  'neutron.router': {
    find: (cloud, _owner, value) => cloud.neutron.router(value),
    missing: unable('router'),
  },
  'neutron.port': {
    find: (cloud, _owner, value) => cloud.neutron.port(value),
    missing: unable('port'),
  },
  'neutron.security_group': {
    find: (cloud, owner, value) => cloud.neutron.securityGroup(value, owner.projectId),
    missing: unable('security_group'),
  },
  'cinder.volume': {
    find: (cloud, _owner, value) => cloud.cinder.volume(value),
    missing: entity('Volume'),
  },
  'octavia.loadbalancer': {
    find: (cloud, _owner, value) => cloud.octavia.loadBalancer(value),
    missing: octavia,
  },
  'octavia.listener': {
    find: (cloud, _owner, value) => cloud.octavia.listener(value),
    missing: octavia,
  },
  'octavia.pool': {
    find: (cloud, _owner, value) => cloud.octavia.pool(value),
    missing: octavia,
  },
};

const isNetwork = (value: string): boolean => {
  const [address = '', bits, ...more] = value.split('/');
  const family = isIP(address);
  const size = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && /^\d+$/.test(bits ?? '') && Number(bits) <= size;
};

/** Forms that need no look into the cloud. */
const forms: Readonly<Record<string, (value: string) => string | undefined>> = {
  ip_addr: (value) => (isIP(value) ? undefined : 'Invalid IP address'),
  net_cidr: (value) =>
    isNetwork(value) ? undefined : `Invalid net cidr invalid IPNetwork ${value} `,
  ip_or_cidr: (value) => (isIP(value) || isNetwork(value) ? undefined : 'Invalid IP address'),
};

const isThere = (find: () => unknown): boolean => {
  try {
    find();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
};

/** Names that templates may use and that this cloud takes as they come. */
const LAX = new Set(['cinder.vtype', 'keystone.project', 'keystone.user', 'timezone', 'mac_addr']);

/** Custom constraints of parameters and properties, looked up in the cloud. */
export const cloudLookup =
  (cloud: Cloud, owner: Owner): Lookup =>
  (constraint, given) => {
    const value = toText(given);
    const form = forms[constraint];
    if (form) return form(value);
    const rule = rules[constraint];
    if (!rule) {
      return LAX.has(constraint) ? undefined : UNKNOWN_CONSTRAINT;
    }
    return isThere(() => rule.find(cloud, owner, value)) ? undefined : rule.missing(value);
  };

/** Takes everything: for values that were checked before. */
export const noLookup: Lookup = () => undefined;
