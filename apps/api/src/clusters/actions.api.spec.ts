import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest, type Asked } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

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
  uuid = await scene.ready({ name: 'c1' });
});

const act = (action: string, asked: Asked) =>
  api.refusal(`POST /v1/clusters/${uuid}/actions/${action}`, { version: '1.10', ...asked });

/** The conductor is done with what was asked for last. */
const ended = async (type: 'ClusterResized' | 'ResizeFailed') => {
  const { operationId } = api.news().at(-1)?.data as { operationId: string };
  const facts = { apiAddress: null, discoveryUrl: null, coeVersion: null, containerVersion: null };
  const data = { operationId, at: '2026-01-01T13:00:00.000Z', reason: 'no host' };
  await api.happened(`cluster-${uuid}`, {
    type,
    data: { ...data, facts: { ...facts, nodegroups: {} } },
  });
};

describe('resize', () => {
  it('resizes the default workers, or a group by name', async () => {
    const url = `POST /v1/clusters/c1/actions/resize`;
    const body = { node_count: 3, nodes_to_remove: ['0'] };
    const answer = await api.ask(url, { version: '1.7', body });
    expect([answer.status, answer.body]).toEqual([202, { uuid }]);
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodeCount: 3, nodesToRemove: ['0'], rollback: false } },
    ]);
    await api.expect(202, url, {
      version: '1.7',
      body: { node_count: 2, nodegroup: 'default-worker' },
    });
    expect(api.news()).toMatchObject([{ type: 'ResizeRequested', data: { nodeCount: 2 } }]);
    expect((await api.ask('GET /v1/clusters/c1')).body['status']).toBe('UPDATE_IN_PROGRESS');
  });

  it.each([
    [
      {},
      "400 Invalid input for field/attribute node_count. Value: 'None'. Mandatory field missing.",
    ],
    [{ node_count: 2, nodegroup: 'none' }, '404 Nodegroup none could not be found.'],
    [
      { node_count: 3, nodegroup: 'default-master' },
      '400 Resizing the master nodegroup is not supported by this driver.',
    ],
  ])('refuses %j: %s', async (body, refusal) => {
    expect(await act('resize', { body })).toBe(refusal);
  });

  it('keeps to the bounds of the group', async () => {
    const body = [{ op: 'replace', path: '/max_node_count', value: 4 }];
    const url = `PATCH /v1/clusters/${uuid}/nodegroups/default-worker`;
    await api.expect(202, url, { version: '1.9', body });
    expect(await act('resize', { body: { node_count: 5 } })).toBe(
      '400 Resizing default-worker outside the allowed range: min_node_count = 0, max_node_count = 4',
    );
  });

  it('knows no nodes since 1.10', async () => {
    const body = { node_count: 0 };
    expect(await act('resize', { version: '1.9', body })).toBe(
      '400 Resizing a nodegroup to zero is not supported in the provided microversion.',
    );
    expect(await act('resize', { body })).toBe(`202 ${JSON.stringify({ uuid })}`);
  });

  it.each([
    [1, ['0', '1'], /^400 nodes_to_remove names 2 nodes of default-worker, .* no more than 1\.$/],
    [1, ['7'], /^400 Node 7 is not in the node group default-worker\.$/],
    [1, ['c1-worker-0'], /^400 Node c1-worker-0 is not in the node group default-worker\.$/],
    [1, ['172.24.4.4'], /^400 Node 172\.24\.4\.4 is not in the node group default-worker\.$/],
    [1, ['172.24.4.5'], /^202/],
    [2, ['6f2e7c6e-4d0c-4f5c-8a53-5b5a1d2c3e4f'], /^202/],
    [1, ['6f2e7c6e-4d0c-4f5c-8a53-5b5a1d2c3e4f'], /^202/],
    [1, null, /^202/],
  ])('of two to %i without %j: %s', async (node_count, nodes_to_remove, refusal) => {
    uuid = await scene.ready({ name: 'two', node_count: 2 });
    expect(await act('resize', { body: { node_count, nodes_to_remove } })).toMatch(refusal);
    expect(api.news()).toHaveLength(refusal.source.startsWith('^2') ? 1 : 0);
  });

  it('knows that indexes go on, and do not come again, where nodes were removed by name', async () => {
    const index = (node_count: number, nodes_to_remove: string[]) =>
      act('resize', { body: { node_count, nodes_to_remove } });
    uuid = await scene.ready({ name: 'three', node_count: 3 });
    expect(await index(3, ['3'])).toMatch(/^400 Node 3 is not/);
    expect(await index(3, ['0', '1'])).toMatch(/^202/);
    await ended('ClusterResized');
    expect(await index(2, ['1'])).toMatch(/^400 Node 1 is not/);
    expect(await index(2, ['4'])).toMatch(/^202/);
    expect(await index(2, ['6'])).toMatch(/^400 Node 6 is not/);
  });

  it('takes a node again that could not be removed', async () => {
    const body = { node_count: 1, nodes_to_remove: ['1'] };
    uuid = await scene.ready({ name: 'two', node_count: 2 });
    api.news();
    expect(await act('resize', { body })).toMatch(/^202/);
    expect(await act('resize', { body })).toMatch(/^400 Node 1 is being taken away already\./);
    await ended('ResizeFailed');
    expect(await act('resize', { body })).toMatch(/^202/);
  });

  it('is there since 1.7', async () => {
    expect(await act('resize', { version: '1.6', body: { node_count: 1 } })).toBe(
      '406 Version 1.6 was requested but the requested API resize is not supported for this version.',
    );
  });

  it('says what is in the way', async () => {
    uuid = await scene.create({ name: 'young' });
    expect(await act('resize', { body: { node_count: 2 } })).toMatch(
      /^400 Resizing a cluster when status is "CREATE_IN_PROGRESS" is not supported\. In the way/,
    );
  });

  it('is for admins of other projects, and for no readers', async () => {
    const body = { node_count: 2 };
    expect(await act('resize', { as: 'demo_reader@demo', body })).toBe(
      "403 Policy doesn't allow cluster:resize to be performed.",
    );
    expect(await act('resize', { as: 'alt_demo', body })).toBe(
      `404 Cluster ${uuid} could not be found.`,
    );
    expect(await act('resize', { as: 'admin', body })).toMatch(/^202/);
  });
});

