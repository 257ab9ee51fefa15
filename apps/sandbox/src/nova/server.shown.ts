import type { Cloud } from '../cloud.js';
import type { Flavor, Server } from './types.js';

interface Brief {
  readonly id: string;
  readonly name: string;
  readonly links: readonly object[];
}

export const serverBrief = ({ settings }: Cloud, row: Server): Brief => ({
  id: row.id,
  name: row.name,
  links: [
    { rel: 'self', href: `${settings.baseUrl}/compute/v2.1/servers/${row.id}` },
    { rel: 'bookmark', href: `${settings.baseUrl}/compute/servers/${row.id}` },
  ],
});

/** The server in full; since 2.47 its flavor stands in it instead of a link to it. */
export const serverShown = (cloud: Cloud, row: Server, minor: number): object => {
  return {
    ...serverBrief(cloud, row),
    ...progressOf(cloud, row),
    status: row.status,
    tenant_id: row.project_id,
    user_id: row.user_id,
    metadata: row.metadata,
    hostId: '',
    image: row.image_id === '' ? '' : { id: row.image_id, links: [] },
    flavor: flavorShown(cloud, row, minor),
    created: row.created_at,
    updated: row.updated_at,
    accessIPv4: '',
    accessIPv6: '',
    'OS-DCF:diskConfig': 'MANUAL',
    progress: 0,
    'OS-EXT-AZ:availability_zone': row.availability_zone,
    config_drive: row.config_drive ? 'True' : '',
    key_name: row.key_name,
    'OS-SRV-USG:terminated_at': null,
    security_groups: row.security_groups.map((id) => ({ name: groupName(cloud, id) })),
    'os-extended-volumes:volumes_attached': row.volume_ids.map((id) => ({ id })),
    ...(row.fault === null
      ? {}
      : { fault: { code: 500, message: row.fault, created: row.updated_at } }),
  };
};

/** What differs while the server is built. */
const progressOf = ({ nova }: Cloud, row: Server): object =>
  row.status === 'BUILD'
    ? {
        addresses: {},
        'OS-SRV-USG:launched_at': null,
        'OS-EXT-STS:task_state': 'spawning',
        'OS-EXT-STS:vm_state': 'building',
        'OS-EXT-STS:power_state': 0,
      }
    : {
        addresses: nova.addresses(row),
        'OS-SRV-USG:launched_at': new Date(row.ready_at).toISOString().slice(0, -1),
        'OS-EXT-STS:task_state': null,
        'OS-EXT-STS:vm_state': row.status.toLowerCase(),
        'OS-EXT-STS:power_state': row.status === 'ACTIVE' ? 1 : 4,
      };

const groupName = ({ neutron }: Cloud, id: string): string =>
  neutron.groups.rows.get(id)?.name ?? id;

const flavorShown = ({ nova, settings }: Cloud, row: Server, minor: number): object => {
  const flavor: Flavor | undefined = nova.flavors.get(row.flavor_id);
  if (minor < 47 || !flavor)
    return {
      id: row.flavor_id,
      links: [{ rel: 'bookmark', href: `${settings.baseUrl}/compute/flavors/${row.flavor_id}` }],
    };
  const { vcpus, ram, disk, ephemeral, swap, extra_specs, name } = flavor;
  return { vcpus, ram, disk, ephemeral, swap, original_name: name, extra_specs };
};
