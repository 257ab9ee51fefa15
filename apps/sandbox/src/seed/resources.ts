import { randomUUID } from 'node:crypto';
import type { Cloud, Owner } from '../cloud.js';

/** Name, CPUs, MiB of memory, GiB of disk. */
const FLAVORS = [
  ['m1.tiny', 1, 512, 5],
  ['m1.small', 1, 2048, 20],
  ['m1.medium', 2, 4096, 40],
] as const;

/** Name and `os_distro`. */
const IMAGES = [
  ['Fedora-Atomic-26-20170723.0.x86_64', 'fedora-atomic'],
  ['fedora-coreos', 'fedora-coreos'],
  ['coreos', 'coreos'],
  ['ubuntu', 'ubuntu'],
] as const;

/**
 * What users of a cloud expect to find in it, as far as it is missing.
 *
 * @param owners users by name, each with the project they work in
 */
export const seedResources = (cloud: Cloud, owners: ReadonlyMap<string, Owner>): void => {
  const admin = owners.get('admin');
  if (!admin) return;
  seedFlavors(cloud);
  seedImages(cloud, admin);
  seedExternalNetwork(cloud, admin);
  if (cloud.cinder.types.size === 0)
    cloud.cinder.types.put({
      id: randomUUID(),
      name: 'sandbox',
      description: null,
      is_public: true,
      extra_specs: {},
    });
  for (const [name, owner] of owners) seedPrivateNetwork(cloud, `private-${name}`, owner);
};

const seedFlavors = ({ nova }: Cloud): void => {
  for (const [name, vcpus, ram, disk] of FLAVORS)
    if (nova.flavors.where('name', name).length === 0)
      nova.flavors.put({
        id: randomUUID(),
        name,
        vcpus,
        ram,
        disk,
        ephemeral: 0,
        swap: 0,
        is_public: true,
        extra_specs: {},
      });
};

const seedImages = ({ glance }: Cloud, owner: Owner): void => {
  for (const [name, distro] of IMAGES) {
    if (glance.images.where('name', name).length > 0) continue;
    const image = glance.create(owner, {
      name,
      visibility: 'public',
      disk_format: 'raw',
      container_format: 'bare',
      properties: { os_distro: distro },
    });
    glance.upload(image, Buffer.from(`${name}: not really an image\n`.repeat(64)));
  }
};

const seedExternalNetwork = ({ neutron }: Cloud, owner: Owner): void => {
  if (neutron.networks.networks.where('name', 'public').length > 0) return;
  const network = neutron.createNetwork(owner, {
    name: 'public',
    'router:external': true,
    'provider:network_type': 'flat',
    'provider:physical_network': 'public',
    'provider:segmentation_id': null,
    mtu: 1500,
  });
  neutron.createSubnet(owner, {
    name: 'public-subnet',
    network_id: network.id,
    cidr: '172.24.0.0/16',
    gateway_ip: '172.24.0.1',
    enable_dhcp: false,
  });
};

const seedPrivateNetwork = ({ neutron }: Cloud, name: string, owner: Owner): void => {
  if (neutron.networks.networks.where('name', name).length > 0) return;
  const network = neutron.createNetwork(owner, { name });
  neutron.createSubnet(owner, { name, network_id: network.id, cidr: '10.99.0.0/24' });
};
