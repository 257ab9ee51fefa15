import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start({ environment: { JEROBOAM_MAX_CLUSTERS_PER_PROJECT: '1' } });
  const scene = await ClusterScene.on(api);
  await scene.template({
    name: 'bad disk',
    docker_storage_driver: 'devicemapper',
    docker_volume_size: 3,
  });
  await scene.ready({ name: 'c' });
});
afterAll(() => api.stop());

const template = { name: 't', coe: 'kubernetes', image_id: 'fedora-coreos', flavor_id: 'none' };
const cluster = { name: 'n', cluster_template_id: 'k8s', flavor_id: 'none', keypair: 'none' };
const TEMPLATES = 'POST /v1/clustertemplates';
const CLUSTERS = 'POST /v1/clusters';
const READER = 'demo_reader@demo';
const nobody = "403 Policy doesn't allow";

/** Contract §2.0: each request has every fault of those below it as well; the first one is told. */
it.each([
  [
    TEMPLATES,
    { ...template, bogus: 1, server_type: 'x', network_driver: 'x' },
    '400 Unknown attribute',
  ],
  [
    TEMPLATES,
    { ...template, network_driver: 'x', volume_driver: 'x' },
    '400 Network driver type x',
  ],
  [
    TEMPLATES,
    { ...template, volume_driver: 'x', docker_storage_driver: 'devicemapper' },
    '400 Volume driver type x',
  ],
  [
    TEMPLATES,
    { ...template, docker_storage_driver: 'devicemapper', driver: 'x' },
    '400 docker volume size None GB',
  ],
  [TEMPLATES, { ...template, driver: 'x' }, '400 Cluster driver (x) not supported.'],
  [TEMPLATES, { ...template, image_id: 'none' }, '400 Image none could not be found.'],
  [TEMPLATES, template, `${nobody} clustertemplate:create to be performed.`],
  [
    CLUSTERS,
    { ...cluster, cluster_template_id: 'none', node_count: -1 },
    '400 Invalid input for field/attribute node_count',
  ],
  [
    CLUSTERS,
    { ...cluster, cluster_template_id: 'none', master_count: 2 },
    '404 ClusterTemplate none could not be found.',
  ],
  [
    CLUSTERS,
    { ...cluster, cluster_template_id: 'bad disk', docker_volume_size: 1, master_count: 2 },
    '400 docker volume size 1 GB',
  ],
  [CLUSTERS, { ...cluster, master_count: 2 }, '400 master nodegroup size of 2 is invalid'],
  [CLUSTERS, cluster, `${nobody} cluster:create to be performed.`],
  ['PATCH /v1/clusters/none', { a: 1 }, '400 Invalid input for field/attribute patch.'],
  ['PATCH /v1/clusters/none', [], '404 Cluster none could not be found.'],
  [
    'PATCH /v1/clusters/c',
    [{ op: 'replace', path: '/name', value: 'x' }],
    `${nobody} cluster:update to be performed.`,
  ],
  [
    'POST /v1/certificates',
    { cluster_uuid: 'c', csr: '' },
    '400 Invalid input for field/attribute csr.',
  ],
  ['POST /v1/federations', { name: '1' }, '400 Invalid input for field/attribute name.'],
  ['POST /v1/federations', { name: 'a' }, `${nobody} federation:create to be performed.`],
])('%s %j of a reader: %s', async (route, body, refusal) => {
  const told = await api.refusal(route, { as: READER, version: '1.10', body });
  expect(told.slice(0, refusal.length)).toBe(refusal);
});

it('a full project comes before what the cloud has not got', async () => {
  const told = await api.refusal(CLUSTERS, { version: '1.10', body: cluster });
  expect(told).toMatch(/^403 Resource limit exceeded: /);
});

it('nobody is told anything of a body before a token, or the route, is', async () => {
  const body = { bogus: 1 };
  expect((await api.ask(CLUSTERS, { token: 'none', body })).status).toBe(401);
  expect((await api.ask('POST /v1/bogus', { body })).status).toBe(404);
  expect((await api.ask('PUT /v1/clusters', { body })).status).toBe(405);
  expect((await api.ask(CLUSTERS, { version: '1.99', body })).status).toBe(406);
});
