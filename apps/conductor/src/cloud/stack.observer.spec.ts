import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { Rig } from '../testing/rig.js';
import { StackObserver } from './stack.observer.js';
import { Trustees } from './trustees.js';

let folder: TempFolder;
let rig: Rig;
let observer: StackObserver;
let calls: { readonly global: boolean; readonly ids: number }[];

beforeEach(async () => {
  folder = tempFolder();
  rig = new Rig(`${folder.path}/rows.sqlite`);
  await rig.request();
  const { cloud, clock } = rig;
  calls = [];
  const { heat } = cloud;
  const list = heat.listStacks.bind(heat);
  heat.listStacks = (as, filter) => {
    calls.push({ global: filter?.global === true, ids: filter?.ids?.length ?? 0 });
    return list(as, filter);
  };
  const trustees = new Trustees(cloud.keystone, 'key', false);
  observer = new StackObserver(cloud, trustees, clock, new SilentLog());
});

afterEach(async () => {
  await rig.stop();
  folder.remove();
});

/** A cluster with a stack in Heat. */
const clusterWith = async (name: string): Promise<PresentCluster> => {
  const template = 'heat_template_version: 2018-08-31';
  const stackId = await rig.cloud.heat.createStack(await rig.demo(), { name, template });
  return { ...rig.cluster(), stackId };
};

describe('a look at Heat', () => {
  it('is one call for all where policy allows it', async () => {
    rig.cloud.heat.globalListAllowed = true;
    const clusters = [await clusterWith('a'), await clusterWith('b')];
    const { seen, missing } = await observer.look(clusters);
    expect(calls).toEqual([{ global: true, ids: 2 }]);
    expect([...seen.values()].map(({ status }) => status)).toEqual([
      'CREATE_IN_PROGRESS',
      'CREATE_IN_PROGRESS',
    ]);
    expect(missing).toEqual([]);
  });

  it('is else one call a project, and the refusal is remembered for a while', async () => {
    const clusters = [await clusterWith('a'), await clusterWith('b')];
    await observer.look(clusters);
    await observer.look(clusters);
    expect(calls).toEqual([
      { global: true, ids: 2 },
      { global: false, ids: 2 },
      { global: false, ids: 2 },
    ]);
    rig.clock.advance(600_000);
    await observer.look(clusters);
    expect(calls.at(-2)).toEqual({ global: true, ids: 2 });
  });

  it('tells which stacks are not listed any more', async () => {
    const gone = await clusterWith('a');
    await rig.cloud.heat.deleteStack(await rig.demo(), gone.stackId ?? '');
    rig.cloud.heat.finish(gone.stackId ?? '');
    const { seen, missing } = await observer.look([gone]);
    expect(seen.size).toBe(0);
    expect(missing).toEqual([gone.stackId]);
  });

  it('asks through another trust on the project when one does not hold', async () => {
    const lost = { ...(await clusterWith('a')), trustId: 'lost' };
    const { seen } = await observer.look([lost, await clusterWith('b')]);
    expect(seen.size).toBe(2);
  });

  it('leaves the stacks of a project without any trust to be looked at one by one', async () => {
    const lost = { ...(await clusterWith('a')), trustId: 'lost' };
    expect(await observer.look([lost])).toEqual({ seen: new Map(), missing: [lost.stackId] });
  });

  it('shows the other projects when one cannot be asked', async () => {
    const good = await clusterWith('a');
    const bad = { ...good, trustId: 'bad', spec: { ...good.spec, projectId: 'other' } };
    const { keystone } = rig.cloud;
    const session = keystone.trustSession.bind(keystone);
    keystone.trustSession = (id) => {
      if (id !== 'bad') return session(id);
      const context = { service: 'identity', status: 503, requestId: null } as const;
      throw new CloudUnavailable('down', context);
    };
    expect((await observer.look([bad, good])).seen.size).toBe(1);
  });

  it('sends no more ids in a call than a URL takes', async () => {
    rig.cloud.heat.globalListAllowed = true;
    const many = Array.from({ length: 51 }, (_, index) => ({
      ...rig.cluster(),
      stackId: `s${index}`,
    }));
    await observer.look(many);
    expect(calls.map(({ ids }) => ids)).toEqual([50, 1]);
  });
});
