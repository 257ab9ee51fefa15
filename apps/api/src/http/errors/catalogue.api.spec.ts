import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';
import { titleOf } from './faults.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';
const AT = '2026-01-01T13:00:00.000Z';

let api: ApiUnderTest;
let names: ReadonlyMap<string, string>;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const scene = await ClusterScene.on(api);
  const cluster = await scene.ready({ name: 'c' });
  await scene.create({ name: 'young' });
  for (const name of ['twin', 'twin']) await scene.ready({ name });
  for (const name of ['double', 'double', 'hidden']) await scene.template({ name });
  await scene.template({ name: 'plain', tls_disabled: true });
  await scene.ready({ name: 'plain', cluster_template_id: 'plain' });
  const hide = [{ op: 'replace', path: '/hidden', value: true }];
  await api.expect(200, 'PATCH /v1/clustertemplates/hidden', { as: 'admin', body: hide });
  const alt = api.cloud.keystone.directory.projectNamed('alt_demo')?.id ?? '';
  const data = { resource: 'Cluster', hardLimit: 0, at: AT };
  await api.happened(`project-${alt}`, { type: 'QuotaSet', data });
  const open = await scene.template({ name: 'open' });
  const show = [{ op: 'replace', path: '/public', value: true }];
  await api.expect(200, `PATCH /v1/clustertemplates/${open}`, { as: 'admin', body: show });
  api.cloud.nova.flavors.push({
    ...{ id: 'diskless', name: 'diskless', vcpus: 1, ramMib: 512, diskGib: 0, isPublic: true },
  });
  const image = api.cloud.glance.images[1];
  if (image === undefined) throw new Error('there is no image');
  const unlabelled = { ...image, osDistro: null, properties: {} };
  api.cloud.glance.images.push(
    { ...unlabelled, id: 'i1', name: 'unlabelled' },
    { ...image, id: 'i2', name: 'same' },
    { ...image, id: 'i3', name: 'same' },
  );
  names = new Map([
    ['<cluster>', cluster],
    ['<template>', scene.templateId],
    ['<demo>', scene.projectId],
    ['<alt>', alt],
  ]);
});
afterAll(() => api.stop());

const named = (text: string): string => text.replaceAll(/<\w+>/g, (one) => names.get(one) ?? one);

interface Case {
  readonly route: string;
  /** Parsed JSON is sent as JSON, a text as it is. */
  readonly body?: unknown;
  readonly as?: string;
  readonly type?: string;
}

/** Method and collection of what most cases ask for. */
const TEMPLATES = 'POST /v1/clustertemplates';
const CLUSTERS = 'POST /v1/clusters';
const GROUPS = 'POST /v1/clusters/c/nodegroups';

const template = (changes: object = {}): Case => ({
  route: TEMPLATES,
  body: {
    name: 't',
    coe: 'kubernetes',
    image_id: 'fedora-coreos',
    flavor_id: 'm1.small',
    ...changes,
  },
});
const cluster = (changes: object = {}, as = 'demo'): Case => ({
  route: CLUSTERS,
  as,
  body: { name: 'n', cluster_template_id: 'k8s', ...changes },
});
const nodegroup = (changes: object): Case => ({ route: GROUPS, body: { name: 'g', ...changes } });
const patchOf = (route: string, step: object): Case => ({ route: `PATCH ${route}`, body: [step] });
const change = (path: string, value: unknown, route = '/v1/clusters/c'): Case =>
  patchOf(route, { op: 'replace', path, value });
const get = (path: string, as = 'demo'): Case => ({ route: `GET /v1/${path}`, as });
const misfit = (field: string, value: string, reason: string): string =>
  `400 Invalid input for field/attribute ${field}. Value: '${value}'. ${reason}`;

