import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { nodegroup } from '@jeroboam/domain/cluster/cluster.examples';
import type { Outcome } from '@jeroboam/openstack/heat/fake';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { eventually } from '@jeroboam/testing/eventually';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { OUTPUTS, Rig } from '../testing/rig.js';

let folder: TempFolder;
let rig: Rig;

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.start();
});

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

/** Polls until the log of the cluster ends so. */
const until = async (lastEvent: string): Promise<void> => {
  await eventually(async () => {
    await rig.lifecycle.poll();
    expect(rig.events().at(-1)).toBe(lastEvent);
  });
};

/** The conductor dies, and another one takes its place. */
const succeed = async (): Promise<void> => {
  await rig.stop();
  rig = new Rig(`${folder.path}/successor.sqlite`, rig);
  await rig.start();
};

const stackNamed = (part: string) => {
  const stack = [...rig.cloud.heat.stacks.values()].find(({ name }) => name.includes(part));
  if (!stack) throw new Error(`no stack ${part}`);
  return stack;
};

const finish = (part: string, outcome: Outcome = {}): void => {
  rig.cloud.heat.finish(stackNamed(part).id, { outputs: OUTPUTS, ...outcome });
};

const made = async (): Promise<void> => {
  await rig.request();
  await until('StackCreationStarted');
  finish('k8s-');
  await until('ClusterCreated');
};

const resize = (nodeCount: number, operationId = 'op-resize', nodegroupId = 'w') =>
  rig.command({
    type: 'ResizeNodegroup',
    data: {
      ...rig.begun(operationId),
      nodegroupId,
      nodeCount,
      nodesToRemove: [],
      rollback: false,
      by: 'resize',
    },
  });

const addGroup = () =>
  rig.command({
    type: 'AddNodegroup',
    data: {
      ...rig.begun('op-add'),
      nodegroup: nodegroup({ uuid: 'gpu-group-1', name: 'gpu', isDefault: false }),
    },
  });

const remove = (changes: object = {}) =>
  rig.command({ type: 'DeleteCluster', data: { ...rig.begun('op-delete'), ...changes } });

