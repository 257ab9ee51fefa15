import { FakeBarbican } from './barbican/fake.js';
import { FakeCinder } from './cinder/fake.js';
import type { Cloud } from './cloud.js';
import { FakeGlance } from './glance/fake.js';
import { FakeHeat, type FakeStack, type Outcome } from './heat/fake.js';
import { FakeKeystone } from './keystone/fake.js';
import { fakeId } from './keystone/fake-directory.js';
import { FakeNeutron } from './neutron/fake.js';
import { FakeNova } from './nova/fake.js';
import { FakeOctavia } from './octavia/fake.js';

/** A {@link Cloud} whose services are all fakes, open to be arranged by a test. */
export interface FakeCloud extends Cloud {
  readonly keystone: FakeKeystone;
  readonly heat: FakeHeat;
  readonly barbican: FakeBarbican;
  readonly nova: FakeNova;
  readonly glance: FakeGlance;
  readonly neutron: FakeNeutron;
  readonly cinder: FakeCinder;
  readonly octavia: FakeOctavia;
}

const MEMBER = ['member', 'reader', 'creator', 'heat_stack_owner', 'load-balancer_member'];

/**
 * A cloud in memory with what the sandbox has too: projects admin, demo, alt_demo, service, a user of
 * the same name in each, `demo_reader` in demo; flavors m1.*, images, network `public`, one private network
 * a project, a volume type. `finishes` is that of {@link FakeHeat}.
 */
export const fakeCloud = (finishes?: (stack: FakeStack) => Outcome | null): FakeCloud => {
  const cloud = {
    keystone: new FakeKeystone(),
    heat: new FakeHeat(finishes),
    barbican: new FakeBarbican(),
    nova: new FakeNova(),
    glance: new FakeGlance(),
    neutron: new FakeNeutron(),
    cinder: new FakeCinder(),
    octavia: new FakeOctavia(),
  };
  seedPeople(cloud);
  seedCompute(cloud);
  seedNetworks(cloud);
  cloud.cinder.volumeTypes.push({ id: fakeId('type', 'stub'), name: 'stub', isPublic: true });
  return cloud;
};

const seedPeople = ({ keystone: { directory } }: FakeCloud): void => {
  for (const name of ['admin', 'demo', 'alt_demo']) {
    const project = directory.addProject(name);
    const user = directory.addUser(name, 'sandbox');
    directory.grant(user, project, name === 'admin' ? ['admin', ...MEMBER] : MEMBER);
  }
  const reader = directory.addUser('demo_reader', 'sandbox');
  directory.grant(reader, directory.addProject('demo'), ['reader']);
};

const seedCompute = ({ nova, glance }: FakeCloud): void => {
  const sizes = [
    ['m1.tiny', 1, 512, 5],
    ['m1.small', 1, 2048, 20],
    ['m1.medium', 2, 4096, 40],
  ] as const;
  for (const [name, vcpus, ramMib, diskGib] of sizes) {
    nova.flavors.push({ id: fakeId('flavor', name), name, vcpus, ramMib, diskGib, isPublic: true });
  }
  const images = [
    ['Fedora-Atomic-26-20170723.0.x86_64', 'fedora-atomic'],
    ['fedora-coreos', 'fedora-coreos'],
    ['coreos', 'coreos'],
    ['ubuntu', 'ubuntu'],
  ] as const;
  for (const [name, osDistro] of images) {
    glance.images.push({
      id: fakeId('image', name),
      name,
      status: 'active',
      visibility: 'public',
      minDiskGib: 0,
      minRamMib: 0,
      sizeBytes: 1_024,
      osDistro,
      properties: { os_distro: osDistro },
    });
  }
};

const seedNetworks = ({ keystone, neutron }: FakeCloud): void => {
  for (const project of keystone.directory.projects.values()) {
    addNetwork(neutron, { name: `private-${project.name}`, projectId: project.id });
  }
  addNetwork(neutron, { name: 'public', projectId: fakeId('project', 'Default', 'admin') });
};

const addNetwork = (
  neutron: FakeNeutron,
  { name, projectId }: { readonly name: string; readonly projectId: string },
): void => {
  const external = name === 'public';
  const subnetId = fakeId('subnet', name);
  const networkId = fakeId('network', name);
  neutron.networks.push({
    id: networkId,
    name,
    status: 'ACTIVE',
    external,
    shared: false,
    projectId,
    subnetIds: [subnetId],
  });
  neutron.subnets.push({
    id: subnetId,
    name: external ? 'public-subnet' : name,
    networkId,
    cidr: external ? '172.24.0.0/16' : '10.99.0.0/24',
    ipVersion: 4,
    gatewayIp: external ? '172.24.0.1' : '10.99.0.1',
    projectId,
  });
};
