import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodegroup } from '@jeroboam/domain/cluster/cluster.examples';
import type { Nodegroup, PresentCluster } from '@jeroboam/domain/cluster/state';
import { DriverFault, type Installation } from '@jeroboam/drivers/driver';
import { StackExists } from '@jeroboam/openstack/heat/errors';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { OUTPUTS, Rig, SETTINGS } from '../testing/rig.js';
import { StackInputs } from './stack-inputs.js';
import { Stacks } from './stacks.js';
import { Trustees } from './trustees.js';

let folder: TempFolder;
let rig: Rig;
let stacks: Stacks;
const confirmed = () => Promise.resolve();

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.request();
  stacks = stacksFor(SETTINGS.installation);
});

const stacksFor = (installation: Installation): Stacks => {
  const trustees = new Trustees(rig.cloud.keystone, 'key', false);
  const { generateKey } = SETTINGS;
  const inputs = new StackInputs(rig.cloud, trustees, installation, null, generateKey);
  return new Stacks(rig.cloud, trustees, inputs);
};

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

const withGroup = (): PresentCluster & { readonly group: Nodegroup } => {
  const cluster = rig.cluster();
  const [first] = cluster.nodegroups;
  if (!first) throw new Error('no node group');
  const own = nodegroup({ uuid: 'gpu-group-1', name: 'gpu', isDefault: false });
  const group = { ...first, ...own };
  return { ...cluster, nodegroups: [...cluster.nodegroups, group], group };
};

describe('a stack', () => {
  it('is made with what was looked up in the cloud', async () => {
    const { id, name } = await stacks.ensure(rig.cluster(), null, confirmed);
    expect(name).toBe('k8s-c1');
    expect(rig.cloud.heat.stacks.get(id)?.parameters).toMatchObject({
      external_network: rig.cloud.neutron.networks.find((each) => each.name === 'public')?.id,
      octavia_enabled: 'true',
      kube_service_account_key: 'public',
    });
  });

  it('has nodes boot from volumes of the default type where the installation wants that', async () => {
    const volumes = { bootSize: 10, bootType: null, dockerType: null, etcdType: null };
    const booting = stacksFor({ ...SETTINGS.installation, volumes });
    const { id } = await booting.ensure(rig.cluster(), null, confirmed);
    expect(rig.cloud.heat.stacks.get(id)?.parameters).toMatchObject({
      boot_volume_size: '10',
      boot_volume_type: 'stub',
    });
  });

  it('of that name is adopted, also when Heat knows it only when it is made', async () => {
    const first = await stacks.ensure(rig.cluster(), null, confirmed);
    expect(await stacks.ensure(rig.cluster(), null, confirmed)).toEqual(first);
    const { heat } = rig.cloud;
    const list = heat.listStacks.bind(heat);
    let isFirst = true;
    heat.listStacks = async (...args) => {
      const found = isFirst ? [] : await list(...args);
      isFirst = false;
      return found;
    };
    expect(await stacks.ensure(rig.cluster(), null, confirmed)).toEqual(first);
    expect(heat.stacks.size).toBe(1);
  });

  it('that is taken and cannot be seen is an error', async () => {
    rig.cloud.heat.createStack = () =>
      Promise.reject(
        new StackExists('taken', { service: 'orchestration', status: 409, requestId: null }),
      );
    await expect(stacks.ensure(rig.cluster(), null, confirmed)).rejects.toThrow(StackExists);
  });

  it('is looked for under all names of the cluster, those of node groups first', async () => {
    const cluster = withGroup();
    const own = await stacks.ensure(cluster, null, confirmed);
    rig.cloud.heat.finish(own.id, { outputs: OUTPUTS });
    const ready = { ...cluster, stackId: own.id };
    const group = await stacks.ensure(ready, cluster.group, confirmed);
    expect(group).toMatchObject({ name: 'k8s-gpu-gpugroup1', nodegroupId: 'gpu-group-1' });
    expect(await stacks.unrecorded(ready, null)).toEqual(group);
    expect(await stacks.unrecorded(ready, 'gpu-group-1')).toEqual(group);
    await stacks.delete(ready, group.id);
    rig.cloud.heat.finish(group.id);
    expect(await stacks.unrecorded(ready, 'gpu-group-1')).toBeNull();
    expect(await stacks.unrecorded(ready, null)).toEqual(own);
  });

  it("is not made where the CA's own key would have to go to the nodes", async () => {
    const { spec, ...cluster } = rig.cluster();
    const labelled = { ...cluster, spec: { ...spec, labels: { cert_manager_api: 'true' } } };
    await expect(stacks.ensure(labelled, null, confirmed)).rejects.toThrow(DriverFault);
  });
});

describe('the cause of a failure', () => {
  it('is that of the deepest resource', async () => {
    const { id } = await stacks.ensure(rig.cluster(), null, confirmed);
    const one = { physicalId: null, updatedAt: '', status: 'CREATE_FAILED' };
    rig.cloud.heat.finish(id, {
      status: 'FAILED',
      resources: [
        { ...one, name: 'nodes', path: [], type: 'OS::Heat::ResourceGroup', reason: 'a member' },
        {
          ...one,
          name: 'server',
          path: ['nodes', '0'],
          type: 'OS::Nova::Server',
          reason: 'no host',
        },
      ],
    });
    expect(await stacks.causeOfFailure(rig.cluster(), id)).toEqual({
      text: 'nodes.0.server (OS::Nova::Server): no host',
      path: ['nodes', '0', 'server'],
    });
  });

  it('is not known when no resource says so', async () => {
    const { id } = await stacks.ensure(rig.cluster(), null, confirmed);
    expect(await stacks.causeOfFailure(rig.cluster(), id)).toBeNull();
  });
});
