/** One route, what is sent there, and the status each caller gets, in the order of `CALLERS`. */
export interface Row {
  /** As it is registered. */
  readonly route: string;
  readonly query?: string;
  /** Names in the path; those in brackets stand for ids of the scene. */
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly version?: string;
  readonly statuses: readonly number[];
  /** What is special about the row. */
  readonly note?: string;
}

const row = (route: string, statuses: string, more: Omit<Row, 'route' | 'statuses'> = {}): Row => ({
  route,
  statuses: statuses.split(' ').map(Number),
  ...more,
});

/** Everybody with a role in a project; a trustee has none. */
const ANY_READER = '200 200 200 200 200 403 403 403';
/** Whoever may see the owner's things. */
const SEES = '200 200 200 404 200 404 403 403';
const ADMIN_READS = '403 403 403 403 200 403 200 403';

const CLUSTER = '<cluster>';
const TEMPLATE = '<template>';
const OLD = '1.10';

const template = {
  name: 'made',
  coe: 'kubernetes',
  image_id: 'fedora-coreos',
  flavor_id: 'm1.small',
  external_network_id: 'public',
};
const published = { id: '<public template>' };
const hidden = { id: '<hidden template>' };
const twoWorkers = [{ op: 'replace', path: '/node_count', value: 2 }];
const federation = { hostcluster_id: CLUSTER, properties: { 'dns-zone': 'z' } };
const nodegroup = { cluster: CLUSTER, id: 'default-worker' };
const project = { project: '<project>', resource: 'Cluster' };

/**
 * Who may do what, from the rules of the contract (§8), the tenancy of §2.0 and the repairs of §13:
 * columns are owner, colleague who reads, colleague who writes, member of another project, admin,
 * the cluster's own user, whose token has no project, an admin with a token for the system, and the
 * owner with a token for a domain.
 */
