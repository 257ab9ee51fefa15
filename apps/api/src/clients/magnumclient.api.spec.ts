import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/**
 * What releases of python-magnumclient send that are newer than the one distributions ship, which runs
 * against the services elsewhere. They ask for the latest version.
 */
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

const version = 'latest';

describe('coe cluster template', () => {
  const asked = {
    name: 'cli',
    image_id: 'fedora-coreos',
    keypair_id: null,
    external_network_id: 'public',
    coe: 'kubernetes',
    fixed_network: null,
    fixed_subnet: null,
    network_driver: null,
    volume_driver: null,
    driver: null,
    dns_nameserver: '8.8.8.8',
    flavor_id: 'm1.medium',
    master_flavor_id: null,
    docker_volume_size: null,
    docker_storage_driver: 'overlay2',
    http_proxy: null,
    https_proxy: null,
    no_proxy: null,
    labels: { kube_tag: 'v1.30.1', old: '1' },
    tls_disabled: false,
    public: false,
    registry_enabled: false,
    insecure_registry: null,
    server_type: 'vm',
    master_lb_enabled: false,
  };

  it('create: every member, null for what is not given', async () => {
    const made = await api.expect(201, 'POST /v1/clustertemplates', { version, body: asked });
    expect(made).toMatchObject({
      ...asked,
      network_driver: 'flannel',
      driver: 'k8s_fedora_coreos_v1',
      links: [{ rel: 'self' }, { rel: 'bookmark' }],
    });
  });

  it('update: typed members, labels one by one', async () => {
    const { uuid } = await api.expect(201, 'POST /v1/clustertemplates', { version, body: asked });
    const body = [
      { op: 'replace', path: '/docker_volume_size', value: 10 },
      { op: 'replace', path: '/master_lb_enabled', value: true },
      { op: 'replace', path: '/tags', value: 'a,b' },
      { op: 'add', path: '/labels/kube_tag', value: 'v1.30.2' },
      { op: 'add', path: '/labels/new-one', value: '2' },
      { op: 'remove', path: '/labels/old' },
    ];
    const url = `PATCH /v1/clustertemplates/${String(uuid)}`;
    expect(await api.expect(200, url, { version, body })).toMatchObject({
      docker_volume_size: 10,
      master_lb_enabled: true,
      tags: 'a,b',
      labels: { kube_tag: 'v1.30.2', 'new-one': '2' },
    });
  });
});

describe('coe cluster update', () => {
  it('--label is refused, --node-count with --rollback is not', async () => {
    const uuid = await scene.ready({ name: 'c1' });
    const label = [{ op: 'add', path: '/labels/k', value: 'v' }];
    expect(await api.refusal('PATCH /v1/clusters/c1', { version, body: label })).toBe(
      '400 cannot change cluster property(ies) labels.',
    );
    const body = [{ op: 'replace', path: '/node_count', value: 2 }];
    const url = `PATCH /v1/clusters/${uuid}/?rollback=True`;
    expect(await api.expect(202, url, { version, body })).toEqual({ uuid });
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodeCount: 2, rollback: true } },
    ]);
  });
});

describe('coe nodegroup', () => {
  const GROUPS = '/v1/clusters/c1/nodegroups/';

  beforeEach(async () => {
    await scene.ready({ name: 'c1' });
  });

  it('create: taints always with a value, empty when none is given', async () => {
    const body = {
      name: 'gpu',
      node_count: 1,
      max_node_count: null,
      min_node_count: 0,
      role: 'worker',
      node_labels: { 'example.com/team': 'a' },
      node_taints: [{ key: 'gpu', value: '', effect: 'NoSchedule' }],
    };
    expect(await api.expect(202, `POST ${GROUPS}`, { version, body })).toMatchObject(body);
    expect(await api.expect(200, `GET ${GROUPS}gpu`, { version })).toMatchObject(body);
  });

  it('update: bounds as integers, labels and taints as the text of Python', async () => {
    const body = [
      { op: 'replace', path: '/min_node_count', value: 1 },
      { op: 'replace', path: '/max_node_count', value: 3 },
      { op: 'replace', path: '/node_labels', value: "{'example.com/team': 'b'}" },
      {
        op: 'replace',
        path: '/node_taints',
        value: "[{'key': 'gpu', 'value': '', 'effect': 'NoExecute'}]",
      },
    ];
    const changed = await api.expect(202, `PATCH ${GROUPS}default-worker`, { version, body });
    expect(changed).toMatchObject({
      min_node_count: 1,
      max_node_count: 3,
      node_labels: { 'example.com/team': 'b' },
      node_taints: [{ key: 'gpu', value: '', effect: 'NoExecute' }],
    });
  });
});
