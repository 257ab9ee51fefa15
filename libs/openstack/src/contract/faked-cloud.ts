import { randomUUID } from 'node:crypto';
import { type FakeCloud, fakeCloud } from '../fake-cloud.js';
import type { FakeStack, Outcome } from '../heat/fake.js';
import type { Session } from '../http/session.js';
import type { Arrangement, CloudUnderTest } from './cloud-under-test.js';

/** The fakes, with stacks that end as the contract's templates tell. */
export const fakedCloud = (): CloudUnderTest => {
  const cloud = fakeCloud(engine());
  return {
    ...cloud,
    arrange: arrangement(cloud),
    signIn: async (user, project) => await Promise.resolve(cloud.keystone.signIn(user, project)),
    signInWithApplicationCredential: async (accessRules) =>
      await Promise.resolve(
        cloud.keystone.signInWithApplicationCredential('demo', 'demo', accessRules),
      ),
    revoke: async (token) => {
      await Promise.resolve();
      cloud.keystone.revoke(token);
    },
    close: async () => {
      await Promise.resolve();
    },
  };
};

/** Stands in for an engine: knows the templates of heat.contract.ts, nothing else. */
const engine = () => {
  const looks = new Map<string, number>();
  return (stack: FakeStack): Outcome | null => {
    const action = `${stack.id}/${stack.status}`;
    const look = (looks.get(action) ?? 0) + 1;
    looks.set(action, look);
    return stack.template.includes('action_wait_secs') && look < 3 ? null : outcomeOf(stack);
  };
};

const outcomeOf = (stack: FakeStack): Outcome => {
  const resource = { physicalId: 'x', updatedAt: stack.createdAt, reason: 'state changed' };
  const failed = stack.template.includes('fail: true') && !stack.status.startsWith('DELETE');
  const status = failed ? 'FAILED' : 'COMPLETE';
  const whole = `CREATE_${status}`;
  const group = { ...resource, name: 'group', path: [], type: 'OS::Heat::ResourceGroup' };
  return {
    status,
    reason: failed ? 'Resource CREATE failed: Test Resource failed 0' : `Stack ${status}`,
    outputs: failed ? {} : { word: 'x'.repeat(Number(stack.parameters['length'] ?? 4)) },
    resources: [
      { ...group, status: whole },
      { ...group, name: '0', path: ['group'], type: 'OS::Heat::TestResource', status: whole },
    ],
  };
};

const arrangement = (cloud: FakeCloud): Arrangement => ({
  ...arrangedHosts(cloud),
  ...arrangedNetworks(cloud),
});

const arrangedHosts = ({
  nova,
  glance,
}: FakeCloud): Pick<Arrangement, 'keypair' | 'server' | 'image'> => ({
  keypair: async (as, name, publicKey) => {
    const { userId } = await as.access();
    const keypair = { name, publicKey, fingerprint: 'aa:bb', type: 'ssh' };
    nova.keypairs.set(userId, [...(nova.keypairs.get(userId) ?? []), keypair]);
    return name;
  },
  server: async (as, { name, role }) => {
    const projectId = await projectOf(as);
    const server = {
      id: randomUUID(),
      name,
      status: 'ACTIVE',
      metadata: { role },
      addresses: [
        { network: 'n', address: '10.42.0.2', version: 4 as const, type: 'fixed' as const },
      ],
      createdAt: new Date().toISOString(),
    };
    nova.servers.set(projectId, [...(nova.servers.get(projectId) ?? []), server]);
    return server.id;
  },
  image: async (as, { name, osDistro }) => {
    await as.access();
    const id = randomUUID();
    const properties: Record<string, string> = osDistro === null ? {} : { os_distro: osDistro };
    const sizes = { minDiskGib: 0, minRamMib: 0, sizeBytes: null };
    const state = { status: 'queued', visibility: 'shared' };
    glance.images.push({ id, name, ...state, ...sizes, osDistro, properties });
    return id;
  },
});

const arrangedNetworks = ({
  neutron,
  octavia,
}: FakeCloud): Pick<Arrangement, 'network' | 'floatingIp' | 'loadBalancer'> => ({
  network: async (as, name) => {
    const projectId = await projectOf(as);
    const id = randomUUID();
    const state = { status: 'ACTIVE', external: false, shared: false };
    neutron.networks.push({ id, name, ...state, projectId, subnetIds: [] });
    return id;
  },
  floatingIp: async (as) => {
    const projectId = await projectOf(as);
    const id = randomUUID();
    const free = { fixedAddress: null, portId: null, status: 'DOWN', description: '' };
    const networkId = neutron.networks.find(({ external }) => external)?.id ?? '';
    neutron.floatingIps.push({ id, address: '172.24.0.9', ...free, networkId, projectId });
    return id;
  },
  loadBalancer: async (as, { name, description }) => {
    const projectId = await projectOf(as);
    const id = randomUUID();
    octavia.loadBalancers.set(id, {
      id,
      name,
      description,
      provisioningStatus: 'ACTIVE',
      operatingStatus: 'ONLINE',
      vipAddress: '10.99.0.7',
      vipPortId: null,
      vipSubnetId: null,
      projectId,
      tags: [],
    });
    return id;
  },
});

const projectOf = async (as: Session): Promise<string> => (await as.access()).projectId ?? '';
