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
  uuid = await scene.ready({ name: 'c1', node_count: 2 });
});

const version = '1.9';
const url = () => `/v1/clusters/${uuid}/nodegroups`;
const refusal = (route: string, asked: Asked = {}) => api.refusal(route, { version, ...asked });
const create = (body: object) => api.expect(202, `POST ${url()}/`, { version, body });
const GPU = { name: 'gpu', node_count: 1, min_node_count: 0, max_node_count: null, role: 'worker' };

interface Listed {
  readonly uuid: string;
  readonly name: string;
}
const list = async (query = '') => {
  const body = await api.expect(200, `GET ${url()}${query}`, { version });
  return body['nodegroups'] as Listed[];
};
const names = async (query: string) => (await list(query)).map(({ name }) => name);

describe('GET …/nodegroups', () => {
  it('is there since 1.9', async () => {
    expect(await refusal(`GET ${url()}`, { version: '1.8' })).toBe(
      '406 Version 1.8 was requested but the requested API delete is not supported for this version.',
    );
  });

  it('lists summaries with the sizes that are set', async () => {
    await create({ ...GPU, min_node_count: 1, max_node_count: 4 });
    const groups = await list();
    expect(Object.entries(groups[0] ?? {})).toEqual(
      Object.entries({
        uuid: groups[0]?.uuid,
        name: 'default-master',
        flavor_id: 'm1.small',
        image_id: 'fedora-coreos',
        node_count: 1,
        role: 'master',
        min_node_count: 0,
        max_node_count: null,
        is_default: true,
        stack_id: 'stack-1',
        status: 'CREATE_COMPLETE',
        merge_labels: false,
      }),
    );
    expect(groups[2]).toMatchObject({ name: 'gpu', min_node_count: 1, max_node_count: 4 });
  });

  it('filters, sorts and pages', async () => {
    expect(await names('?role=master')).toEqual(['default-master']);
    expect(await names('?sort_key=name&sort_dir=desc')).toEqual([
      'default-worker',
      'default-master',
    ]);
    const first = await api.expect(200, `GET ${url()}?limit=1&role=master`, { version });
    const marker = (first['nodegroups'] as Listed[])[0]?.uuid ?? '';
    expect(first['next']).toBe(
      `http://api:9511${url()}?sort_key=id&sort_dir=asc&limit=1&marker=${marker}`,
    );
    expect(await names(`?marker=${marker}`)).toEqual(['default-worker']);
  });

  it('shows one by uuid, name or number, with all members in order', async () => {
    const shown = await api.expect(200, `GET ${url()}/default-worker`, { version });
    expect(Object.keys(shown)).toEqual(
      'id uuid name cluster_id project_id docker_volume_size labels links flavor_id image_id node_addresses node_count role min_node_count max_node_count is_default stack_id status status_reason version merge_labels labels_overridden labels_added labels_skipped node_labels node_taints created_at updated_at'.split(
        ' ',
      ),
    );
    expect(shown).toMatchObject({
      cluster_id: uuid,
      node_addresses: ['172.24.4.5'],
      node_count: 2,
      node_labels: {},
      node_taints: [],
      labels_added: {},
    });
    for (const ident of [shown['uuid'], shown['id']])
      expect(await api.expect(200, `GET ${url()}/${String(ident)}`, { version })).toEqual(shown);
    expect(await refusal(`GET ${url()}/detail`)).toBe('404 Nodegroup detail could not be found.');
    expect(await refusal(`GET /v1/clusters/none/nodegroups`)).toBe(
      '404 Cluster none could not be found.',
    );
  });
});

