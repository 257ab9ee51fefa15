import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest, type Asked } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(() => scene.clear());

interface Tried {
  readonly would: readonly { field: string; from: unknown; to: unknown }[];
  readonly checks: readonly { name: string; status: string; message: string | null }[];
}

/** What a dry run says. It must leave nothing behind. */
const tried = async (route: string, asked: Asked = {}): Promise<Tried> => {
  api.news();
  const trusts = api.cloud.keystone.trusts.size;
  const answer = await api.expect(200, `${route}?dry_run=true`, { version: '1.10', ...asked });
  expect(answer['dry_run']).toBe(true);
  expect(api.news()).toEqual([]);
  expect(api.cloud.keystone.trusts.size).toBe(trusts);
  return answer as object as Tried;
};

const failures = ({ checks }: Tried) => checks.filter(({ status }) => status === 'failed');
const names = ({ checks }: Tried) => checks.map(({ name }) => name);

describe('a dry run of POST /clusters', () => {
  const wish = (changes: object = {}) => ({
    body: { name: 'c', cluster_template_id: scene.templateId, ...changes },
  });

  it('tells of all checks in their order, and what there would be', async () => {
    const answer = await tried('POST /v1/clusters', wish({ node_count: 2 }));
    expect(failures(answer)).toEqual([]);
    expect(names(answer)).toEqual([
      ...['node count', 'template', 'driver', 'size', 'policy', 'quota', 'hidden template'],
      ...['cloud resources', 'node groups', 'trust', 'quota claim', 'state'],
    ]);
    expect(answer.would).toEqual(
      expect.arrayContaining([
        { field: 'name', from: null, to: 'c' },
        { field: 'node_count', from: null, to: 2 },
        { field: 'status', from: null, to: 'CREATE_COMPLETE' },
        { field: 'nodegroups.default-master.node_count', from: null, to: 1 },
      ]),
    );
    const { clusters } = await api.expect(200, 'GET /v1/clusters');
    expect(clusters).toEqual([]);
  });

  it.each([
    [{ cluster_template_id: 'none' }, 'template', 'ClusterTemplate none could not be found.'],
    [{ master_count: 2 }, 'size', /./],
    [{ flavor_id: 'none' }, 'cloud resources', 'Unable to find flavor none.'],
    [
      { master_count: 3, master_lb_enabled: false },
      'node groups',
      'master_count must be 1 when master_lb_enabled is False',
    ],
  ])('stops at the check %j fails', async (changes, name, message) => {
    const asked = wish(changes);
    const answer = await tried('POST /v1/clusters', asked);
    expect(answer.would).toEqual([]);
    expect(answer.checks.at(-1)).toEqual({
      name,
      status: 'failed',
      message: expect.stringMatching(message),
    });
    expect(failures(answer)).toHaveLength(1);
    expect(await api.refusal('POST /v1/clusters', { version: '1.10', ...asked })).toBe(
      `${name === 'template' ? 404 : 400} ${answer.checks.at(-1)?.message ?? ''}`,
    );
  });

  it('tells of policy, of the quota, and of callers who cannot lend', async () => {
    const reader = await tried('POST /v1/clusters', { ...wish(), as: 'demo_reader@demo' });
    expect(reader.checks.at(-1)).toMatchObject({ name: 'policy', status: 'failed' });
    const { projectId } = scene;
    const data = { resource: 'Cluster', hardLimit: 0, at: '2026-01-01T13:00:00.000Z' };
    await api.happened(`project-${projectId}`, { type: 'QuotaSet', data });
    expect((await tried('POST /v1/clusters', wish())).checks.at(-1)).toMatchObject({
      name: 'quota',
      status: 'failed',
    });
  });

  it('is refused like any other request when it cannot be read', async () => {
    const url = 'POST /v1/clusters?dry_run=true';
    expect(await api.refusal(url, { body: { name: 'c' } })).toMatch(/^400 /);
    expect(await api.refusal('POST /v1/clusters?dry_run=maybe', wish())).toMatch(/^400 /);
    expect((await api.ask(url, { ...wish(), token: 'none' })).status).toBe(401);
  });

  it('does what is asked for when dry_run is false', async () => {
    await api.expect(202, 'POST /v1/clusters?dry_run=false', { version: '1.10', ...wish() });
  });
});

