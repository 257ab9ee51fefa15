import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest, type Asked } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start({ environment: { JEROBOAM_MAX_MICROVERSION: '1.14' } });
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
});

const URL = '/v1/clusters';
const NOBODY = '5d12f6fd-a196-4bf0-ae4c-1f639a523a53';
const post = (asked: Asked) => api.refusal(`POST ${URL}`, asked);

describe('POST /clusters', () => {
  it('answers 202 with the uuid, and the cluster is there at once', async () => {
    const answer = await api.ask(`POST ${URL}`, {
      body: {
        name: 'c1',
        cluster_template_id: 'k8s',
        keypair: null,
        discovery_url: null,
        create_timeout: 60,
        master_count: 1,
        node_count: '2',
        labels: { kube_tag: 'v1.30.2', z: true },
      },
    });
    expect(answer.status).toBe(202);
    const uuid = String(answer.body['uuid']);
    expect(answer.body).toEqual({ uuid });
    const shown = await api.expect(200, `GET ${URL}/c1`, { version: '1.12' });
    expect(Object.entries(shown)).toEqual(
      Object.entries({
        uuid,
        name: 'c1',
        cluster_template_id: scene.templateId,
        keypair: null,
        node_count: 2,
        master_count: 1,
        docker_volume_size: null,
        labels: { kube_tag: 'v1.30.2', z: 'True' },
        master_flavor_id: 'm1.small',
        flavor_id: 'm1.small',
        create_timeout: 60,
        links: [
          { href: `http://api:9511${URL}/${uuid}`, rel: 'self' },
          { href: `http://api:9511/clusters/${uuid}`, rel: 'bookmark' },
        ],
        stack_id: null,
        status: 'CREATE_IN_PROGRESS',
        status_reason: null,
        health_status: null,
        health_status_reason: {},
        discovery_url: null,
        api_address: null,
        coe_version: null,
        container_version: null,
        project_id: scene.projectId,
        user_id: api.cloud.keystone.directory.userNamed('demo')?.id,
        node_addresses: [],
        master_addresses: [],
        fixed_network: null,
        fixed_subnet: null,
        floating_ip_enabled: true,
        merge_labels: false,
        labels_overridden: { kube_tag: 'v1.30.1' },
        labels_added: { z: 'True' },
        labels_skipped: { a: '1' },
        master_lb_enabled: false,
        created_at: expect.stringMatching(/\.000000\+00:00$/),
        updated_at: null,
      }),
    );
  });

  it('claims a place and puts the request with its trust into the log', async () => {
    const uuid = await scene.create({ create_timeout: 5 });
    const news = api.news();
    expect(news.map(({ stream, type }) => [stream, type])).toEqual([
      [`project-${scene.projectId}`, 'ClusterClaimed'],
      [`cluster-${uuid}`, 'ClusterRequested'],
    ]);
    const [trust, ...others] = api.cloud.keystone.trusts.values();
    expect(others).toEqual([]);
    expect(trust).toMatchObject({
      trustorUserId: api.cloud.keystone.directory.userNamed('demo')?.id,
      trusteeUserId: api.cloud.keystone.directory.userNamed('jeroboam')?.id,
      projectId: scene.projectId,
      redelegationCount: 2,
    });
    const { data, metadata } = news[1] ?? {};
    expect(data).toMatchObject({
      trustId: trust?.id,
      cluster: { uuid, userName: 'demo', driver: 'k8s_fedora_coreos_v1', createTimeoutMinutes: 5 },
      nodegroups: [
        { name: 'default-master', role: 'master', isDefault: true, nodeCount: 1 },
        { name: 'default-worker', role: 'worker', isDefault: true, nodeCount: 1 },
      ],
    });
    const { at, deadline, operationId } = data as Record<string, string>;
    expect(Date.parse(deadline ?? '') - Date.parse(at ?? '')).toBe(5 * 60_000);
    expect(metadata).toMatchObject({ commandId: operationId, actor: { userName: 'demo' } });
  });

  it('inherits labels, replaces or merges them', async () => {
    const labels = async (body: object) => {
      const uuid = await scene.create(body);
      return (await api.expect(200, `GET ${URL}/${uuid}`))['labels'];
    };
    const template = { kube_tag: 'v1.30.1', a: '1' };
    expect(await labels({})).toEqual(template);
    expect(await labels({ labels: {} })).toEqual(template);
    expect(await labels({ labels: null })).toEqual(template);
    expect(await labels({ labels: { b: '2' } })).toEqual({ b: '2' });
    expect(await labels({ labels: { b: '2' }, merge_labels: true })).toEqual({
      ...template,
      b: '2',
    });
  });

  it('makes a name', async () => {
    const uuid = await scene.create({ name: null });
    expect((await api.expect(200, `GET ${URL}/${uuid}`))['name']).toMatch(
      /^[a-z]+-([1-9]|1\d|2[0-4])-cluster$/,
    );
  });

  it.each([
    [
      { cluster_template_id: undefined },
      "400 Invalid input for field/attribute cluster_template_id. Value: 'None'. Mandatory field missing.",
    ],
    [{ bogus: 1, also: 2 }, '400 Unknown attributes for argument cluster: bogus, also'],
    [
      { name: '1c' },
      "400 Invalid input for field/attribute name. Value: '1c'. Value should match the pattern ^[a-zA-Z][a-zA-Z0-9_.-]*$",
    ],
    [
      { node_count: -1 },
      "400 Invalid input for field/attribute node_count. Value: '-1'. Value should be greater or equal to 0",
    ],
    [
      { master_count: 0 },
      "400 Invalid input for field/attribute master_count. Value: '0'. Value should be greater or equal to 1",
    ],
    [
      { stack_id: 's' },
      "400 Invalid input for field/attribute stack_id. Value: 's'. Cannot set read only field.",
    ],
    [
      { node_count: 0 },
      '400 Resizing a nodegroup to zero is not supported in the provided microversion.',
    ],
    [{ cluster_template_id: 'none' }, '400 ClusterTemplate none could not be found.'],
    [
      { master_count: 2 },
      '400 master nodegroup size of 2 is invalid, size cannot be an even number.',
    ],
    [{ master_count: 3 }, '400 master_count must be 1 when master_lb_enabled is False'],
    [{ flavor_id: 'aaa' }, '400 Unable to find flavor aaa.'],
    [{ master_flavor_id: 'aaa' }, '400 Unable to find flavor aaa.'],
    [{ fixed_network: 'none' }, '400 Unable to find fixed network none.'],
    [{ fixed_subnet: 'none' }, '400 Unable to find fixed subnet none.'],
    [{ keypair: 'none' }, '404 Unable to find keypair none.'],
    [{ labels: { boot_volume_size: 'x' } }, '400 boot_volume_size must be an integer'],
  ])('refuses %j: %s', async (change, refusal) => {
    const body = { name: 'c', cluster_template_id: 'k8s', ...change };
    expect(await post({ body })).toBe(refusal);
    expect(api.news()).toEqual([]);
    expect(api.cloud.keystone.trusts.size).toBe(0);
  });

  it('knows an unknown template as 404 and no nodes as possible since 1.10', async () => {
    const body = { cluster_template_id: 'none' };
    expect(await post({ body, version: '1.10' })).toBe(
      '404 ClusterTemplate none could not be found.',
    );
    const none = { cluster_template_id: 'k8s', node_count: 0 };
    expect((await api.ask(`POST ${URL}`, { body: none, version: '1.10' })).status).toBe(202);
  });

  it('needs a flavor from the cluster or its template', async () => {
    await scene.template({ name: 'bare', flavor_id: null });
    expect(await post({ body: { cluster_template_id: 'bare' } })).toBe(
      '400 Unable to find flavor None. Neither the cluster nor its template has a flavor_id.',
    );
  });

  it('refuses hidden templates', async () => {
    const url = `PATCH /v1/clustertemplates/${await scene.template({ name: 'hidden' })}`;
    const body = [{ op: 'replace', path: '/hidden', value: true }];
    await api.expect(200, url, { as: 'admin', body });
    expect(await post({ body: { cluster_template_id: 'hidden' } })).toBe('403 Not authorized.');
  });

  it('is not for readers, nor for application credentials', async () => {
    const body = { cluster_template_id: 'k8s' };
    expect(await post({ as: 'demo_reader@demo', body })).toBe(
      "403 Policy doesn't allow cluster:create to be performed.",
    );
    const token = api.cloud.keystone.signInWithApplicationCredential('demo', 'demo');
    expect(await post({ token, body })).toBe(
      '403 Application credential tokens cannot create trusts. Re-authenticate using a password or federated token (not an application credential) before creating a cluster.',
    );
    expect(api.news()).toEqual([]);
  });

  it('keeps to the quota, and takes the trust back when it is full', async () => {
    await api.happened(`project-${scene.projectId}`, {
      type: 'QuotaSet',
      data: { resource: 'Cluster', hardLimit: 1, at: '2026-01-01T00:00:00.000Z' },
    });
    const body = { cluster_template_id: 'k8s' };
    const answers = await Promise.all([1, 2, 3].map(() => post({ body })));
    const full =
      '403 Resource limit exceeded: You have reached the maximum clusters per project, 1. You may delete a cluster to make room for a new one.';
    expect(answers.filter((answer) => answer === full)).toHaveLength(2);
    expect(api.cloud.keystone.trusts.size).toBe(1);
    expect(await post({ body })).toBe(full);
  });

  it('gives the same cluster for the same key', async () => {
    const asked = {
      headers: { 'idempotency-key': 'k1' },
      body: { name: 'once', cluster_template_id: 'k8s' },
    };
    const answers = await Promise.all([1, 2, 3].map(() => api.expect(202, `POST ${URL}`, asked)));
    const again = await api.expect(202, `POST ${URL}`, asked);
    expect(new Set([...answers, again].map(({ uuid }) => uuid)).size).toBe(1);
    expect(api.news().map(({ type }) => type)).toEqual(['ClusterClaimed', 'ClusterRequested']);
    expect(api.cloud.keystone.trusts.size).toBe(1);
  });
});

