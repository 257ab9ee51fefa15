import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/**
 * What the tests of Magnum's tempest plugin send and expect: no version but on certificates, and `null` for
 * whatever they have no value for. What they ask of templates and clusters that are not there, and of
 * publishing, stands with those.
 */
let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start({ rules: { 'certificate:get': 'rule:admin_or_project_reader' } });
  scene = await ClusterScene.on(api);
  scene.keypair('testkey');
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
});

const TEMPLATES = '/v1/clustertemplates';
const CLUSTERS = '/v1/clusters';

const template = {
  name: 'tempest-cluster-1021',
  coe: 'kubernetes',
  tls_disabled: false,
  network_driver: null,
  volume_driver: null,
  labels: {},
  public: false,
  dns_nameserver: '8.8.8.8',
  flavor_id: 'm1.small',
  master_flavor_id: 'm1.small',
  external_network_id: 'public',
  keypair_id: 'testkey',
  image_id: 'fedora-coreos',
  cluster_distro: null,
  http_proxy: null,
  https_proxy: null,
  no_proxy: null,
  docker_storage_driver: null,
};

const cluster = {
  name: 'tempest-cluster-1022',
  keypair: 'testkey',
  node_count: 1,
  discovery_url: null,
  create_timeout: 60,
  master_count: 1,
};

const made = async (): Promise<string> => {
  const { uuid } = await api.expect(201, `POST ${TEMPLATES}`, { body: template });
  return String(uuid);
};

describe('tempest, of templates', () => {
  it.each<[string, number, object]>([
    ['create_cluster_template', 201, {}],
    ['create_cluster_template_missing_keypair', 201, { keypair_id: 'tempest-cluster-77' }],
    ['create_cluster_template_missing_image', 400, { image_id: 'tempest-cluster-78' }],
    [
      'create_cluster_template_missing_flavor',
      400,
      { flavor_id: 'tempest-cluster-79', master_flavor_id: 'tempest-cluster-79' },
    ],
    [
      'create_cluster_template_invalid_network_driver',
      400,
      { network_driver: 'invalid_network_driver' },
    ],
    [
      'create_cluster_template_invalid_volume_driver',
      400,
      { volume_driver: 'invalid_volume_driver' },
    ],
    ['create_get_public_cluster_template', 403, { public: true }],
  ])('%s: %i', async (_, status, change) => {
    const body = { ...template, ...change };
    expect((await api.ask(`POST ${TEMPLATES}`, { body })).status).toBe(status);
  });

  it('update_cluster_template_by_uuid', async () => {
    const url = `${TEMPLATES}/${await made()}`;
    const body = [{ path: '/name', value: 'tempest-cluster-80', op: 'replace' }];
    const changed = await api.expect(200, `PATCH ${url}`, { body });
    expect(await api.expect(200, `GET ${url}`)).toEqual(changed);
  });

  it('update_cluster_template_invalid_patch', async () => {
    const nobody = '5d12f6fd-a196-4bf0-ae4c-1f639a523a53';
    const answer = await api.ask(`PATCH ${TEMPLATES}/${nobody}`, { body: template });
    expect(answer.status).toBe(400);
  });

  it('create_get_public_cluster_template, as an admin', async () => {
    const body = { ...template, name: 'tempest-public', public: true };
    const { uuid } = await api.expect(201, `POST ${TEMPLATES}`, { as: 'admin', body });
    const url = `GET ${TEMPLATES}/${String(uuid)}`;
    expect(await api.expect(200, url, { as: 'admin' })).toMatchObject({ public: true });
  });
});

describe('tempest, of clusters', () => {
  it('create_list_sign_delete_clusters', async () => {
    api.requester.answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
    api.requester.answers.set('jeroboam.authority.sign', () => ({ pem: 'CERT' }));
    const uuid = await scene.ready({ ...cluster, cluster_template_id: await made() });
    const { clusters } = await api.expect(200, `GET ${CLUSTERS}`);
    expect(clusters).toMatchObject([{ uuid, status: 'CREATE_COMPLETE' }]);
    const url = `GET /v1/certificates/${uuid}`;
    const latest = { version: 'latest', headers: { accept: 'application/json' } };
    expect(await api.expect(200, url, latest)).toMatchObject({ cluster_uuid: uuid, pem: 'CA' });
    const asReader = { ...latest, as: 'demo_reader@demo' };
    expect(await api.expect(200, url, asReader)).toMatchObject({ pem: 'CA' });
    const body = { cluster_uuid: uuid, csr: 'CSR' };
    expect(await api.expect(201, 'POST /v1/certificates', { ...latest, body })).toMatchObject({
      cluster_uuid: uuid,
      pem: 'CERT',
    });
    expect((await api.ask(`DELETE ${CLUSTERS}/${uuid}`)).status).toBe(204);
    const data = { operationId: 'x', at: '2026-01-01T14:00:00.000Z' };
    await api.happened(`cluster-${uuid}`, { type: 'ClusterDeleted', data });
    expect((await api.ask(`GET ${CLUSTERS}/${uuid}`)).status).toBe(404);
    expect((await api.ask(url, latest)).status).toBe(404);
  });

  it('create_cluster answers with a uuid and no status', async () => {
    const body = { ...cluster, cluster_template_id: await made() };
    const answer = await api.ask(`POST ${CLUSTERS}`, { body });
    expect([answer.status, Object.keys(answer.body)]).toEqual([202, ['uuid']]);
  });

  it.each<[string, object]>([
    [
      'create_cluster_for_nonexisting_cluster_template',
      { cluster_template_id: 'this-does-not-exist' },
    ],
    ['create_cluster_with_zero_masters', { master_count: 0 }],
    ['create_cluster_with_nonexisting_flavor', { flavor_id: 'aaa' }],
  ])('%s: 400', async (_, change) => {
    const cluster_template_id = await made();
    const body = { ...cluster, cluster_template_id, ...change };
    expect((await api.ask(`POST ${CLUSTERS}`, { body })).status).toBe(400);
    // Nothing of it holds the template.
    expect((await api.ask(`DELETE ${TEMPLATES}/${cluster_template_id}`)).status).toBe(204);
  });
});
