import type { Cloud } from '../../cloud.js';
import type { Server } from '../../nova/types.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, listOf, mapOf, mapValues, toText } from '../json.js';
import type { Kind, Site } from './kind.js';
import { physicalName, wentToError } from './kind.js';
import { boolean, decimal, integer, list, map, text } from './property.js';
import { networkSubnets } from './subnets.js';

const network = map({
  fields: {
    uuid: text({ is: 'neutron.network', aliasOf: 'network' }),
    network: text({ is: 'neutron.network' }),
    allocate_network: text({ allowed: ['none', 'auto'] }),
    fixed_ip: text({ is: 'ip_addr' }),
    port: text({ is: 'neutron.port' }),
    port_extra_properties: map(),
    subnet: text(),
    floating_ip: text(),
    tag: text(),
  },
});

const blockDevice = map({
  fields: {
    device_name: text(),
    volume_id: text({ is: 'cinder.volume' }),
    image_id: text({ is: 'glance.image' }),
    image: text({ is: 'glance.image' }),
    snapshot_id: text(),
    swap_size: integer(),
    ephemeral_size: integer({ range: { min: 1 } }),
    ephemeral_format: text({ allowed: ['ext2', 'ext3', 'ext4', 'xfs', 'ntfs'] }),
    device_type: text({ allowed: ['cdrom', 'disk'] }),
    disk_bus: text({ allowed: ['ide', 'lame_bus', 'scsi', 'usb', 'virtio'] }),
    boot_index: integer(),
    volume_size: integer(),
    delete_on_termination: boolean(),
  },
});

const networkOf = (
  cloud: Cloud,
  given: JsonMap,
): { uuid?: string; port?: string; fixed_ip?: string } => ({
  ...(given.port ? { port: toText(given.port) } : {}),
  ...(given.network ? { uuid: cloud.neutron.network(toText(given.network)).id } : {}),
  ...(given.fixed_ip ? { fixed_ip: toText(given.fixed_ip) } : {}),
});

const networksOf = (site: Site): 'auto' | 'none' | ReturnType<typeof networkOf>[] | undefined => {
  const given = listOf(site.properties.networks).map(mapOf);
  const allocate = given.find((entry) => entry.allocate_network)?.allocate_network;
  if (allocate === 'auto' || allocate === 'none') return allocate;
  return given.length === 0 ? undefined : given.map((entry) => networkOf(site.cloud, entry));
};

const serverName = (site: Site): string =>
  toText(site.properties.name) || physicalName(site.stack.name, site.resource.name, 63);

const optional = (key: string, value: Json | undefined): Record<string, string> =>
  value ? { [key]: toText(value) } : {};

const createServer = (site: Site): Server => {
  const { cloud, owner, properties } = site;
  const networks = networksOf(site);
  const metadata = mapValues(mapOf(properties.metadata), toText);
  const devices = listOf(properties.block_device_mapping_v2).map(mapOf);
  return cloud.nova.createServer(owner, {
    name: serverName(site),
    flavorRef: toText(properties.flavor),
    ...optional('imageRef', properties.image),
    ...optional('key_name', properties.key_name),
    ...optional('availability_zone', properties.availability_zone),
    ...optional('server_group_id', mapOf(properties.scheduler_hints).group),
    ...(networks === undefined ? {} : { networks }),
    ...(devices.length > 0 ? { block_device_mapping_v2: devices } : {}),
    metadata,
    user_data: Buffer.from(toText(properties.user_data)).toString('base64'),
    config_drive: properties.config_drive === true,
    security_groups: listOf(properties.security_groups).map((name) => ({ name: toText(name) })),
  });
};

/** Addresses by network name and, once more, by network id: templates use either. */
const addressesOf = (site: Site, server: Server): { addresses: JsonMap; networks: JsonMap } => {
  const addresses: JsonMap = {};
  const networks: JsonMap = {};
  for (const [name, found] of Object.entries(site.cloud.nova.addresses(server))) {
    const entries = found.map((address): JsonMap => ({ ...address }));
    const ips = found.map((address): Json => address.addr);
    addresses[name] = entries;
    networks[name] = ips;
  }
  for (const portId of server.port_ids) {
    const { network_id: id } = site.cloud.neutron.port(portId);
    const { name } = site.cloud.neutron.network(id);
    addresses[id] ??= addresses[name] ?? [];
    networks[id] ??= networks[name] ?? [];
  }
  return { addresses, networks };
};

const showServer = (site: Site): JsonMap => {
  const server = site.cloud.nova.server(site.resource.physicalId ?? '');
  const { addresses, networks } = addressesOf(site, server);
  return {
    name: server.name,
    addresses,
    networks,
    first_address: listOf(Object.values(networks)[0])[0] ?? '',
    instance_name: `instance-${server.id.slice(0, 8)}`,
    accessIPv4: '',
    accessIPv6: '',
    console_urls: {},
    tags: [],
    os_collect_config: {},
    show: {
      id: server.id,
      name: server.name,
      status: server.status,
      key_name: server.key_name,
      metadata: { ...server.metadata },
      addresses,
    },
  };
};

/** Properties that a template may say are to make a new server when they change. */
const replacingPolicies: Readonly<Record<string, string>> = {
  flavor: 'flavor_update_policy',
  image: 'image_update_policy',
  user_data: 'user_data_update_policy',
};