describe('GET /clusters', () => {
  it('lists summaries, and details with the members of one', async () => {
    const uuid = await scene.create({ name: 'listed' });
    const { clusters } = await api.expect(200, `GET ${URL}`, { version: '1.12' });
    const [summary] = clusters as Record<string, unknown>[];
    expect(Object.keys(summary ?? {})).toEqual(
      'uuid name cluster_template_id keypair node_count master_count docker_volume_size labels master_flavor_id flavor_id create_timeout links stack_id status health_status merge_labels'.split(
        ' ',
      ),
    );
    const newest = await api.expect(200, `GET ${URL}`, { version: '1.13' });
    const [first] = newest['clusters'] as Record<string, unknown>[];
    expect(first).toHaveProperty('cluster_id');
    expect(first).not.toHaveProperty('stack_id');
    const { clusters: details } = await api.expect(200, `GET ${URL}/detail`);
    expect(details).toEqual([await api.expect(200, `GET ${URL}/${uuid}`)]);
  });

  it('pages', async () => {
    const uuids = [await scene.create({ name: 'a' }), await scene.create({ name: 'b' })];
    const first = await api.expect(200, `GET ${URL}?limit=1`);
    expect(first['next']).toBe(
      `http://api:9511/v1/clusters?sort_key=id&sort_dir=asc&limit=1&marker=${String(uuids[0])}`,
    );
    const second = await api.expect(200, `GET ${URL}?marker=${String(uuids[0])}`);
    expect((second['clusters'] as { uuid: string }[]).map(({ uuid }) => uuid)).toEqual([uuids[1]]);
    expect(await api.refusal(`GET ${URL}?marker=${NOBODY}`)).toBe(
      `404 Cluster ${NOBODY} could not be found.`,
    );
    expect(await api.refusal(`GET ${URL}?sort_key=node_count`)).toBe(
      '400 The sort_key value "node_count" is an invalid field for sorting',
    );
  });

  it('shows nothing of other projects but to admins', async () => {
    const uuid = await scene.create({});
    expect(await api.refusal(`GET ${URL}/${uuid}`, { as: 'alt_demo' })).toBe(
      `404 Cluster ${uuid} could not be found.`,
    );
    expect(await api.expect(200, `GET ${URL}`, { as: 'alt_demo' })).toEqual({ clusters: [] });
    expect((await api.ask(`GET ${URL}/${uuid}`, { as: 'admin' })).status).toBe(200);
    expect((await api.ask(`GET ${URL}/${uuid}`, { as: 'demo_reader@demo' })).status).toBe(200);
  });

  it('names ambiguity', async () => {
    await scene.create({ name: 'twice' });
    await scene.create({ name: 'twice' });
    expect(await api.refusal(`GET ${URL}/twice`)).toBe(
      '409 Multiple clusters exist with same name. Please use the cluster uuid instead.',
    );
  });

  it('tells what failed', async () => {
    const uuid = await scene.create({});
    await scene.failed(uuid, 'no valid host');
    const shown = await api.expect(200, `GET ${URL}/${uuid}`);
    expect(shown).toMatchObject({
      status: 'CREATE_FAILED',
      faults: { 'default-worker': 'no valid host' },
    });
    const { clusters } = await api.expect(200, `GET ${URL}/detail`);
    expect((clusters as object[])[0]).not.toHaveProperty('faults');
  });

  it('shows what was seen', async () => {
    const uuid = await scene.ready({});
    expect(await api.expect(200, `GET ${URL}/${uuid}`)).toMatchObject({
      status: 'CREATE_COMPLETE',
      stack_id: 'stack-1',
      api_address: 'https://172.24.4.3:6443',
      coe_version: 'v1.30.2',
      container_version: '1.12.6',
      master_addresses: ['172.24.4.4'],
      node_addresses: ['172.24.4.5'],
    });
  });
});

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

