import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/** What the cluster-autoscaler's provider for Magnum sends. It speaks the latest version. */
let api: ApiUnderTest;
let scene: ClusterScene;
let uuid: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
  uuid = await scene.ready({ name: 'scaled', node_count: 3 });
});

const version = 'latest';
const GROUPS = '/v1/clusters/scaled/nodegroups';

interface Group {
  readonly uuid: string;
  readonly role: string;
}

/** Those that may be scaled: no masters, with an upper bound, which it looks for in each alone. */
const discovered = async () => {
  const { nodegroups } = await api.expect(200, `GET ${GROUPS}`, { version });
  const workers = (nodegroups as Group[]).filter(({ role }) => role !== 'master');
  const details = await Promise.all(
    workers.map((group) => api.expect(200, `GET ${GROUPS}/${group.uuid}`, { version })),
  );
  return details.filter((group) => group['max_node_count'] !== null);
};

const bound = async (most: number): Promise<string> => {
  const body = [{ op: 'replace', path: '/max_node_count', value: most }];
  await api.expect(202, `PATCH ${GROUPS}/default-worker`, { version, body });
  const [group] = await discovered();
  api.news();
  return String(group?.['uuid']);
};

const resize = (body: object) =>
  api.ask('POST /v1/clusters/scaled/actions/resize', { version, body });

describe('cluster-autoscaler', () => {
  it('discovers groups that have an upper bound', async () => {
    expect(await discovered()).toEqual([]);
    await bound(5);
    expect(await discovered()).toMatchObject([
      {
        name: 'default-worker',
        role: 'worker',
        node_count: 3,
        min_node_count: 0,
        max_node_count: 5,
        // Where it looks for the servers.
        stack_id: 'stack-1',
      },
    ]);
  });

  it('grows a group that it knows by uuid', async () => {
    const nodegroup = await bound(5);
    expect((await resize({ node_count: 5, nodegroup })).body).toEqual({ uuid });
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodegroupId: nodegroup, nodeCount: 5 } },
    ]);
    const shown = await api.expect(200, `GET ${GROUPS}/${nodegroup}`, { version });
    expect(shown).toMatchObject({ node_count: 5, status: 'UPDATE_IN_PROGRESS' });
  });

  it('takes away the nodes it names, by server or by place in the stack', async () => {
    const nodegroup = await bound(5);
    const nodes = ['4c30961a-6e2f-42be-be01-5270e1546a89', '2'];
    expect((await resize({ node_count: 1, nodes_to_remove: nodes, nodegroup })).status).toBe(202);
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodegroupId: nodegroup, nodesToRemove: nodes } },
    ]);
  });

  it('goes down to no nodes', async () => {
    const nodegroup = await bound(5);
    expect((await resize({ node_count: 0, nodegroup })).status).toBe(202);
    const shown = await api.expect(200, `GET ${GROUPS}/${nodegroup}`, { version });
    expect(shown['node_count']).toBe(0);
  });

  it('grows again while the last growth is not over', async () => {
    const nodegroup = await bound(5);
    await resize({ node_count: 4, nodegroup });
    expect((await resize({ node_count: 5, nodegroup })).status).toBe(202);
    const shown = await api.expect(200, `GET ${GROUPS}/${nodegroup}`, { version });
    expect(shown['node_count']).toBe(5);
  });
});