export const TABLE: readonly Row[] = [
  row('GET /v1/clustertemplates', ANY_READER),
  row('GET /v1/clustertemplates/detail', ANY_READER),
  row('GET /v1/clustertemplates/:id', SEES, { path: { id: TEMPLATE } }),
  row('GET /v1/clustertemplates/:id', '200 200 200 200 200 200 200 200', {
    note: 'public',
    path: published,
  }),
  row('GET /v1/clustertemplates/:id', '200 200 200 404 200 404 200 200', {
    note: 'public and hidden',
    path: hidden,
  }),
  row('POST /v1/clustertemplates', '201 403 201 201 201 403 403 403', { body: template }),
  row('POST /v1/clustertemplates', '403 403 403 403 201 403 403 403', {
    note: 'published',
    body: { ...template, public: true },
  }),
  row('PATCH /v1/clustertemplates/:id', '200 403 200 404 200 404 403 403', {
    path: { id: TEMPLATE },
    body: [],
  }),
  row('PATCH /v1/clustertemplates/:id', '200 403 200 403 200 403 403 403', {
    note: 'public',
    path: published,
    body: [],
  }),
  row('DELETE /v1/clustertemplates/:id', '204 403 204 404 204 404 403 403', {
    path: { id: TEMPLATE },
  }),
  row('DELETE /v1/clustertemplates/:id', '204 403 204 403 204 403 403 403', {
    note: 'public',
    path: published,
  }),

  row('GET /v1/clusters', ANY_READER),
  row('GET /v1/clusters/detail', ANY_READER),
  row('GET /v1/clusters/:id', SEES, { path: { id: CLUSTER } }),
  row('GET /v1/clusters', ANY_READER, { note: 'as they were', query: '?at=<then>' }),
  row('GET /v1/clusters/:id', SEES, {
    note: 'as it was',
    path: { id: CLUSTER },
    query: '?at=<then>',
  }),
  row('POST /v1/clusters', '202 403 202 202 202 403 403 403', {
    body: { name: 'made', cluster_template_id: '<public template>' },
  }),
  row('POST /v1/clusters', '202 403 202 404 404 404 404 403', {
    note: "of demo's private template",
    body: { name: 'made', cluster_template_id: TEMPLATE },
  }),
  row('POST /v1/clusters', '403 403 403 404 404 404 404 403', {
    note: "of demo's public and hidden template",
    body: { name: 'made', cluster_template_id: hidden.id },
  }),
  row('POST /v1/clusters', '403 403 403 400 400 400 400 403', {
    note: 'the same below 1.10',
    version: '1.9',
    body: { name: 'made', cluster_template_id: hidden.id },
  }),
  row('PATCH /v1/clusters/:id', '202 403 202 404 202 404 403 403', {
    path: { id: CLUSTER },
    body: twoWorkers,
  }),
  row('DELETE /v1/clusters/:id', '204 403 204 404 204 404 403 403', { path: { id: CLUSTER } }),
  row('POST /v1/clusters/:id/actions/resize', '202 403 202 404 202 404 403 403', {
    path: { id: CLUSTER },
    body: { node_count: 2 },
  }),
  row('POST /v1/clusters/:id/actions/upgrade', '400 403 400 404 400 404 403 403', {
    note: 'the driver cannot',
    path: { id: CLUSTER },
    body: { cluster_template: '<newer template>' },
  }),

  row('GET /v1/clusters/:id/events', SEES, { path: { id: CLUSTER } }),
  row('GET /v1/clusters/:id/kubeconfig', '200 403 403 404 200 404 403 403', {
    note: 'as certificates are signed',
    path: { id: CLUSTER },
  }),
  row('GET /v1/clusters/:id/environment', '400 403 403 404 400 404 403 403', {
    note: 'it is no swarm',
    path: { id: CLUSTER },
  }),

  row('GET /v1/clusters/:cluster/nodegroups', '200 200 200 404 200 403 403 403', {
    path: { cluster: CLUSTER },
  }),
  row('GET /v1/clusters/:cluster/nodegroups/:id', '200 200 200 404 200 403 403 403', {
    path: nodegroup,
  }),
  row('POST /v1/clusters/:cluster/nodegroups', '202 403 202 404 202 403 403 403', {
    path: { cluster: CLUSTER },
    body: { name: 'gpu' },
  }),
  row('PATCH /v1/clusters/:cluster/nodegroups/:id', '202 403 202 404 202 403 403 403', {
    path: nodegroup,
    body: [{ op: 'replace', path: '/max_node_count', value: 5 }],
  }),
  row('DELETE /v1/clusters/:cluster/nodegroups/:id', '400 403 400 404 400 403 403 403', {
    note: 'the default one: nobody may',
    path: nodegroup,
  }),

  row('GET /v1/certificates/:cluster', '200 403 403 404 200 200 403 403', {
    path: { cluster: CLUSTER },
  }),
  row('POST /v1/certificates', '201 403 403 400 201 201 403 403', {
    body: { cluster_uuid: CLUSTER, csr: 'x' },
  }),
  row('PATCH /v1/certificates/:cluster', '400 403 400 404 400 404 403 403', {
    note: 'the driver cannot',
    path: { cluster: CLUSTER },
  }),
  row('PATCH /v1/credentials', '400 400 400 400 400 400 400 400', { note: 'no cluster named' }),
  row('PATCH /v1/credentials/:cluster', '400 403 400 404 400 404 403 403', {
    note: 'the driver cannot',
    path: { cluster: CLUSTER },
  }),

  row('GET /v1/quotas', ADMIN_READS),
  row('GET /v1/quotas/:project', '400 400 400 400 400 400 400 400', {
    note: 'no resource named',
    path: project,
  }),
  row('GET /v1/quotas/:project/:resource', '200 200 200 403 200 403 403 403', { path: project }),
  row('POST /v1/quotas', '403 403 403 403 201 403 201 403', {
    body: { project_id: '<project without quota>', hard_limit: 3 },
  }),
  row('PATCH /v1/quotas/:project/:resource', '403 403 403 403 202 403 202 403', {
    path: project,
    body: { hard_limit: 3 },
  }),
  row('DELETE /v1/quotas/:project/:resource', '403 403 403 403 204 403 204 403', { path: project }),

  row('GET /v1/stats', ANY_READER),
  row('GET /v1/mservices', ADMIN_READS),

  row('GET /v1/federations', ANY_READER),
  row('GET /v1/federations/detail', ANY_READER),
  row('GET /v1/federations/:id', '404 404 404 404 404 403 403 403', { path: { id: 'f' } }),
  row('POST /v1/federations', '202 403 202 404 404 403 403 403', { body: federation }),
  row('PATCH /v1/federations/:id', '404 403 404 404 404 403 403 403', {
    path: { id: 'f' },
    body: [],
  }),
  row('DELETE /v1/federations/:id', '404 403 404 404 404 403 403 403', { path: { id: 'f' } }),

  row('GET /v1/baymodels', ANY_READER, { version: OLD }),
  row('GET /v1/baymodels/detail', ANY_READER, { version: OLD }),
  row('GET /v1/baymodels/:id', SEES, { version: OLD, path: { id: TEMPLATE } }),
  row('POST /v1/baymodels', '201 403 201 201 201 403 403 403', { version: OLD, body: template }),
  row('PATCH /v1/baymodels/:id', '200 403 200 404 200 404 403 403', {
    version: OLD,
    path: { id: TEMPLATE },
    body: [],
  }),
  row('DELETE /v1/baymodels/:id', '204 403 204 404 204 404 403 403', {
    version: OLD,
    path: { id: TEMPLATE },
  }),

  row('GET /v1/bays', ANY_READER, { version: OLD }),
  row('GET /v1/bays/detail', ANY_READER, { version: OLD }),
  row('GET /v1/bays/:id', SEES, { version: OLD, path: { id: CLUSTER } }),
  row('POST /v1/bays', '202 403 202 202 202 403 403 403', {
    version: OLD,
    body: { name: 'made', baymodel_id: '<public template>' },
  }),
  row('PATCH /v1/bays/:id', '202 403 202 404 202 404 403 403', {
    version: OLD,
    path: { id: CLUSTER },
    body: twoWorkers,
  }),
  row('DELETE /v1/bays/:id', '204 403 204 404 204 404 403 403', {
    version: OLD,
    path: { id: CLUSTER },
  }),
];

/** These can be tried out: the answer is 200, and says whether the request would be refused. */
export const TRIED: readonly string[] = [
  'POST /v1/clusters',
  'DELETE /v1/clusters/:id',
  'POST /v1/clusters/:id/actions/resize',
  'POST /v1/clusters/:id/actions/upgrade',
  'POST /v1/clusters/:cluster/nodegroups',
  'DELETE /v1/clusters/:cluster/nodegroups/:id',
];

/** Served without a token, and with any. */
export const PUBLIC: readonly string[] = [
  'GET /',
  'GET /v1',
  'GET /healthcheck',
  'GET /metrics',
  'GET /v1/openapi.json',
];