/** Contract §3.3: bodies and arguments that do not fit. */
const TYPING: readonly (readonly [string, Case])[] = [
  ['400 Missing argument: "cluster"', { route: CLUSTERS }],
  ['400 Missing argument: "cluster_template"', { route: TEMPLATES }],
  ['400 Missing argument: "nodegroup"', { route: GROUPS }],
  ['400 Missing argument: "certificate"', { route: 'POST /v1/certificates' }],
  ['400 Missing argument: "quota"', { route: 'POST /v1/quotas', as: 'admin' }],
  ['400 Missing argument: "quotapatch"', { route: 'PATCH /v1/quotas/<demo>/Cluster', as: 'admin' }],
  ['400 Missing argument: "cluster_resize_req"', { route: 'POST /v1/clusters/c/actions/resize' }],
  ['400 Missing argument: "cluster_upgrade_req"', { route: 'POST /v1/clusters/c/actions/upgrade' }],
  ['400 Missing argument: "federation"', { route: 'POST /v1/federations' }],
  ['400 Missing argument: "patch"', { route: 'PATCH /v1/clusters/c' }],
  ['400 Missing argument: "resource"', get('quotas/<demo>')],
  ['400 Missing argument: "cluster_ident"', { route: 'PATCH /v1/credentials' }],
  ['400 Request is not in valid JSON format', { route: CLUSTERS, body: '{' }],
  [misfit('cluster', '[]', 'Value not a valid dict: []'), { route: CLUSTERS, body: '[]' }],
  [misfit('cluster', 'None', 'Value not a valid dict: None'), { route: CLUSTERS, body: 'null' }],
  [misfit('cluster', '', 'Value not a valid dict: '), { route: CLUSTERS, body: '""' }],
  [
    misfit('patch', "{'a': 1}", "Value not a valid list: {'a': 1}"),
    { route: 'PATCH /v1/clusters/c', body: '{"a": 1}' },
  ],
  ['400 Unknown attribute for argument cluster: bogus', cluster({ bogus: 1 })],
  ['400 Unknown attributes for argument cluster: bogus, also', cluster({ bogus: 1, also: 2 })],
  ['400 Unknown argument: "foo"', get('clusters?foo=1')],
  ['400 Unknown argument: "x"', { route: 'PATCH /v1/certificates/c', body: { x: 1 } }],
  [misfit('image_id', 'None', 'Mandatory field missing.'), template({ image_id: undefined })],
  [misfit('links', '[]', 'Cannot set read only field.'), template({ links: [] })],
  [
    misfit('name', '', 'Value should have a minimum character requirement of 1'),
    template({ name: '' }),
  ],
  [
    misfit('tags', 'x'.repeat(256), 'Value should have a maximum character requirement of 255'),
    template({ tags: 'x'.repeat(256) }),
  ],
  [
    misfit('node_count', '-1', 'Value should be greater or equal to 0'),
    cluster({ node_count: -1 }),
  ],
  [
    misfit('apiserver_port', '65536', 'Value should be lower or equal to 65535'),
    template({ apiserver_port: 65_536 }),
  ],
  [
    misfit(
      'cluster',
      "{'name': 'n', 'cluster_template_id': 'k8s', 'node_count': 'x'}",
      "invalid literal for int() with base 10: 'x'",
    ),
    cluster({ node_count: 'x' }),
  ],
  [misfit('server_type', 'x', 'Value should be one of: vm, bm'), template({ server_type: 'x' })],
  [
    misfit('name', '1', 'Value should match the pattern ^[a-zA-Z][a-zA-Z0-9_.-]*$'),
    cluster({ name: '1' }),
  ],
  [misfit('labels', 'a=b', 'Value not a valid dict: a=b'), cluster({ labels: 'a=b' })],
  [misfit('master_count', 'None', 'Value should not be null.'), cluster({ master_count: null })],
  [misfit('labels', 'None', 'Value should not be null.'), template({ labels: null })],
  [
    misfit(
      'labels',
      "{'a': [1]}",
      "Wrong type. Expected '(<class 'str'>, <class 'int'>, <class 'bool'>, <class 'float'>)', got '<class 'list'>'",
    ),
    cluster({ labels: { a: [1] } }),
  ],
  ['415 Unknown mimetype: text/plain', { ...cluster(), type: 'text/plain' }],
  [
    '415 Unknown mimetype: application/json-patch+json',
    { ...change('/node_count', 1), type: 'application/json-patch+json' },
  ],
];

