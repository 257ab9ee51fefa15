import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const scene = await ClusterScene.on(api);
  for (const name of ['a', 'b']) await scene.create({ name, labels: { name } });
});
afterAll(() => api.stop());

/** Columns as contract §4.1 lists them. */
const CLUSTER =
  'id uuid project_id user_id name cluster_template_id keypair docker_volume_size labels ' +
  'master_flavor_id flavor_id stack_id api_address status status_reason health_status ' +
  'health_status_reason create_timeout discovery_url coe_version container_version ca_cert_ref ' +
  'magnum_cert_ref etcd_ca_cert_ref front_proxy_ca_cert_ref fixed_network fixed_subnet ' +
  'floating_ip_enabled master_lb_enabled created_at updated_at trust_id trustee_username ' +
  'trustee_user_id trustee_password';
const TEMPLATE =
  'id uuid name coe image_id flavor_id master_flavor_id dns_nameserver keypair_id ' +
  'external_network_id fixed_network fixed_subnet network_driver apiserver_port docker_volume_size ' +
  'cluster_distro http_proxy https_proxy no_proxy volume_driver registry_enabled labels ' +
  'tls_disabled public server_type insecure_registry docker_storage_driver master_lb_enabled ' +
  'floating_ip_enabled project_id user_id hidden tags driver created_at updated_at';

const listed = async (collection: string, query: string): Promise<readonly unknown[]> => {
  const body = await api.expect(200, `GET /v1/${collection}?${query}`);
  return (body[collection] as { name: string }[]).map(({ name }) => name);
};

it.each(CLUSTER.split(' '))('clusters are sorted by %s', async (key) => {
  const first = await api.expect(200, `GET /v1/clusters?sort_key=${key}&limit=1`);
  const [{ uuid, name } = { uuid: '', name: '' }] = first['clusters'] as {
    uuid: string;
    name: string;
  }[];
  const second = await listed('clusters', `sort_key=${key}&marker=${uuid}`);
  expect([name, ...second].sort()).toEqual(['a', 'b']);
});

it.each(TEMPLATE.split(' '))('templates are sorted by %s', async (key) => {
  expect(await listed('clustertemplates', `sort_key=${key}`)).toEqual(['k8s']);
});

it('maps are sorted by their text', async () => {
  expect(await listed('clusters', 'sort_key=labels&sort_dir=desc')).toEqual(['b', 'a']);
});

it('what is no column cannot be sorted by', async () => {
  expect(await api.refusal('GET /v1/clusters?sort_key=master_count')).toBe(
    '400 The sort_key value "master_count" is an invalid field for sorting',
  );
});
