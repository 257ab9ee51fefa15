import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { ClusterDriver, StackInput } from '@jeroboam/drivers/driver';
import { driverNamed } from '@jeroboam/drivers/registry';
import { sampleInput, sampleNodegroups } from '@jeroboam/drivers/sample-input';
import {
  eventually,
  sessionOf,
  type CloudUnderTest,
} from '@jeroboam/openstack/contract/cloud-under-test';
import { reachedCloud, seededConfig } from '@jeroboam/openstack/contract/reached-cloud';
import { StackNotFound } from '@jeroboam/openstack/heat/errors';
import type { Stack } from '@jeroboam/openstack/heat/port';
import type { Session } from '@jeroboam/openstack/http/session';

/**
 * The drivers' templates on a real Heat: created, scaled, deleted, with nothing left. Only with
 * JEROBOAM_REAL_CLOUD=1, on a cloud seeded by up.sh.
 */
const { JEROBOAM_REAL_CLOUD, OS_AUTH_URL, OS_PASSWORD } = process.env;

const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOdapN3H028uwuBJrDpeGsPQ2KkAWXeQyBPRs09G2nOH test';

/** Nova's limit for user data, in its base64 form. */
const USER_DATA_LIMIT = 65_535;
const DEADLINE_MS = 240_000;

let cloud: CloudUnderTest;
let demo: Session;
let input: StackInput;

const settled = async (name: string): Promise<Stack> => {
  const stack = await eventually(
    async () => await cloud.heat.showStack(demo, name),
    ({ status }) => !status.endsWith('_IN_PROGRESS'),
    DEADLINE_MS,
  );
  expect([stack.status, stack.reason]).toEqual([
    expect.stringMatching(/_COMPLETE$/),
    expect.any(String),
  ]);
  return stack;
};

const gone = async (name: string): Promise<void> => {
  await cloud.heat.deleteStack(demo, name);
  await eventually(
    async () => await cloud.heat.showStack(demo, name).then(({ status }) => status, isMissing),
    (status) => status === 'missing',
    DEADLINE_MS,
  );
};

const isMissing = (error: unknown): string => {
  if (error instanceof StackNotFound) return 'missing';
  throw error;
};

const serversOf = async (name: string) =>
  (await cloud.nova.listServers(demo)).filter((server) => server.name.startsWith(`${name}-`));

/** What the servers of a stack are told at their first boot. Only the administrator may see it. */
const userData = async (stackName: string): Promise<string[]> => {
  const admin = await sessionOf(cloud, 'admin', 'admin');
  const { token } = await admin.access();
  const nova = await admin.endpoint(['compute']);
  const answer = await fetch(`${nova}/servers/detail?all_tenants=1&name=${stackName}`, {
    headers: { 'x-auth-token': token, 'openstack-api-version': 'compute 2.3' },
  });
  const { servers } = (await answer.json()) as {
    servers: { 'OS-EXT-SRV-ATTR:user_data': string }[];
  };
  return servers.map((server) => server['OS-EXT-SRV-ATTR:user_data']);
};

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString();

const inputFor = (driver: ClusterDriver, image: string): StackInput => {
  const cluster = { ...input.cluster, uuid: randomUUID(), driver: driver.name };
  const nodegroups = input.nodegroups.map((group) => ({ ...group, imageId: image, nodeCount: 1 }));
  return { ...input, cluster, nodegroups };
};

const arrange = async (): Promise<void> => {
  cloud = reachedCloud(seededConfig(OS_AUTH_URL ?? 'http://127.0.0.1:5000/v3', OS_PASSWORD));
  demo = await sessionOf(cloud, 'demo', 'demo');
  const [network, type, keypair] = await Promise.all([
    cloud.neutron.findNetwork(demo, 'public'),
    cloud.cinder.listVolumeTypes(demo),
    cloud.arrange.keypair(demo, `drivers-${randomUUID()}`, PUBLIC_KEY),
  ]);
  input = {
    ...sampleInput,
    cluster: { ...sampleInput.cluster, keypair, labels: {} },
    nodegroups: sampleNodegroups.map((group) => ({ ...group, flavorId: 'm1.small' })),
    cloud: {
      ...sampleInput.cloud,
      externalNetworkId: network.id,
      sshPublicKey: PUBLIC_KEY,
      volumeType: type[0]?.name ?? null,
    },
  };
};