describe('a cluster is made', () => {
  it('with trustee, authorities and stack, each recorded', async () => {
    await made();
    expect(rig.events()).toEqual([
      'ClusterRequested',
      'TrusteeEstablished',
      'AuthoritiesEnsured',
      'StackCreationStarted',
      'ClusterCreated',
    ]);
    expect(rig.cluster()).toMatchObject({
      status: 'CREATE_COMPLETE',
      apiAddress: 'https://172.24.0.9:6443',
      operations: [],
      nodegroups: [{ nodeAddresses: ['172.24.0.10'] }, { nodeAddresses: ['172.24.0.11'] }],
    });
    expect(stackNamed('k8s-').parameters).toMatchObject({
      trustee_username: `c1_${rig.projectId}`,
      number_of_minions: '1',
      trust_id: '',
    });
    expect(rig.authority.clusters.get('c1')).toBe('established');
  });

  it('or fails for the reason that the deepest resource gives', async () => {
    await rig.request();
    await until('StackCreationStarted');
    const at = { physicalId: null, updatedAt: rig.clock.now(), type: 'OS::Nova::Server' };
    finish('k8s-', {
      status: 'FAILED',
      reason: 'Resource CREATE failed',
      resources: [
        { ...at, name: 'kube_masters', path: [], status: 'CREATE_FAILED', reason: 'nested failed' },
        {
          ...at,
          name: 'kube-master',
          path: ['kube_masters', '0'],
          status: 'CREATE_FAILED',
          reason: 'No valid host was found',
        },
      ],
    });
    await until('ClusterCreationFailed');
    const reason = 'kube_masters.0.kube-master (OS::Nova::Server): No valid host was found';
    expect(rig.cluster()).toMatchObject({
      status: 'CREATE_FAILED',
      statusReason: reason,
      nodegroups: [{ status: 'CREATE_FAILED', statusReason: reason }, { uuid: 'w' }],
    });
  });

  it('or fails at its deadline while Heat hangs, with the state of the stack', async () => {
    await rig.request();
    await until('StackCreationStarted');
    await rig.lifecycle.poll();
    rig.clock.advance(3_600_000);
    await until('ClusterCreationFailed');
    expect(rig.cluster().statusReason).toBe(
      'Timed out after 60 minutes. The stack is CREATE_IN_PROGRESS: Stack CREATE started',
    );
  });

  it('or fails at its deadline while the authority is away, and says so', async () => {
    rig.authority.available = false;
    await rig.request();
    await eventually(() => {
      expect(rig.authority.asked).toContain('ensure');
    });
    rig.clock.advance(3_600_000);
    await until('ClusterCreationFailed');
    expect(rig.cluster().statusReason).toBe(
      'Timed out after 60 minutes. authority is not available',
    );
  });

  it('or fails at its deadline while a call never comes back', async () => {
    rig.cloud.heat.createStack = () => new Promise(() => undefined);
    await rig.request();
    await until('AuthoritiesEnsured');
    rig.clock.advance(3_600_000);
    await until('ClusterCreationFailed');
  });

  it('or fails at once when its trust is gone', async () => {
    rig.authority.available = false;
    await rig.request();
    await until('TrusteeEstablished');
    rig.cloud.keystone.trusts.clear();
    rig.authority.available = true;
    rig.clock.advance(60_000);
    await until('ClusterCreationFailed');
    expect(rig.cluster().statusReason).toMatch(/^Could not find trust/);
  });

  it('once Heat can be reached again', async () => {
    const { heat } = rig.cloud;
    const create = heat.createStack.bind(heat);
    let failures = 0;
    heat.createStack = async (...args) => {
      failures += 1;
      if (failures > 2) return create(...args);
      const context = { service: 'orchestration', status: 503, requestId: null } as const;
      throw new CloudUnavailable('down', context);
    };
    await rig.request();
    await eventually(async () => {
      rig.clock.advance(30_000);
      await rig.lifecycle.poll();
      expect(rig.events().at(-1)).toBe('StackCreationStarted');
    });
    expect(failures).toBe(3);
  });

  it('with the stack that a crash has kept from being recorded', async () => {
    const { heat } = rig.cloud;
    const create = heat.createStack.bind(heat);
    heat.createStack = async (...args) => {
      await create(...args);
      return await new Promise<string>(() => undefined);
    };
    await rig.request();
    await eventually(() => {
      expect(heat.stacks.size).toBe(1);
    });
    await succeed();
    await until('StackCreationStarted');
    expect(rig.cluster().stackId).toBe(stackNamed('k8s-').id);
    expect(heat.stacks.size).toBe(1);
  });
});