/** Contract §2.0: pages, names, patches. */
const COMMON: readonly (readonly [string, Case])[] = [
  ['400 Limit must be positive', get('clusters?limit=0')],
  [
    misfit(
      'limit',
      'abc',
      "unable to convert to int. Error: invalid literal for int() with base 10: 'abc'",
    ),
    get('clusters?limit=abc'),
  ],
  [
    misfit('marker', 'abc', 'unable to convert to uuid. Error: Expected a uuid but received abc.'),
    get('clusters?marker=abc'),
  ],
  [
    '400 The sort_key value "bogus" is an invalid field for sorting',
    get('clusters?sort_key=bogus'),
  ],
  [
    "400 Invalid sort direction: up. Acceptable values are 'asc' or 'desc'",
    get('clusters?sort_dir=up'),
  ],
  [
    '409 Multiple clusters exist with same name. Please use the cluster uuid instead.',
    get('clusters/twin'),
  ],
  [
    '409 Multiple ClusterTemplates exist with same name. Please use the ClusterTemplate uuid instead.',
    get('clustertemplates/double'),
  ],
  [
    misfit('op', 'test', 'Value should be one of: replace, add, remove'),
    patchOf('/v1/clusters/c', { op: 'test', path: '/name', value: 'x' }),
  ],
  [
    "400 'add' and 'replace' operations needs value",
    patchOf('/v1/clusters/c', { op: 'replace', path: '/name' }),
  ],
  [
    "400 The attribute /name has existed, please use 'replace' operation instead.",
    patchOf('/v1/clusters/c', { op: 'add', path: '/name', value: 'x' }),
  ],
  [
    '400 Adding a new attribute /bogus to the root of the resource is not allowed.',
    patchOf('/v1/clusters/c', { op: 'add', path: '/bogus', value: 'x' }),
  ],
  ["400 '/uuid' is an internal attribute and can not be updated", change('/uuid', 'x')],
  [
    "400 Couldn't apply patch '[{'path': '/labels', 'op': 'replace', 'value': '{'}]'. Reason: malformed literal at position 1: ",
    change('/labels', '{'),
  ],
  ['400 cannot change cluster property(ies) labels.', change('/labels', "{'a': 'b'}")],
  [
    misfit(
      'value',
      "{'a': 1}",
      "Wrong type. Expected '(<class 'str'>, <class 'int'>)', got '<class 'dict'>'",
    ),
    change('/labels', { a: 1 }),
  ],
  [misfit('path', '/a.b', 'Value should match the pattern ^(/[\\w-]+)+$'), change('/a.b', 'x')],
  [
    "400 '/image_id' is a mandatory attribute and can not be removed",
    patchOf('/v1/clustertemplates/k8s', { op: 'remove', path: '/image_id' }),
  ],
  [
    "400 Couldn't apply patch '[{'path': '/bogus', 'op': 'replace', 'value': 'x'}]'. Reason: can't replace a non-existent object 'bogus'",
    patchOf('/v1/clusters/c', { path: '/bogus', op: 'replace', value: 'x' }),
  ],
];

