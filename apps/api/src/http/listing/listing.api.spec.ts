import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const scene = await ClusterScene.on(api);
  await scene.template({ name: 'b', dns_nameserver: '8.8.8.8', labels: {} });
  await scene.template({ name: 'a', tls_disabled: true, docker_volume_size: 5 });
  await scene.ready({ name: 'c' });
  await scene.create({ name: 'b', labels: { z: '1' }, create_timeout: 5 });
  await scene.failed(await scene.create({ name: 'd', docker_volume_size: 5 }), 'no room');
  await api.expect(202, 'POST /v1/clusters/c/nodegroups', {
    version: '1.9',
    body: { name: 'gpu', node_count: 2, max_node_count: 4, node_labels: { a: 'b' } },
  });
  for (const project of ['demo', 'alt_demo', 'admin']) {
    const id = api.cloud.keystone.directory.projectNamed(project)?.id;
    const body = { project_id: id, hard_limit: project.length };
    await api.expect(201, 'POST /v1/quotas', { as: 'admin', body });
  }
});
afterAll(() => api.stop());

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

interface Collection {
  readonly path: string;
  readonly member: string;
  /** Columns of its table: contract §4.1. */
  readonly columns: readonly string[];
  readonly count: number;
  readonly as?: string;
  readonly query?: string;
  /** What the unknown marker is told. */
  readonly unknown: string;
}

const clusters = {
  columns: words(`
    id uuid project_id user_id name cluster_template_id keypair docker_volume_size labels
    master_flavor_id flavor_id stack_id api_address status status_reason health_status
    health_status_reason create_timeout discovery_url coe_version container_version ca_cert_ref
    magnum_cert_ref etcd_ca_cert_ref front_proxy_ca_cert_ref fixed_network fixed_subnet
    floating_ip_enabled master_lb_enabled created_at updated_at`),
  count: 3,
  unknown: 'Cluster <marker> could not be found.',
};
const templates = {
  columns: words(`
    id uuid name coe image_id flavor_id master_flavor_id dns_nameserver keypair_id
    external_network_id fixed_network fixed_subnet network_driver apiserver_port
    docker_volume_size cluster_distro http_proxy https_proxy no_proxy volume_driver
    registry_enabled labels tls_disabled public server_type insecure_registry
    docker_storage_driver master_lb_enabled floating_ip_enabled project_id user_id hidden tags
    driver created_at updated_at`),
  count: 3,
  unknown: 'ClusterTemplate <marker> could not be found.',
};
const federations = {
  columns: words(`
    id uuid project_id name hostcluster_id member_ids status status_reason properties created_at
    updated_at`),
  count: 0,
  unknown: 'Federation <marker> could not be found.',
};

const COLLECTIONS: readonly Collection[] = [
  { path: '/v1/clusters', member: 'clusters', ...clusters },
  { path: '/v1/clusters/detail', member: 'clusters', ...clusters },
  { path: '/v1/bays', member: 'bays', ...clusters },
  { path: '/v1/clustertemplates', member: 'clustertemplates', ...templates },
  { path: '/v1/clustertemplates/detail', member: 'clustertemplates', ...templates },
  { path: '/v1/baymodels', member: 'baymodels', ...templates },
  { path: '/v1/federations', member: 'federations', ...federations },
  { path: '/v1/federations/detail', member: 'federations', ...federations },
  {
    path: '/v1/clusters/c/nodegroups',
    member: 'nodegroups',
    columns: words(`
      id uuid name cluster_id project_id docker_volume_size labels flavor_id image_id
      node_addresses node_count role max_node_count min_node_count is_default stack_id status
      status_reason version node_labels node_taints created_at updated_at`),
    count: 3,
    unknown: 'Nodegroup <marker> could not be found.',
  },
  {
    path: '/v1/quotas',
    member: 'quotas',
    columns: words('id project_id resource hard_limit created_at updated_at'),
    count: 3,
    as: 'admin',
    query: 'all_tenants=true&',
    unknown: 'Quota could not be found: quota id <marker> .',
  },
];

const CASES = COLLECTIONS.map((collection) => [collection.path, collection] as const);
const VERSION = '1.10';

type Item = Readonly<Record<string, unknown>>;

/** Uuid or number of every item, page by page, as a client that follows `next` sees them. */
const walk = async ({ path, member, as = 'demo', query = '' }: Collection, asked: string) => {
  const seen: unknown[] = [];
  let url: string | undefined = `${path}?${query}${asked}&limit=1`;
  for (let pages = 0; url !== undefined && pages < 10; pages += 1) {
    const body: Item = await api.expect(200, `GET ${url}`, { as, version: VERSION });
    const items = body[member] as readonly Item[];
    seen.push(...items.map((item) => item['uuid'] ?? item['id']));
    const next = body['next'] as string | undefined;
    // A full page has a `next`, the last one too; an empty one has none.
    expect(next !== undefined).toBe(items.length === 1);
    url = next?.replace('http://api:9511', '');
    // The link of quotas has never repeated that all are meant.
    if (url !== undefined && query !== '') url += `&${query.slice(0, -1)}`;
  }
  return seen;
};