describe('a cluster is changed', () => {
  beforeEach(made);

  it('by a resize, of which Heat is told after it is recorded', async () => {
    await resize(3);
    await until('StackUpdateStarted');
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('UPDATE_IN_PROGRESS');
    });
    expect(stackNamed('k8s-').parameters).toMatchObject({ number_of_minions: '3' });
    finish('k8s-');
    await until('ClusterResized');
    expect(rig.cluster()).toMatchObject({ status: 'UPDATE_COMPLETE', operations: [] });
    expect(rig.cluster().nodegroups[1]?.nodeCount).toBe(3);
  });

  it('by two resizes, one after the other', async () => {
    await resize(3);
    await until('StackUpdateStarted');
    await resize(5, 'op-again');
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('UPDATE_IN_PROGRESS');
    });
    expect(stackNamed('k8s-').parameters).toMatchObject({ number_of_minions: '3' });
    finish('k8s-');
    await eventually(async () => {
      await rig.lifecycle.poll();
      expect(stackNamed('k8s-')).toMatchObject({
        status: 'UPDATE_IN_PROGRESS',
        parameters: { number_of_minions: '5' },
      });
    });
    finish('k8s-');
    await until('ClusterResized');
    expect(rig.cluster().nodegroups[1]?.nodeCount).toBe(5);
  });

  it('by a node group while a resize goes on, each on its own stack', async () => {
    await resize(3);
    await until('StackUpdateStarted');
    await addGroup();
    await until('StackCreationStarted');
    finish('-gpu-');
    await until('NodegroupCreated');
    expect(rig.cluster()).toMatchObject({ status: 'UPDATE_IN_PROGRESS' });
    finish('k8s-');
    await until('ClusterResized');
  });

  it('by the resize of a node group, whose addresses are its own', async () => {
    await addGroup();
    await until('StackCreationStarted');
    finish('-gpu-');
    await until('NodegroupCreated');
    await resize(2, 'op-gpu', 'gpu-group-1');
    await until('StackUpdateStarted');
    await eventually(() => {
      expect(stackNamed('-gpu-').status).toBe('UPDATE_IN_PROGRESS');
    });
    finish('-gpu-', { outputs: { kube_minions: ['172.24.0.20', '172.24.0.21'] } });
    await until('ClusterResized');
    expect(rig.cluster().nodegroups[2]).toMatchObject({
      nodeCount: 2,
      nodeAddresses: ['172.24.0.20', '172.24.0.21'],
    });
    expect(rig.cluster().apiAddress).toBe('https://172.24.0.9:6443');
  });

  it('not by the resize of its masters', async () => {
    await resize(3, 'op-master', 'm');
    await until('ResizeFailed');
    expect(rig.cluster().statusReason).toBe(
      'Resizing the master node group is not supported by driver.',
    );
    expect(stackNamed('k8s-').parameters).toMatchObject({ number_of_minions: '1' });
  });

  it('and keeps its other node groups when one is taken away twice', async () => {
    await addGroup();
    await until('StackCreationStarted');
    finish('-gpu-');
    await until('NodegroupCreated');
    const removal = (operationId: string) =>
      rig.command({
        type: 'RemoveNodegroup',
        data: { ...rig.begun(operationId), nodegroupId: 'gpu-group-1' },
      });
    await removal('op-remove');
    await eventually(() => {
      expect(stackNamed('-gpu-').status).toBe('DELETE_IN_PROGRESS');
    });
    await resize(2, 'op-resize');
    finish('-gpu-');
    await eventually(async () => {
      await rig.lifecycle.poll();
      expect(rig.events()).toContain('NodegroupRemoved');
    });
    expect(rig.cluster().nodegroups.map(({ uuid }) => uuid)).toEqual(['m', 'w']);
    expect(stackNamed('k8s-').status).not.toMatch(/^DELETE/);
  });

  it('also past its deadline when it stands behind another operation', async () => {
    await resize(3);
    await until('StackUpdateStarted');
    const deadline = new Date(Date.parse(rig.clock.now()) + 60_000).toISOString();
    await rig.command({
      type: 'ResizeNodegroup',
      data: {
        ...rig.begun('op-late'),
        deadline,
        nodegroupId: 'w',
        nodeCount: 4,
        nodesToRemove: [],
        rollback: false,
        by: 'resize',
      },
    });
    rig.clock.advance(61_000);
    await until('ResizeFailed');
    expect(rig.cluster().operations).toMatchObject([{ id: 'op-resize' }]);
  });
});

