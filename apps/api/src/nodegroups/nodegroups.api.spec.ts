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

interface Differing {
  readonly added?: object;
  readonly overridden?: object;
  readonly skipped?: object;
}

interface Listed {
  readonly uuid: string;
  readonly name: string;
  readonly status: string;
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
    expect(await names(`?marker=${marker}&role=worker`)).toEqual(['default-worker']);
    expect(await names(`?marker=${marker}&role=master`)).toEqual([]);
    const away = '6f2e7c6e-4d0c-4f5c-8a53-5b5a1d2c3e4f';
    expect(await refusal(`GET ${url()}?marker=${away}`)).toBe(
      `404 Nodegroup ${away} could not be found.`,
    );
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

  it('takes several at once, and deletions meanwhile', async () => {
    const some = Array.from({ length: 12 }, (_, index) => `some-${index}`);
    await Promise.all(some.map((name) => create({ ...GPU, name })));
    expect(await names('?role=worker')).toHaveLength(13);
    const gone = some.map((name) => api.expect(204, `DELETE ${url()}/${name}`, { version }));
    await Promise.all([...gone, create(GPU), create({ ...GPU, name: 'other' })]);
    const left = (await list('?role=worker')).filter(({ status }) => !status.startsWith('DELETE'));
    expect(left.map(({ name }) => name).sort()).toEqual(['default-worker', 'gpu', 'other']);
  });

