import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isPresent, type Operation, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { effectsOf } from '../compose.js';
import { OUTPUTS, Rig, SETTINGS } from '../testing/rig.js';
import { metadataOf } from './recording.js';
import type { Effect } from './workflow/situation.js';

let folder: TempFolder;
let rig: Rig;
const signal = new AbortController().signal;

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.request();
});

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

const effects = () => {
  const { store, cloud, authority: requester, clock } = rig;
  return effectsOf(SETTINGS, { store, cloud, requester, clock, log: new SilentLog() });
};

type Wish = Effect extends infer E ? (E extends Effect ? Omit<E, 'operation'> : never) : never;

const withOperation = (wish: Wish): Effect => {
  const operation = rig.cluster().operations.at(-1) as Operation;
  return { ...wish, operation };
};

const run = (wish: Wish, on: PresentCluster = rig.cluster()) =>
  effects().run(withOperation(wish), on, signal);

/** Does it twice before anything is recorded, as after a crash, and records it twice. */
const twice = async (wish: Wish): Promise<void> => {
  const cluster = rig.cluster();
  const effect = withOperation(wish);
  for (const result of [await run(wish, cluster), await run(wish, cluster)]) {
    const { record } = result;
    if (record) await rig.send('c1', record, metadataOf(record, effect));
  }
};

const create = async (): Promise<string> => {
  await twice({ kind: 'ensure-trustee' });
  await twice({ kind: 'ensure-authorities' });
  await twice({ kind: 'ensure-stack', nodegroupId: null });
  return rig.cluster().stackId ?? '';
};

const createdStack = async (): Promise<string> => {
  const stackId = await create();
  rig.cloud.heat.finish(stackId, { outputs: OUTPUTS });
  await twice({ kind: 'record-success', stackId });
  return stackId;
};

describe('each effect, done twice', () => {
  it('makes one trustee, one authority and one stack', async () => {
    await create();
    expect(rig.trustees()).toHaveLength(1);
    expect(rig.cloud.heat.stacks.size).toBe(1);
    expect(rig.cloud.keystone.trusts.size).toBe(2);
    expect(rig.events()).toEqual([
      'ClusterRequested',
      'TrusteeEstablished',
      'AuthoritiesEnsured',
      'StackCreationStarted',
    ]);
  });

  it('settles once', async () => {
    await createdStack();
    expect(rig.events().filter((type) => type === 'ClusterCreated')).toHaveLength(1);
  });

  it('changes a stack once', async () => {
    const stackId = await createdStack();
    await resize();
    await twice({ kind: 'announce-update', stackId });
    await twice({ kind: 'update-stack', stackId });
    const events = rig.cloud.heat.stacks.get(stackId)?.events ?? [];
    expect(events.filter(({ status }) => status === 'UPDATE_IN_PROGRESS')).toHaveLength(1);
  });

  it('takes everything away once', async () => {
    const stackId = await createdStack();
    await rig.command({ type: 'DeleteCluster', data: rig.begun('op-delete') });
    await twice({ kind: 'delete-stack', stackId });
    rig.cloud.heat.finish(stackId);
    await twice({ kind: 'sweep-stacks' });
    expect(isPresent(rig.state())).toBe(false);
    expect(rig.trustees()).toEqual([]);
    expect(rig.cloud.keystone.trusts.size).toBe(0);
  });
});

const resize = () =>
  rig.command({
    type: 'ResizeNodegroup',
    data: {
      ...rig.begun('op-resize'),
      nodegroupId: 'w',
      nodeCount: 3,
      nodesToRemove: ['0'],
      rollback: true,
      by: 'resize',
    },
  });

describe('an effect', () => {
  it('makes nothing for an operation that is over by the log', async () => {
    const cluster = rig.cluster();
    const effect = withOperation({ kind: 'ensure-trustee' });
    await rig.command({ type: 'DeleteCluster', data: rig.begun('op-delete') });
    expect(await effects().run(effect, cluster, signal)).toEqual({});
    expect(rig.trustees()).toEqual([]);
  });

  it('makes nothing when nobody waits for it any more', async () => {
    await twice({ kind: 'ensure-trustee' });
    const effect = withOperation({ kind: 'ensure-stack', nodegroupId: null });
    expect(await effects().run(effect, rig.cluster(), AbortSignal.abort())).toEqual({});
    expect(rig.cloud.heat.stacks.size).toBe(0);
  });

  it('throws what another try may mend', async () => {
    const context = { service: 'identity', status: 503, requestId: null } as const;
    rig.cloud.keystone.createTrusteeUser = () =>
      Promise.reject(new CloudUnavailable('down', context));
    await expect(run({ kind: 'ensure-trustee' })).rejects.toThrow('down');
  });

  it('ends the operation for what no other try would mend', async () => {
    rig.cloud.neutron.networks.splice(0);
    await twice({ kind: 'ensure-trustee' });
    expect(await run({ kind: 'ensure-stack', nodegroupId: null })).toMatchObject({
      record: { type: 'SettleOperation', data: { outcome: { kind: 'failed' } } },
    });
  });

  it('does not report an upgrade as done that the driver cannot do', async () => {
    const stackId = await createdStack();
    const { template } = rig.cluster().spec;
    const upgrade = { ...rig.begun('op-up'), template, maxBatchSize: 1, nodegroupId: null };
    await rig.command({ type: 'UpgradeCluster', data: upgrade });
    const reason = 'Upgrading a cluster that uses the Magnum Heat driver is not supported.';
    expect(await run({ kind: 'announce-update', stackId })).toMatchObject({
      record: { data: { outcome: { kind: 'failed', reason } } },
    });
  });

  it('gives up a rotation also while the authority is away', async () => {
    await createdStack();
    await rig.command({ type: 'RotateAuthority', data: rig.begun('op-rotate') });
    rig.authority.available = false;
    expect(await run({ kind: 'give-up', reason: 'Timed out.' })).toMatchObject({
      record: { data: { outcome: { kind: 'failed', reason: 'Timed out.' } } },
    });
  });

  it('waits for load balancers that Kubernetes has made', async () => {
    const stackId = await createdStack();
    rig.cloud.octavia.loadBalancers.set('lb1', {
      id: 'lb1',
      name: 'lb',
      description: 'Kubernetes external service web from cluster c1',
      provisioningStatus: 'PENDING_DELETE',
      operatingStatus: 'ONLINE',
      vipAddress: '10.0.0.5',
      vipPortId: null,
      vipSubnetId: null,
      projectId: rig.projectId,
      tags: [],
    });
    await rig.command({ type: 'DeleteCluster', data: rig.begun('op-delete') });
    expect(await run({ kind: 'delete-stack', stackId })).toEqual({
      waitsFor: 'Load balancers are left: lb1 (PENDING_DELETE).',
    });
    expect(rig.cloud.heat.stacks.get(stackId)?.status).toBe('CREATE_COMPLETE');
  });

  it('records the stack that bears the name of the cluster before it says that none is left', async () => {
    await create();
    const [stackId] = rig.cloud.heat.stacks.keys();
    await rig.command({ type: 'DeleteCluster', data: rig.begun('op-delete') });
    expect(await run({ kind: 'sweep-stacks' })).toMatchObject({
      record: { type: 'RecordStackCreation', data: { stackId } },
    });
  });
});
