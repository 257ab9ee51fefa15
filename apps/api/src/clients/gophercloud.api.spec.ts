import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/**
 * What gophercloud makes of answers. Go's decoder puts a member into a field of one type, takes `null` for
 * its zero value and fails on anything else.
 */
let api: ApiUnderTest;
let scene: ClusterScene;
let uuid: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
  uuid = await scene.ready({ name: 'go', labels: { n: 1, b: true, f: 1.5 }, merge_labels: true });
  api.requester.answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
});
afterAll(() => api.stop());

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

const isText = (value: unknown): boolean => typeof value === 'string';
const isMap = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  typeof value === 'object' && !Array.isArray(value) && Object.values(value ?? {}).every(holds);

const GO = {
  string: isText,
  int: Number.isInteger,
  bool: (value: unknown) => typeof value === 'boolean',
  time: (value: unknown) => isText(value) && RFC_3339.test(String(value)),
  strings: (value: unknown) => Array.isArray(value) && value.every(isText),
  'map of strings': (value: unknown) => isMap(value, isText),
  map: (value: unknown) => isMap(value, () => true),
  links: (value: unknown) =>
    Array.isArray(value) && value.every((link) => isMap(link, isText) && 'href' in link),
};
type Go = keyof typeof GO;
type Struct = Partial<Record<Go, string>>;

/** Members a struct could not take, or waits for in vain. */
const unfit = (struct: Struct, answer: unknown): string[] =>
  Object.entries(struct).flatMap(([type, members]) =>
    members.split(' ').filter((member) => {
      const value = (answer as Record<string, unknown>)[member];
      return value === undefined || (value !== null && !GO[type as Go](value));
    }),
  );

const CLUSTER: Struct = {
  string:
    'uuid name api_address coe_version cluster_template_id container_version discovery_url flavor_id keypair master_flavor_id project_id user_id stack_id status status_reason fixed_network fixed_subnet health_status',
  int: 'create_timeout docker_volume_size master_count node_count',
  bool: 'floating_ip_enabled',
  time: 'created_at updated_at',
  strings: 'master_addresses node_addresses',
  'map of strings': 'labels labels_added labels_overridden labels_skipped',
  map: 'health_status_reason',
  links: 'links',
};

const TEMPLATE: Struct = {
  string:
    'uuid name coe cluster_distro dns_nameserver docker_storage_driver external_network_id fixed_network fixed_subnet flavor_id http_proxy https_proxy image_id insecure_registry keypair_id master_flavor_id network_driver no_proxy project_id server_type user_id volume_driver',
  int: 'apiserver_port docker_volume_size',
  bool: 'floating_ip_enabled hidden master_lb_enabled public registry_enabled tls_disabled',
  time: 'created_at updated_at',
  'map of strings': 'labels',
  links: 'links',
};

const NODEGROUP: Struct = {
  string:
    'uuid name cluster_id project_id flavor_id image_id role stack_id status status_reason version',
  int: 'id docker_volume_size node_count min_node_count max_node_count',
  bool: 'is_default',
  time: 'created_at updated_at',
  strings: 'node_addresses',
  'map of strings': 'labels labels_added labels_overridden labels_skipped',
  links: 'links',
};

describe('gophercloud', () => {
  it.each<[string, () => string, Struct]>([
    ['a cluster', () => `clusters/${uuid}`, CLUSTER],
    ['a template', () => `clustertemplates/${scene.templateId}`, TEMPLATE],
    ['a node group', () => `clusters/${uuid}/nodegroups/default-worker`, NODEGROUP],
    ['a certificate', () => `certificates/${uuid}`, { string: 'cluster_uuid pem', links: 'links' }],
    [
      'the default quota',
      () => `quotas/${scene.projectId}/Cluster`,
      { string: 'resource project_id', int: 'hard_limit' },
    ],
  ])('decodes %s', async (_, path, struct) => {
    const answer = await api.expect(200, `GET /v1/${path()}`, { version: 'latest' });
    expect(unfit(struct, answer)).toEqual([]);
  });

  it('decodes the faults of a cluster that failed', async () => {
    const failed = await scene.create({ name: 'failed' });
    await scene.failed(failed, 'no valid host');
    const answer = await api.expect(200, `GET /v1/clusters/${failed}`, { version: 'latest' });
    expect(unfit({ ...CLUSTER, 'map of strings': 'labels faults' }, answer)).toEqual([]);
  });

  it('decodes a quota with its number and times', async () => {
    const body = { project_id: scene.projectId, resource: 'Cluster', hard_limit: 10 };
    const made = await api.expect(201, 'POST /v1/quotas', { as: 'admin', body });
    const struct = { string: 'resource project_id', int: 'id hard_limit' };
    expect(unfit({ ...struct, time: 'created_at updated_at' }, made)).toEqual([]);
  });

  it('follows the links of pages to an empty one', async () => {
    await scene.clear();
    const made = [await scene.ready({ name: 'p1' }), await scene.ready({ name: 'p2' })];
    const seen: unknown[] = [];
    let next: string | undefined = 'http://api:9511/v1/clusters?limit=1';
    for (let pages = 0; next !== undefined; pages++) {
      expect(pages).toBeLessThan(3);
      const page: Record<string, unknown> = await api.expect(
        200,
        `GET ${next.replace('http://api:9511', '')}`,
        { version: 'latest' },
      );
      seen.push(...(page['clusters'] as { uuid: string }[]).map((cluster) => cluster.uuid));
      next = page['next'] as string | undefined;
    }
    expect(seen).toEqual(made);
  });
});