  it.each([
    [
      { name: undefined },
      "400 Invalid input for field/attribute name. Value: 'None'. Mandatory field missing.",
    ],
    [
      { links: [] },
      "400 Invalid input for field/attribute links. Value: '[]'. Cannot set read only field.",
    ],
    [
      { stack_id: 's' },
      "400 Invalid input for field/attribute stack_id. Value: 's'. Cannot set read only field.",
    ],
    [{ bogus: 1 }, '400 Unknown attribute for argument nodegroup: bogus'],
    [
      { docker_volume_size: 0 },
      "400 Invalid input for field/attribute docker_volume_size. Value: '0'. Value should be greater or equal to 1",
    ],
    [
      { node_labels: { 'kubernetes.io/x': 'y' } },
      '409 node_labels for gpu is invalid (label kubernetes.io/x is reserved for Kubernetes).',
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

  it.each<[object, object, object]>([
    [{}, { kube_tag: 'v1.30.1', a: '1' }, { added: {}, overridden: {}, skipped: {} }],
    [{ labels: null }, { kube_tag: 'v1.30.1', a: '1' }, { added: {}, overridden: {}, skipped: {} }],
    [{ labels: {} }, {}, { added: {}, overridden: {}, skipped: { kube_tag: 'v1.30.1', a: '1' } }],
    [
      { labels: { a: 2, b: true } },
      { a: '2', b: 'True' },
      { added: { b: 'True' }, overridden: { a: '1' }, skipped: { kube_tag: 'v1.30.1' } },
    ],
    [
      { labels: { a: 2 }, merge_labels: 'yes' },
      { kube_tag: 'v1.30.1', a: '2' },
      { added: {}, overridden: { a: '1' }, skipped: {} },
    ],
  ])(
    'of %j has the labels %j',
    async (asked, labels, { added, overridden, skipped }: Differing) => {
      const expected = {
        labels,
        labels_added: added,
        labels_overridden: overridden,
        labels_skipped: skipped,
      };
      const answer = await create({ ...GPU, ...asked });
      const shown = await api.expect(200, `GET ${url()}/gpu`, { version });
      for (const body of [answer, shown])
        expect(Object.fromEntries(Object.keys(expected).map((key) => [key, body[key]]))).toEqual(
          expected,
        );
    },
  );

  it('takes no word of what it decides itself', async () => {
    const foreign = '6f2e7c6e-4d0c-4f5c-8a53-5b5a1d2c3e4f';
    const told = { id: 4, uuid: foreign, is_default: true, status: 'CREATE_FAILED', version: '9' };
    await create({ ...GPU, ...told, status_reason: 'x', cluster_id: foreign, labels_added: {} });
    const shown = await api.expect(200, `GET ${url()}/gpu`, { version });
    expect(shown).toMatchObject({
      is_default: false,
      status: 'CREATE_IN_PROGRESS',
      status_reason: null,
      version: null,
      cluster_id: uuid,
    });
    expect(shown['uuid']).not.toBe(foreign);
    expect(shown['id']).not.toBe(4);
  });

  it('takes sizes as text, and no nodes at all', async () => {
    await create({ ...GPU, node_count: '2', max_node_count: '4' });
    await create({ name: 'none', node_count: 0, max_node_count: 0 });
    expect(await list('?sort_key=name&sort_dir=desc&limit=2')).toMatchObject([
      { name: 'none', node_count: 0, min_node_count: 0, max_node_count: 0, role: 'worker' },
      { name: 'gpu', node_count: 2, min_node_count: 0, max_node_count: 4 },
    ]);
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

  it('goes back to what there was without', async () => {
    const change = (op: string, path: string, value?: unknown) =>
      api.expect(202, `PATCH ${url()}/default-worker`, { version, body: [{ op, path, value }] });
    await change('add', '/max_node_count', 4);
    await change('replace', '/min_node_count', '2');
    await change('add', '/node_labels/team', 'a');
    expect(await api.expect(200, `GET ${url()}/default-worker`, { version })).toMatchObject({
      ...{ min_node_count: 2, max_node_count: 4, node_labels: { team: 'a' } },
      updated_at: expect.stringMatching(/^2026-/),
    });
    await change('remove', '/max_node_count');
    await change('remove', '/min_node_count');
    await change('remove', '/node_labels');
    await change('remove', '/node_taints');
    expect(await api.expect(200, `GET ${url()}/default-worker`, { version })).toMatchObject({
      ...{ min_node_count: 0, max_node_count: null, node_labels: {}, node_taints: [] },
    });
  });

  it('to nothing new, or of nothing, changes nothing', async () => {
    for (const body of [[], replace('/min_node_count', 0), replace('/node_labels', '{}')])
      await api.expect(202, `PATCH ${url()}/default-worker`, { version, body });
    expect(api.news()).toEqual([]);
    expect(await refusal(`PATCH ${url()}/default-worker`)).toBe('400 Missing argument: "patch"');
  });

  it('waits for a group that is being made, and says so', async () => {
    await create(GPU);
    expect(await refusal(`PATCH ${url()}/gpu`, { body: replace('/max_node_count', 4) })).toMatch(
      /^400 nodegroup_update when nodegroup status is "CREATE_IN_PROGRESS" is not supported\. In the way: the creation of node group gpu, begun /,
    );
  });

  it.each(
    [
      ...['created_at', 'id', 'links', 'updated_at', 'uuid', 'project_id', 'user_id', 'name'],
      ...['cluster_id', 'docker_volume_size', 'labels', 'flavor_id', 'image_id', 'version'],
      ...['node_addresses', 'role', 'is_default', 'stack_id', 'status', 'status_reason'],
    ].map((member) => [member]),
  )('leaves %s alone', async (member) => {
    for (const op of ['replace', 'remove', 'add'])
      expect(
        await refusal(`PATCH ${url()}/default-worker`, {
          body: [{ op, path: `/${member}`, value: 'x' }],
        }),
      ).toBe(`400 '/${member}' is an internal attribute and can not be updated`);
  });

  it.each([
    ['/node_count', 3, "400 '/node_count' is an internal attribute and can not be updated"],
    [
      '/min_node_count',
      3,
      '409 min_node_count for default-worker is invalid (min_node_count (3) should be less or equal to node_count (2)).',
    ],
    [
      '/node_labels',
      "{'k8s.io/a': 'b'}",
      '409 node_labels for default-worker is invalid (label k8s.io/a is reserved for Kubernetes).',
    ],
    [
      '/bogus',
      1,
      "400 Couldn't apply patch '[{'path': '/bogus', 'op': 'replace', 'value': 1}]'. Reason: can't replace a non-existent object 'bogus'",
    ],
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