describe('upgrade', () => {
  const body = { cluster_template: 'k8s' };

  it.each([
    [
      '1.6',
      body,
      '406 Version 1.6 was requested but the requested API upgrade is not supported for this version.',
    ],
    ['1.7', body, '400 Cluster upgrade is not supported in the provided microversion.'],
    [
      '1.8',
      {},
      "400 Invalid input for field/attribute cluster_template. Value: 'None'. Mandatory field missing.",
    ],
    ['1.8', { cluster_template: 'none' }, '404 ClusterTemplate none could not be found.'],
    [
      '1.8',
      { ...body, max_batch_size: 0 },
      "400 Invalid input for field/attribute max_batch_size. Value: '0'. Value should be greater or equal to 1",
    ],
    ['1.8', { ...body, nodegroup: 'none' }, '404 Nodegroup none could not be found.'],
    ['1.8', body, '400 Upgrading a cluster that uses the Magnum Heat driver is not supported.'],
  ])('at %s of %j: %s', async (version, asked, refusal) => {
    expect(await act('upgrade', { version, body: asked })).toBe(refusal);
    expect(api.news()).toEqual([]);
  });

  it('takes a group of its own to no template but that of the cluster', async () => {
    await scene.template({ name: 'k8s-next' });
    const group = { name: 'gpu', node_count: 1 };
    await api.expect(202, `POST /v1/clusters/${uuid}/nodegroups`, { version: '1.9', body: group });
    const to = (cluster_template: string, nodegroup: string) =>
      act('upgrade', { body: { cluster_template, nodegroup } });
    expect(await to('k8s-next', 'gpu')).toBe(
      "409 Cluster Template is not valid for upgrade: Nodegroup gpu can be upgraded only to match cluster's template (k8s).",
    );
    const inTheWay =
      /^400 Upgrading a cluster when .* In the way: the creation of node group gpu, begun /;
    expect(await to('k8s', 'gpu')).toMatch(inTheWay);
    expect(await to('k8s-next', 'default-worker')).toMatch(inTheWay);
  });

  it('finds templates that the caller sees', async () => {
    const body = { cluster_template: 'theirs', nodegroup: 'none' };
    const template = await api.expect(201, 'POST /v1/clustertemplates', {
      as: 'alt_demo',
      body: {
        name: 'theirs',
        coe: 'kubernetes',
        image_id: 'fedora-coreos',
        external_network_id: 'public',
      },
    });
    expect(await act('upgrade', { body })).toBe('404 ClusterTemplate theirs could not be found.');
    expect(await act('upgrade', { body, as: 'admin' })).toMatch(/^404 Nodegroup none/);
    await api.expect(200, `PATCH /v1/clustertemplates/${String(template['uuid'])}`, {
      as: 'admin',
      body: [{ op: 'replace', path: '/public', value: true }],
    });
    expect(await act('upgrade', { body })).toMatch(/^404 Nodegroup none/);
  });

  it('looks at the status first', async () => {
    uuid = await scene.create({ name: 'young' });
    expect(await act('upgrade', { body })).toMatch(
      /^400 Upgrading a cluster when status is "CREATE_IN_PROGRESS" is not supported\./,
    );
  });
});

it('unknown actions are 405', async () => {
  expect((await api.ask(`POST /v1/clusters/${uuid}/actions/dance`)).status).toBe(405);
  expect((await api.ask(`GET /v1/clusters/${uuid}/actions/resize`)).status).toBe(405);
});