/** Contract §3.4 and the tables of §2: what the request asks for cannot be. */
const MEANING: readonly (readonly [string, Case])[] = [
  ["403 Policy doesn't allow cluster:create to be performed.", cluster({}, 'demo_reader@demo')],
  ['403 Not authorized.', get('quotas/<demo>/Cluster', 'alt_demo')],
  ['403 Not authorized.', get('stats?project_id=<demo>', 'alt_demo')],
  ['403 Not authorized.', cluster({ cluster_template_id: 'hidden' })],
  [
    '403 Resource limit exceeded: You have reached the maximum clusters per project, 0. You may delete a cluster to make room for a new one.',
    cluster({ cluster_template_id: 'open' }, 'alt_demo'),
  ],
  [
    '403 Not authorized to set public or hidden flag for cluster template.',
    template({ public: true }),
  ],
  ['404 Cluster x could not be found.', get('clusters/x')],
  ['404 ClusterTemplate x could not be found.', get('clustertemplates/x')],
  ['404 Nodegroup x could not be found.', get('clusters/c/nodegroups/x')],
  ['404 Federation x could not be found.', get('federations/x')],
  ['404 Unable to find keypair x.', cluster({ keypair: 'x' })],
  [
    '404 The project_id x could not be found.',
    { route: 'POST /v1/quotas', as: 'admin', body: { project_id: 'x', hard_limit: 1 } },
  ],
  [
    '404 Quota could not be found: project_id x resource Cluster.',
    { route: 'DELETE /v1/quotas/x/Cluster', as: 'admin' },
  ],
  ['404 Quota could not be found: quota id 9 .', get('quotas?marker=9', 'admin')],
  ['404 ClusterTemplate none could not be found.', cluster({ cluster_template_id: 'none' })],
  [
    '400 ClusterTemplate <template> is referenced by one or multiple clusters.',
    { route: 'DELETE /v1/clustertemplates/<template>' },
  ],
  ['400 Cluster driver (x) not supported.', template({ driver: 'x' })],
  [
    '400 Cluster type (bm, fedora-coreos, kubernetes) not supported.',
    template({ server_type: 'bm' }),
  ],
  ['400 Requested COE type Unset is not supported.', template({ coe: undefined })],
  ['400 Requested COE type None is not supported.', template({ coe: null })],
  [
    '400 Network driver type x is not supported, expecting a flannel/calico/cilium/unspecified network driver.',
    template({ network_driver: 'x' }),
  ],
  [
    '400 Network driver type cilium is not allowed, expecting a flannel/calico/unspecified network driver. ',
    template({ network_driver: 'cilium' }),
  ],
  [
    '400 Volume driver type x is not supported, expecting a cinder/unspecified volume driver.',
    template({ volume_driver: 'x' }),
  ],
  [
    '400 docker volume size 2 GB is not valid, expecting minimum value 3GB for devicemapper storage driver.',
    template({ docker_volume_size: 2, docker_storage_driver: 'devicemapper' }),
  ],
  [
    misfit(
      'dns_nameserver',
      'bad',
      'Expected a single dns address or comma separated dns list, but received bad.',
    ),
    template({ dns_nameserver: 'bad' }),
  ],
  ['400 Image x could not be found.', template({ image_id: 'x' })],
  [
    "409 Multiple images exist with same name 'same'. Please use the image ID instead.",
    template({ image_id: 'same' }),
  ],
  ["400 Image unlabelled doesn't contain os_distro field.", template({ image_id: 'unlabelled' })],
  ['400 Unable to find flavor x.', template({ flavor_id: 'x' })],
  [
    '400 Flavor with zero root volume size is not supported when boot_volume_size is zero.',
    template({ flavor_id: 'diskless' }),
  ],
  ['400 Unable to find external network x.', template({ external_network_id: 'x' })],
  ['400 Unable to find fixed network x.', template({ fixed_network: 'x' })],
  ['400 Unable to find fixed subnet x.', template({ fixed_subnet: 'x' })],
  ['400 cannot change cluster property(ies) name.', change('/name', 'x')],
  [
    '400 master nodegroup size of 2 is invalid, size cannot be an even number.',
    cluster({ master_count: 2 }),
  ],
  ['400 master_count must be 1 when master_lb_enabled is False', cluster({ master_count: 3 })],
  [
    '400 Resizing the master nodegroup is not supported by this driver.',
    {
      route: 'POST /v1/clusters/c/actions/resize',
      body: { node_count: 3, nodegroup: 'default-master' },
    },
  ],
  [
    '400 Must provide a valid project ID.',
    { route: 'POST /v1/quotas', as: 'admin', body: { hard_limit: 1 } },
  ],
  ["400 Invalid stats type. Allowed values are 'cluster'", get('stats?type=node')],
  [
    '400 Rotating the CA certificate on a non-TLS cluster is not supported',
    { route: 'PATCH /v1/certificates/plain' },
  ],
  [
    `400 Cluster ${NOBODY} could not be found.`,
    { route: 'POST /v1/certificates', body: { cluster_uuid: NOBODY, csr: 'x' } },
  ],
  [
    '400 Deleting a default nodegroup is not supported.',
    {
      route: 'DELETE /v1/clusters/c/nodegroups/default-worker',
    },
  ],
  ['400 Creating master nodegroups is currently not supported.', nodegroup({ role: 'master' })],
  [
    '409 A node group with name default-worker already exists in the cluster <cluster>.',
    nodegroup({ name: 'default-worker' }),
  ],
  [
    '409 max_node_count for g is invalid (min_node_count (2) should be less or equal to max_node_count (1)).',
    nodegroup({ node_count: 2, min_node_count: 2, max_node_count: 1 }),
  ],
  [
    '409 min_node_count for g is invalid (min_node_count (2) should be less or equal to node_count (1)).',
    nodegroup({ min_node_count: 2 }),
  ],
  [
    '400 No hostcluster specified. Please specify a hostcluster_id.',
    { route: 'POST /v1/federations', body: { name: 'f' } },
  ],
  [
    '400 Please specify a `properties` dict for the federation.',
    { route: 'POST /v1/federations', body: { hostcluster_id: 'c' } },
  ],
  [
    '400 No DNS zone specified. Please specify a `dns-zone`.',
    { route: 'POST /v1/federations', body: { hostcluster_id: 'c', properties: { a: 'b' } } },
  ],
];