describe('PATCH /clusters', () => {
  it.each([3, '3'])('resizes the default workers to %j', async (value) => {
    const uuid = await scene.ready({});
    const answer = await api.ask(`PATCH ${URL}/${uuid}?rollback=True`, {
      version: '1.3',
      body: replace('/node_count', value),
    });
    expect([answer.status, answer.body]).toEqual([202, { uuid }]);
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodeCount: 3, nodesToRemove: [], rollback: true } },
    ]);
    expect(await api.expect(200, `GET ${URL}/${uuid}`)).toMatchObject({
      status: 'UPDATE_IN_PROGRESS',
      node_count: 3,
    });
  });

  it('sets one worker when the count is removed', async () => {
    const uuid = await scene.ready({ node_count: 2 });
    await api.expect(202, `PATCH ${URL}/${uuid}`, {
      body: [{ op: 'remove', path: '/node_count' }],
    });
    expect(api.news()).toMatchObject([{ type: 'ResizeRequested', data: { nodeCount: 1 } }]);
  });

  it('records health', async () => {
    const uuid = await scene.ready({});
    const body = [
      ...replace('/health_status', 'UNHEALTHY'),
      ...replace('/health_status_reason', "{'api': 'ok', 'node.Ready': 'False'}"),
    ];
    await api.expect(202, `PATCH ${URL}/${uuid}`, { body });
    expect(api.news()).toMatchObject([
      {
        type: 'HealthChanged',
        data: { status: 'UNHEALTHY', reason: { api: 'ok', 'node.Ready': 'False' } },
      },
    ]);
    expect(await api.expect(200, `GET ${URL}/${uuid}`)).toMatchObject({
      status: 'CREATE_COMPLETE',
      health_status: 'UNHEALTHY',
      health_status_reason: { api: 'ok', 'node.Ready': 'False' },
    });
  });

  it.each([
    [replace('/name', 'x'), '400 cannot change cluster property(ies) name.'],
    [
      [...replace('/name', 'x'), ...replace('/keypair', 'y')],
      '400 cannot change cluster property(ies) keypair, name.',
    ],
    [
      replace('/api_address', 'x'),
      "400 '/api_address' is an internal attribute and can not be updated",
    ],
    [
      [{ op: 'remove', path: '/cluster_template_id' }],
      "400 '/cluster_template_id' is a mandatory attribute and can not be removed",
    ],
    [
      replace('/node_count', 0),
      '400 Resizing a nodegroup to zero is not supported in the provided microversion.',
    ],
    [
      replace('/node_count', -1),
      "400 Invalid input for field/attribute node_count. Value: '-1'. Value should be greater or equal to 0",
    ],
    [{}, "400 Invalid input for field/attribute patch. Value: '{}'. Value not a valid list: {}"],
  ])('refuses %j: %s', async (body, refusal) => {
    const uuid = await scene.ready({});
    expect(await api.refusal(`PATCH ${URL}/${uuid}`, { body })).toBe(refusal);
    expect(api.news()).toEqual([]);
  });

  it('is refused while something else is going on', async () => {
    const uuid = await scene.create({});
    const body = replace('/node_count', 2);
    expect(await api.refusal(`PATCH ${URL}/${uuid}`, { body })).toMatch(
      /^400 Updating a cluster when status is "CREATE_IN_PROGRESS" is not supported\. In the way: /,
    );
  });

  it('knows rollback since 1.3, and unknown clusters as 404', async () => {
    const body = replace('/name', 'x');
    expect(await api.refusal(`PATCH ${URL}/x?rollback=1`, { body, version: '1.2' })).toBe(
      '400 Unknown argument: "rollback"',
    );
    expect(await api.refusal(`PATCH ${URL}/fooo`, { body })).toBe(
      '404 Cluster fooo could not be found.',
    );
    expect(await api.refusal(`PATCH ${URL}/fooo`)).toBe('400 Missing argument: "patch"');
  });

  it('changes nothing for the value that is there', async () => {
    const uuid = await scene.ready({});
    await api.expect(202, `PATCH ${URL}/${uuid}`, { body: replace('/status', 'CREATE_COMPLETE') });
    const labels = "{'kube_tag': 'v1.30.1', 'a': '1'}";
    await api.expect(202, `PATCH ${URL}/${uuid}`, { body: replace('/labels', labels) });
    await api.expect(202, `PATCH ${URL}/${uuid}`, { body: [] });
    expect(api.news()).toEqual([]);
  });
});