describe('a cluster is deleted', () => {
  const nothingIsLeft = (): void => {
    expect(rig.state()).toMatchObject({ status: 'DELETE_COMPLETE' });
    const left = [...rig.cloud.heat.stacks.values()].map(({ status }) => status);
    expect(left.filter((status) => status !== 'DELETE_COMPLETE')).toEqual([]);
    expect(rig.cloud.keystone.trusts.size).toBe(0);
    expect(rig.trustees()).toEqual([]);
    expect(rig.authority.clusters.get('c1')).toBe('destroyed');
  };

  it('with everything that was made for it, and its place under the quota', async () => {
    await made();
    await addGroup();
    await until('StackCreationStarted');
    finish('-gpu-');
    await until('NodegroupCreated');
    await remove();
    await eventually(() => {
      expect(stackNamed('-gpu-').status).toBe('DELETE_IN_PROGRESS');
    });
    expect(stackNamed('k8s-').status).toBe('CREATE_COMPLETE');
    finish('-gpu-');
    await eventually(async () => {
      await rig.lifecycle.poll();
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    await until('ClusterDeleted');
    nothingIsLeft();
    await eventually(() => {
      expect(rig.claims()).toBe(0);
    });
  });

  it('in the middle of its creation', async () => {
    await rig.request();
    await until('StackCreationStarted');
    await remove();
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    await until('ClusterDeleted');
    nothingIsLeft();
  });

  it('when no stack is recorded, but only after what was under way has had its time', async () => {
    const { heat } = rig.cloud;
    const create = heat.createStack.bind(heat);
    let arrive: () => Promise<unknown> = () => Promise.resolve();
    let isSent = false;
    heat.createStack = (...args) => {
      arrive = () => create(...args);
      isSent = true;
      return new Promise<string>(() => undefined);
    };
    await rig.request();
    await eventually(() => isSent);
    await succeed();
    await remove();
    await rig.lifecycle.poll();
    rig.clock.advance(29_000);
    await rig.lifecycle.poll();
    await arrive();
    rig.clock.advance(1000);
    await until('StackCreationStarted');
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    await until('ClusterDeleted');
    nothingIsLeft();
  });

  it('with the trusts of all who have changed it', async () => {
    await made();
    await rig.command({
      type: 'ResizeNodegroup',
      data: {
        ...rig.begun('op-other'),
        trustId: await rig.lend(),
        nodegroupId: 'w',
        nodeCount: 2,
        nodesToRemove: [],
        rollback: false,
        by: 'resize',
      },
    });
    await until('StackUpdateStarted');
    await remove();
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    await until('ClusterDeleted');
    nothingIsLeft();
  });

  it('or fails after Heat has failed thrice, and goes when asked again', async () => {
    await made();
    await remove();
    await eventually(async () => {
      if (stackNamed('k8s-').status === 'DELETE_IN_PROGRESS') {
        finish('k8s-', { status: 'FAILED', reason: 'Network is in use' });
      }
      await rig.lifecycle.poll();
      expect(rig.events().at(-1)).toBe('DeletionFailed');
    });
    expect(rig.cluster()).toMatchObject({
      status: 'DELETE_FAILED',
      statusReason: 'Network is in use',
    });
    await remove({ operationId: 'op-again' });
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    await until('ClusterDeleted');
    nothingIsLeft();
  });

  it('or fails when its trust is lost, until somebody brings another', async () => {
    await made();
    rig.cloud.keystone.trusts.clear();
    await remove();
    await until('DeletionFailed');
    expect(rig.cluster().statusReason).toMatch(/^Could not find trust.*Delete the cluster again/);
    expect(stackNamed('k8s-').status).toBe('CREATE_COMPLETE');
    await remove({ operationId: 'op-again', trustId: await rig.lend() });
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    await until('ClusterDeleted');
    nothingIsLeft();
  });

  it('to its end when a crash came between taking back the trust and recording it', async () => {
    await made();
    await remove();
    await eventually(() => {
      expect(stackNamed('k8s-').status).toBe('DELETE_IN_PROGRESS');
    });
    finish('k8s-');
    for (const { id } of rig.trustees()) await rig.cloud.keystone.deleteTrusteeUser(id);
    rig.authority.clusters.set('c1', 'destroyed');
    rig.cloud.keystone.trusts.clear();
    await until('ClusterDeleted');
    nothingIsLeft();
  });

  it('never on the word of a project that is not its own', async () => {
    await made();
    const alt = rig.cloud.keystone.directory.projectNamed('alt_demo');
    const [trust] = rig.cloud.keystone.trusts.values();
    if (!trust || !alt) throw new Error('no trust');
    rig.cloud.keystone.trusts.set('foreign', { ...trust, id: 'foreign', projectId: alt.id });
    await remove({ trustId: 'foreign' });
    await until('DeletionFailed');
    expect(stackNamed('k8s-').status).toBe('CREATE_COMPLETE');
  });
});