const suite = (): void => {
  beforeAll(arrange);
  afterAll(async () => {
    await cloud.close();
  });

  test('Kubernetes with a network of its own, scaled by naming who goes', async () => {
    const driver = driverNamed('k8s_fedora_coreos_v1');
    const request = driver.stack(inputFor(driver, 'fedora-coreos'));
    const { name } = request;
    await cloud.heat.createStack(demo, request);
    const made = driver.facts(await settled(name), sampleNodegroups);
    expect(made.apiAddress).toMatch(/^https:\/\/172\.24\.\d+\.\d+:6443$/);
    expect(made.coeVersion).toBe('v1.23.3-rancher1');
    expect(await serversOf(name)).toHaveLength(2);

    for (const base64 of await userData(name)) {
      expect(base64.length).toBeLessThan(USER_DATA_LIMIT);
      const ignition = JSON.parse(decoded(base64)) as {
        storage: { files: { path: string; contents: { source: string } }[] };
      };
      const source = ignition.storage.files[0]?.contents.source ?? '';
      const settings = JSON.parse(decodeURIComponent(source.slice('data:,'.length))) as object;
      expect(settings).toHaveProperty('cluster.TRUSTEE_PASSWORD', 'secret');
      for (const { contents } of ignition.storage.files) {
        expect(contents.source).toMatch(/^data:,[A-Za-z0-9%;/?:@&=$,+\-_.!~*'()]*$/);
      }
    }

    let stack = await cloud.heat.showStack(demo, name);
    const resize = async (nodeCount: number, nodesToRemove: readonly string[]) => {
      const parameters = driver.resize({ nodeCount, nodesToRemove, stack });
      await cloud.heat.updateStack(demo, name, { parameters });
      stack = await settled(name);
      return driver.facts(stack, sampleNodegroups).nodegroups[sampleNodegroups[1]!.uuid]!;
    };
    const three = await resize(3, []);
    expect(three.nodeAddresses).toHaveLength(3);
    const two = await resize(2, [three.nodeAddresses[0]!]);
    expect(two).toEqual({ nodeCount: 2, nodeAddresses: three.nodeAddresses.slice(1) });
    const again = await resize(3, []);
    expect(again.nodeAddresses.slice(0, 2)).toEqual(two.nodeAddresses);

    await gone(name);
    expect(await serversOf(name)).toEqual([]);
  }, 600_000);

  test('Kubernetes on a network that is there, behind a load balancer, with volumes and a further node group', async () => {
    const driver = driverNamed('k8s_fedora_coreos_v1');
    const network = await cloud.neutron.findNetwork(demo, 'private-demo');
    const subnet = await cloud.neutron.findSubnet(demo, network.subnetIds[0]!);
    const base = inputFor(driver, 'fedora-coreos');
    const [master, worker] = base.nodegroups;
    const wanted: StackInput = {
      ...base,
      cluster: {
        ...base.cluster,
        masterLbEnabled: true,
        floatingIpEnabled: false,
        labels: {
          boot_volume_size: '10',
          etcd_volume_size: '2',
          master_lb_allowed_cidrs: '192.0.2.0/24',
        },
      },
      nodegroups: [{ ...master!, nodeCount: 3 }, worker!].map((group) => ({
        ...group,
        dockerVolumeSize: 5,
      })),
      cloud: {
        ...base.cloud,
        fixedNetwork: {
          id: network.id,
          name: network.name,
          subnetId: subnet.id,
          cidr: subnet.cidr,
        },
      },
    };
    const request = driver.stack(wanted);
    await cloud.heat.createStack(demo, request);
    const stack = await settled(request.name);
    const facts = driver.facts(stack, wanted.nodegroups);
    expect(facts.apiAddress).toMatch(/^https:\/\/10\.99\.0\.\d+:6443$/);
    expect(facts.nodegroups[master!.uuid]?.nodeAddresses).toHaveLength(3);

    const extra = driver.nodegroupStack(
      wanted,
      { ...worker!, uuid: randomUUID(), name: 'large', isDefault: false, nodeCount: 2 },
      stack,
    );
    await cloud.heat.createStack(demo, extra);
    expect(driver.nodegroupFacts(await settled(extra.name))).toEqual({
      nodeCount: 2,
      nodeAddresses: [expect.stringMatching(/^10\.99\.0\./), expect.stringMatching(/^10\.99\.0\./)],
    });

    await gone(extra.name);
    await gone(request.name);
    expect(await serversOf(request.name)).toEqual([]);
  }, 600_000);

  test('Swarm', async () => {
    const driver = driverNamed('swarm_fedora_atomic_v1');
    const base = inputFor(driver, 'Fedora-Atomic-26-20170723.0.x86_64');
    const request = driver.stack({
      ...base,
      nodegroups: base.nodegroups.map((group) => ({ ...group, dockerVolumeSize: 5 })),
    });
    const { name } = request;
    await cloud.heat.createStack(demo, request);
    const stack = await settled(name);
    expect(driver.facts(stack, base.nodegroups).apiAddress).toMatch(
      /^tcp:\/\/172\.24\.\d+\.\d+:2376$/,
    );
    for (const base64 of await userData(name)) {
      expect(base64.length).toBeLessThan(USER_DATA_LIMIT);
      const [marker, json] = decoded(base64).split('\n', 2);
      expect(marker).toBe('#cloud-config');
      expect(JSON.parse(json ?? '')).toHaveProperty('write_files.0.permissions', '0600');
    }

    const parameters = driver.resize({ nodeCount: 2, nodesToRemove: [], stack });
    await cloud.heat.updateStack(demo, name, { parameters });
    const scaled = driver.facts(await settled(name), base.nodegroups);
    expect(scaled.nodegroups[base.nodegroups[1]!.uuid]).toMatchObject({ nodeCount: 2 });

    await gone(name);
    expect(await serversOf(name)).toEqual([]);
  }, 600_000);
};

if (JEROBOAM_REAL_CLOUD === '1') describe('the drivers on a real Heat', suite);
else it.todo('the drivers on a real Heat: only with JEROBOAM_REAL_CLOUD=1');