describe('DELETE /clusters', () => {
  it('is taken in any state', async () => {
    for (const uuid of [await scene.create({}), await scene.ready({})]) {
      expect((await api.ask(`DELETE ${URL}/${uuid}`)).status).toBe(204);
      expect(api.news()).toMatchObject([{ type: 'DeletionRequested' }]);
      expect(await api.expect(200, `GET ${URL}/${uuid}`)).toMatchObject({
        status: 'DELETE_IN_PROGRESS',
      });
      expect((await api.ask(`DELETE ${URL}/${uuid}`)).status).toBe(204);
      expect(api.news()).toEqual([]);
    }
    expect(await api.refusal(`DELETE ${URL}/${NOBODY}`)).toBe(
      `404 Cluster ${NOBODY} could not be found.`,
    );
  });

  it('goes on with a trust of the caller when the old one no longer works', async () => {
    const uuid = await scene.ready({});
    api.cloud.keystone.trusts.clear();
    await api.expect(204, `DELETE ${URL}/${uuid}`);
    const [trust] = api.cloud.keystone.trusts.values();
    expect(api.news()).toMatchObject([{ type: 'DeletionRequested', data: { trustId: trust?.id } }]);
    await api.expect(204, `DELETE ${URL}/${uuid}`);
    expect(api.cloud.keystone.trusts.size).toBe(1);
  });

  it('keeps a template that is used', async () => {
    await scene.create({});
    const url = `/v1/clustertemplates/${scene.templateId}`;
    const used = `400 ClusterTemplate ${scene.templateId} is referenced by one or multiple clusters.`;
    expect(await api.refusal(`DELETE ${url}`)).toBe(used);
    const body = replace('/docker_volume_size', 9);
    expect(await api.refusal(`PATCH ${url}`, { body })).toBe(used);
  });
});