describe.each(CASES)('GET %s', (_path, collection) => {
  const { count, path, as = 'demo' } = collection;

  it.each(collection.columns)('can be sorted by %s, both ways, page by page', async (column) => {
    const up = await walk(collection, `sort_key=${column}`);
    expect(new Set(up).size).toBe(count);
    const down = await walk(collection, `sort_dir=desc&sort_key=${column}`);
    expect(down).toEqual(up.toReversed());
  });

  it('is in the order of making unless told otherwise', async () => {
    expect(await walk(collection, 'sort_dir=asc')).toEqual(await walk(collection, 'sort_key=id'));
  });

  const isNumbered = collection.member === 'quotas';
  const marker = isNumbered ? '99' : '00000000-0000-4000-8000-000000000000';
  const misfit = (field: string, value: string, reason: string): string =>
    `400 Invalid input for field/attribute ${field}. Value: '${value}'. ${reason}`;
  const notInt = (text: string): string =>
    `unable to convert to int. Error: invalid literal for int() with base 10: '${text}'`;

  it.each([
    ['limit=0', '400 Limit must be positive'],
    ['limit=-1', '400 Limit must be positive'],
    ['limit=abc', misfit('limit', 'abc', notInt('abc'))],
    ['limit=', misfit('limit', '', notInt(''))],
    ['limit=1.5', misfit('limit', '1.5', notInt('1.5'))],
    [
      'marker=abc',
      isNumbered
        ? misfit('marker', 'abc', notInt('abc'))
        : misfit(
            'marker',
            'abc',
            'unable to convert to uuid. Error: Expected a uuid but received abc.',
          ),
    ],
    [`marker=${marker}`, `404 ${collection.unknown.replace('<marker>', marker)}`],
    ['sort_key=bogus', '400 The sort_key value "bogus" is an invalid field for sorting'],
    [
      'sort_key=master_count',
      '400 The sort_key value "master_count" is an invalid field for sorting',
    ],
    ['sort_dir=up', "400 Invalid sort direction: up. Acceptable values are 'asc' or 'desc'"],
    ['fields=name', '400 Unknown argument: "fields"'],
    ['detail=true', '400 Unknown argument: "detail"'],
  ])('?%s: %s', async (query, refusal) => {
    expect(await api.refusal(`GET ${path}?${query}`, { as, version: VERSION })).toBe(refusal);
  });

  it('cuts any limit to the largest, and has no next then', async () => {
    const url = `GET ${path}?${collection.query ?? ''}limit=99999999999999999999`;
    const body = await api.expect(200, url, { as, version: VERSION });
    expect(body[collection.member]).toHaveLength(count);
    expect(body).not.toHaveProperty('next');
  });
});

it.each(['limit=1', 'marker=1', 'sort_key=id', 'sort_dir=asc'])(
  'services take no %s',
  async (query) => {
    const [name] = query.split('=');
    expect(await api.refusal(`GET /v1/mservices?${query}`, { as: 'admin' })).toBe(
      `400 Unknown argument: "${String(name)}"`,
    );
  },
);

it('links of pages repeat the order, never the filter', async () => {
  const next = async (url: string, as = 'demo') =>
    (await api.expect(200, `GET ${url}`, { as, version: VERSION }))['next'];
  const [first] = (await api.expect(200, 'GET /v1/clusters'))['clusters'] as Item[];
  const groups = '/v1/clusters/c/nodegroups';
  const { nodegroups } = await api.expect(200, `GET ${groups}`, { version: VERSION });
  const worker = (nodegroups as Item[]).find(({ role }) => role === 'worker');
  const host = 'http://api:9511/v1';
  expect(await next('/v1/clusters/detail?limit=1')).toBe(
    `${host}/clusters/detail?sort_key=id&sort_dir=asc&limit=1&marker=${String(first?.['uuid'])}`,
  );
  expect(await next(`${groups}?role=worker&limit=1&sort_dir=asc`)).toBe(
    `${host}/clusters/${String(first?.['uuid'])}/nodegroups?sort_key=id&sort_dir=asc&limit=1&marker=${String(worker?.['uuid'])}`,
  );
  expect(await next('/v1/quotas?all_tenants=true&limit=1&sort_key=hard_limit', 'admin')).toBe(
    `${host}/quotas?sort_key=hard_limit&sort_dir=asc&limit=1&marker=1`,
  );
});

it('without a limit the largest page is one, with its next', async () => {
  const small = await ApiUnderTest.start({ environment: { JEROBOAM_MAX_LIMIT: '2' } });
  const scene = await ClusterScene.on(small);
  await scene.template({ name: 'other' });
  for (const query of ['', '?limit=5']) {
    const body = await small.expect(200, `GET /v1/clustertemplates${query}`);
    expect(body['clustertemplates']).toHaveLength(2);
    expect(body['next']).toMatch(
      /^http:\/\/api:9511\/v1\/clustertemplates\?sort_key=id&sort_dir=asc&limit=2&marker=[-\w]+$/,
    );
  }
  await small.stop();
});