describe('POST …/nodegroups', () => {
  it('answers with what was asked and begins', async () => {
    const body = {
      ...GPU,
      labels: { q: 'w' },
      merge_labels: true,
      node_labels: { team: 'a' },
      node_taints: [{ key: 'gpu', value: '1', effect: 'NoSchedule' }],
    };
    const answer = await create(body);
    const id = String(answer['uuid']);
    expect(answer).toEqual({
      uuid: id,
      name: 'gpu',
      cluster_id: uuid,
      project_id: scene.projectId,
      labels: { kube_tag: 'v1.30.1', a: '1', q: 'w' },
      links: [
        { href: `http://api:9511${url()}/${id}`, rel: 'self' },
        { href: `http://api:9511/clusters/${uuid}/nodegroups/${id}`, rel: 'bookmark' },
      ],
      flavor_id: 'm1.small',
      image_id: 'fedora-coreos',
      node_count: 1,
      role: 'worker',
      min_node_count: 0,
      max_node_count: null,
      merge_labels: false,
      labels_overridden: {},
      labels_added: { q: 'w' },
      labels_skipped: {},
      node_labels: { team: 'a' },
      node_taints: [{ key: 'gpu', value: '1', effect: 'NoSchedule' }],
    });
    expect(api.news()).toMatchObject([
      { type: 'NodegroupRequested', data: { nodegroup: { uuid: id } } },
    ]);
    expect(await api.expect(200, `GET ${url()}/gpu`, { version })).toMatchObject({
      status: 'CREATE_IN_PROGRESS',
      stack_id: null,
      is_default: false,
    });
  });

  it('takes several at once', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => create({ ...GPU, name })));
    expect(await names('?role=worker')).toHaveLength(4);
  });

  it.each([
    [
      { name: undefined },
      "400 Invalid input for field/attribute name. Value: 'None'. Mandatory field missing.",
    ],
    [{ role: 'master' }, '400 Creating master nodegroups is currently not supported.'],
    [{ flavor_id: 'none' }, '400 Unable to find flavor none.'],
    [{ image_id: 'none' }, '400 Image none could not be found.'],
    [
      { min_node_count: 2, max_node_count: 1 },
      '409 max_node_count for gpu is invalid (min_node_count (2) should be less or equal to max_node_count (1)).',
    ],
    [
      { node_count: 2, max_node_count: 1 },
      '409 max_node_count for gpu is invalid (node_count (2) should be less or equal to max_node_count (1)).',
    ],
    [
      { min_node_count: 2 },
      '409 min_node_count for gpu is invalid (min_node_count (2) should be less or equal to node_count (1)).',
    ],
    [
      { node_taints: [{ x: 'y' }] },
      '409 node_taints for gpu is invalid (node_taints[0] contains unrecognised field(s) x; allowed fields are key, value, effect).',
    ],
    [
      { node_taints: [{ effect: 'NoSchedule' }] },
      '409 node_taints for gpu is invalid (node_taints[0].key is required).',
    ],
    [
      { node_taints: [{ key: 'k', effect: 'Never' }] },
      '409 node_taints for gpu is invalid (node_taints[0].effect must be one of NoSchedule, PreferNoSchedule, NoExecute).',
    ],
  ])('refuses %j: %s', async (change, expected) => {
    expect(await refusal(`POST ${url()}`, { body: { ...GPU, ...change } })).toBe(expected);
    expect(api.news()).toEqual([]);
  });

  it('refuses a name that is taken, and a cluster without an API', async () => {
    const body = { ...GPU, name: 'default-worker' };
    expect(await refusal(`POST ${url()}`, { body })).toBe(
      `409 A node group with name default-worker already exists in the cluster ${uuid}.`,
    );
    uuid = await scene.create({ name: 'young' });
    expect(await refusal(`POST ${url()}`, { body: GPU })).toBe(
      '409 Cluster API address is not available yet',
    );
  });

  it('says so where a driver has no more than the default ones', async () => {
    await scene.template({
      name: 'swarm',
      coe: 'swarm',
      image_id: 'Fedora-Atomic-26-20170723.0.x86_64',
    });
    uuid = await scene.ready({ name: 'swarm', cluster_template_id: 'swarm' });
    expect(await refusal(`POST ${url()}`, { body: GPU })).toBe(
      '400 Additional nodegroups are not supported by driver swarm_fedora_atomic_v1.',
    );
  });
});

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

describe('PATCH …/nodegroups/{id}', () => {
  it('changes bounds, labels and taints', async () => {
    const answer = await api.expect(202, `PATCH ${url()}/default-worker`, {
      version,
      body: [
        ...replace('/max_node_count', '4'),
        ...replace('/node_labels', "{'team': 'a'}"),
        ...replace('/node_taints', "[{'key': 'k', 'effect': 'NoExecute'}]"),
      ],
    });
    expect(answer).toMatchObject({
      max_node_count: 4,
      node_labels: { team: 'a' },
      node_taints: [{ key: 'k', effect: 'NoExecute' }],
      status: 'CREATE_COMPLETE',
    });
    expect(api.news()).toMatchObject([
      {
        type: 'NodegroupChanged',
        data: { changes: { maxNodeCount: 4, nodeLabels: { team: 'a' } } },
      },
    ]);
  });

  it.each([
    ['/node_count', 3, "400 '/node_count' is an internal attribute and can not be updated"],
    ['/name', 'x', "400 '/name' is an internal attribute and can not be updated"],
    [
      '/max_node_count',
      1,
      '409 max_node_count for default-worker is invalid (node_count (2) should be less or equal to max_node_count (1)).',
    ],
    [
      '/node_taints',
      "[{'key': 'k'}]",
      expect.stringMatching(/^409 node_taints for default-worker/),
    ],
  ])('refuses %s = %j', async (path, value, expected) => {
    const body = replace(path, value);
    expect(await refusal(`PATCH ${url()}/default-worker`, { body })).toEqual(expected);
  });
});

describe('DELETE …/nodegroups/{id}', () => {
  it('takes additional ones away, never default ones', async () => {
    await create(GPU);
    api.news();
    await api.expect(204, `DELETE ${url()}/gpu`, { version });
    expect(api.news()).toMatchObject([{ type: 'NodegroupRemovalRequested' }]);
    expect(await refusal(`DELETE ${url()}/default-worker`)).toBe(
      '400 Deleting a default nodegroup is not supported.',
    );
    expect(await refusal(`DELETE ${url()}/none`)).toBe('404 Nodegroup none could not be found.');
  });
});