/** Status and error of the answer. */
const ask = async (asked: Case): Promise<readonly [number, unknown]> => {
  const { as = 'demo', body, route, type = 'application/json' } = asked;
  const [method = '', url = ''] = named(route).split(' ');
  const headers = {
    'x-auth-token': api.tokenOf(as),
    'openstack-api-version': 'container-infra 1.12',
    'content-type': type,
  };
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const { payload: text, statusCode } = await api.app.inject({
    ...{ method: method as 'GET', url, headers },
    ...(body === undefined ? {} : { payload: named(payload) }),
  });
  return [statusCode, JSON.parse(text)];
};

describe.each([
  ['typing', TYPING],
  ['pages, names, patches', COMMON],
  ['meaning', MEANING],
])('%s', (_title, cases) => {
  it.each(cases)('%s', async (message, asked) => {
    const [status, ...words] = named(message).split(' ');
    const detail = words.join(' ');
    const error = { request_id: '', code: 'client', status: Number(status) };
    expect(await ask(asked)).toEqual([
      Number(status),
      { errors: [{ ...error, title: titleOf(detail), detail, links: [] }] },
    ]);
  });
});

describe('states that stand in the way', () => {
  it.each([
    ['PATCH /v1/clusters/young', [{ op: 'replace', path: '/node_count', value: 2 }], 'Updating'],
    ['POST /v1/clusters/young/actions/resize', { node_count: 2 }, 'Resizing'],
    ['POST /v1/clusters/young/actions/upgrade', { cluster_template: 'open' }, 'Upgrading'],
    ['PATCH /v1/certificates/young', undefined, 'Updating'],
  ])('%s is refused, and told why', async (route, body, doing) => {
    expect(await api.refusal(route, { version: '1.12', body })).toMatch(
      `400 ${doing} a cluster when status is "CREATE_IN_PROGRESS" is not supported.`,
    );
  });

  it('a cluster without address takes no node groups', async () => {
    const asked = { version: '1.12', body: { name: 'g' } };
    expect(await api.refusal('POST /v1/clusters/young/nodegroups', asked)).toBe(
      '409 Cluster API address is not available yet',
    );
  });

  it('a quota is made once', async () => {
    const body = { project_id: named('<alt>'), hard_limit: 1 };
    expect(await api.refusal('POST /v1/quotas', { as: 'admin', body })).toBe(
      `409 Quota for project ${named('<alt>')} already exists for resource Cluster.`,
    );
  });
});