const updateServer = (site: Site, changed: JsonMap): number | undefined => {
  const id = site.resource.physicalId ?? '';
  const { nova } = site.cloud;
  if (changed.name !== undefined || changed.metadata !== undefined) {
    nova.updateServer(id, {
      ...(changed.name ? { name: toText(changed.name) } : {}),
      ...(isMap(changed.metadata) ? { metadata: mapValues(changed.metadata, toText) } : {}),
    });
  }
  return changed.flavor === undefined
    ? undefined
    : nova.resizeServer(id, toText(changed.flavor)).ready_at;
};

const server: Kind = {
  properties: {
    name: text({ update: true }),
    image: text({ update: true, is: 'glance.image' }),
    block_device_mapping: list(),
    block_device_mapping_v2: list({ items: blockDevice }),
    flavor: text({ required: true, update: true, is: 'nova.flavor' }),
    flavor_update_policy: text({ update: true, default: 'RESIZE', allowed: ['RESIZE', 'REPLACE'] }),
    image_update_policy: text({
      update: true,
      default: 'REBUILD',
      allowed: ['REBUILD', 'REPLACE', 'REBUILD_PRESERVE_EPHEMERAL'],
    }),
    key_name: text({ is: 'nova.keypair' }),
    availability_zone: text(),
    security_groups: list({ default: [] }),
    networks: list({ update: true, items: network }),
    scheduler_hints: map(),
    metadata: map({ update: true, default: {} }),
    user_data_format: text({
      default: 'HEAT_CFNTOOLS',
      allowed: ['HEAT_CFNTOOLS', 'RAW', 'SOFTWARE_CONFIG'],
    }),
    software_config_transport: text({
      update: true,
      default: 'POLL_SERVER_CFN',
      allowed: ['POLL_SERVER_CFN', 'POLL_SERVER_HEAT', 'POLL_TEMP_URL', 'ZAQAR_MESSAGE'],
    }),
    user_data_update_policy: text({
      update: true,
      default: 'REPLACE',
      allowed: ['REPLACE', 'IGNORE', 'REBUILD'],
    }),
    user_data: text({ update: true, default: '' }),
    reservation_id: text(),
    config_drive: boolean(),
    diskConfig: text({ allowed: ['AUTO', 'MANUAL'] }),
    personality: map({ default: {} }),
    admin_pass: text({ update: true }),
    tags: list({ update: true, items: text() }),
    deployment_swift_data: map({ update: true, default: {} }),
  },
  attributes: [
    'name',
    'addresses',
    'networks',
    'first_address',
    'instance_name',
    'accessIPv4',
    'accessIPv6',
    'console_urls',
    'tags',
    'os_collect_config',
  ],
  call: { service: 'nova', path: '/servers' },
  create: (site) => {
    const made = createServer(site);
    return { physicalId: made.id, readyAt: made.ready_at };
  },
  fault: (site) => {
    const found = site.cloud.nova.server(site.resource.physicalId ?? '');
    return found.status === 'ERROR'
      ? wentToError(`Message: ${found.fault ?? 'Unknown'}, Code: 500`)
      : undefined;
  },
  replaces: (site, changed) =>
    Object.keys(changed).some((key) => site.properties[replacingPolicies[key] ?? ''] === 'REPLACE'),
  update: updateServer,
  delete: (site) => {
    site.cloud.nova.deleteServer(site.resource.physicalId ?? '');
  },
  show: showServer,
  needs: networkSubnets((properties) =>
    listOf(properties.networks).map((entry) => mapOf(entry).network ?? null),
  ),
};

const serverGroup: Kind = {
  properties: {
    name: text(),
    policies: list({
      default: ['anti-affinity'],
      allowed: ['anti-affinity', 'affinity', 'soft-anti-affinity', 'soft-affinity'],
      items: text(),
    }),
    rules: map({ fields: { max_server_per_host: decimal() } }),
  },
  attributes: [],
  call: { service: 'nova', path: '/os-server-groups' },
  create: (site) => {
    const made = site.cloud.nova.createServerGroup(site.owner, {
      name: serverName(site),
      policies: listOf(site.properties.policies).map(toText),
    });
    return { physicalId: made.id };
  },
  delete: (site) => {
    site.cloud.nova.deleteServerGroup(site.resource.physicalId ?? '');
  },
};

const keyPair: Kind = {
  properties: {
    name: text({ required: true, length: { min: 1, max: 255 } }),
    save_private_key: boolean({ default: false }),
    public_key: text(),
    type: text({ allowed: ['ssh', 'x509'] }),
    user: text(),
  },
  attributes: ['public_key', 'private_key'],
  call: { service: 'nova', path: '/os-keypairs' },
  create: (site) => {
    const name = toText(site.properties.name);
    const made = site.cloud.nova.createKeypair(site.owner, {
      name,
      ...optional('public_key', site.properties.public_key),
    });
    const kept = site.properties.save_private_key === true ? (made.private_key ?? '') : '';
    return { physicalId: name, data: { publicKey: made.public_key, privateKey: kept } };
  },
  delete: (site) => {
    site.cloud.nova.deleteKeypair(site.owner.userId, site.resource.physicalId ?? '');
  },
  show: (site) => ({
    public_key: site.resource.data.publicKey ?? '',
    private_key: site.resource.data.privateKey ?? '',
  }),
};

export const novaKinds: Readonly<Record<string, Kind>> = {
  'OS::Nova::Server': server,
  'OS::Nova::ServerGroup': serverGroup,
  'OS::Nova::KeyPair': keyPair,
};