describe('a dry run on a cluster', () => {
  it('of a resize tells of the nodes', async () => {
    const uuid = await scene.ready({});
    const url = `POST /v1/clusters/${uuid}/actions/resize`;
    const answer = await tried(url, { body: { node_count: 4 } });
    expect(names(answer)).toEqual(['cluster', 'node count', 'node group', 'state']);
    expect(answer.would).toEqual([
      { field: 'node_count', from: 1, to: 4 },
      { field: 'status', from: 'CREATE_COMPLETE', to: 'UPDATE_COMPLETE' },
      { field: 'nodegroups.default-worker.node_count', from: 1, to: 4 },
      { field: 'nodegroups.default-worker.status', from: 'CREATE_COMPLETE', to: 'UPDATE_COMPLETE' },
    ]);
  });

  it('of a resize tells what stands in the way', async () => {
    const url = `POST /v1/clusters/${await scene.create({})}/actions/resize`;
    const answer = await tried(url, { body: { node_count: 4 } });
    expect(answer.checks.at(-1)).toMatchObject({
      name: 'state',
      status: 'failed',
      message: expect.stringContaining('the creation of the cluster'),
    });
  });

  it('of a resize tells of nodes that cannot go', async () => {
    const url = `POST /v1/clusters/${await scene.ready({ node_count: 3 })}/actions/resize`;
    const asked = (...nodes: string[]) => ({ body: { node_count: 2, nodes_to_remove: nodes } });
    expect((await tried(url, asked('9'))).checks.at(-1)).toEqual({
      name: 'node group',
      status: 'failed',
      message: 'Node 9 is not in the node group default-worker.',
    });
    expect((await tried(url, asked('0', '1'))).checks.at(-1)).toEqual({
      name: 'state',
      status: 'failed',
      message:
        'nodes_to_remove names 2 nodes of default-worker, but resizing it from 3 to 2 can take away no more than 1.',
    });
    expect(failures(await tried(url, asked('0')))).toEqual([]);
  });

  it('of an upgrade tells that the driver has none', async () => {
    const uuid = await scene.ready({});
    const url = `POST /v1/clusters/${uuid}/actions/upgrade`;
    const answer = await tried(url, { body: { cluster_template: 'k8s' } });
    expect(names(answer)).toEqual(['cluster', 'template', 'node group', 'driver']);
    expect(failures(answer)).toMatchObject([
      { name: 'driver', message: expect.stringContaining('is not supported') },
    ]);
  });

  it('of a deletion tells that it goes, and heeds If-Match', async () => {
    const uuid = await scene.ready({});
    expect((await tried(`DELETE /v1/clusters/${uuid}`)).would).toEqual([
      { field: 'status', from: 'CREATE_COMPLETE', to: 'DELETE_COMPLETE' },
    ]);
    const stale = await tried(`DELETE /v1/clusters/${uuid}`, { headers: { 'if-match': '"x"' } });
    expect(failures(stale)).toMatchObject([{ name: 'if-match' }]);
  });

  it('of another project tells no more than that there is none', async () => {
    const uuid = await scene.ready({});
    const answer = await tried(`DELETE /v1/clusters/${uuid}`, { as: 'alt_demo' });
    expect(answer).toMatchObject({
      would: [],
      checks: [
        { name: 'cluster', status: 'failed', message: `Cluster ${uuid} could not be found.` },
      ],
    });
  });
});

describe('a dry run on node groups', () => {
  it('of a new one tells of its members', async () => {
    const url = `POST /v1/clusters/${await scene.ready({})}/nodegroups`;
    const answer = await tried(url, { body: { name: 'extra', node_count: 2 } });
    expect(names(answer)).toEqual(['cluster', 'node group', 'cloud resources', 'state']);
    expect(answer.would).toEqual(
      expect.arrayContaining([
        { field: 'node_count', from: 1, to: 3 },
        { field: 'nodegroups.extra.node_count', from: null, to: 2 },
        { field: 'nodegroups.extra.status', from: null, to: 'CREATE_COMPLETE' },
      ]),
    );
  });

  it('of a deletion tells of the nodes that go', async () => {
    const uuid = await scene.ready({});
    const url = `/v1/clusters/${uuid}/nodegroups`;
    await api.expect(202, `POST ${url}`, {
      version: '1.10',
      body: { name: 'extra', node_count: 2 },
    });
    const answer = await tried(`DELETE ${url}/extra`);
    expect(answer.would).toEqual(
      expect.arrayContaining([
        { field: 'node_count', from: 3, to: 1 },
        { field: 'nodegroups.extra.node_count', from: 2, to: null },
      ]),
    );
    const kept = await tried(`DELETE ${url}/default-worker`);
    expect(failures(kept)).toEqual([
      {
        name: 'state',
        status: 'failed',
        message: 'Deleting a default nodegroup is not supported.',
      },
    ]);
  });
});
