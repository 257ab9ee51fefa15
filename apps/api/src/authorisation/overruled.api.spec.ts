import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultRules } from '../http/policy/default-rules.js';
import { Asking } from './asking.js';
import { CALLERS, type Caller } from './callers.js';
import { TABLE, type Row } from './table.js';

/** Rules, and a route that each decides on: the first row of the table, or the one with the note. */
const ruled: readonly (readonly [string, string, string?])[] = [
  ['clustertemplate:create', 'POST /v1/clustertemplates'],
  ['clustertemplate:create', 'POST /v1/baymodels'],
  ['clustertemplate:get', 'GET /v1/clustertemplates/:id'],
  ['clustertemplate:get', 'GET /v1/baymodels/:id'],
  ['clustertemplate:get_all', 'GET /v1/clustertemplates'],
  ['clustertemplate:get_all', 'GET /v1/baymodels'],
  ['clustertemplate:detail', 'GET /v1/clustertemplates/detail'],
  ['clustertemplate:detail', 'GET /v1/baymodels/detail'],
  ['clustertemplate:update', 'PATCH /v1/clustertemplates/:id'],
  ['clustertemplate:update', 'PATCH /v1/baymodels/:id'],
  ['clustertemplate:delete', 'DELETE /v1/clustertemplates/:id'],
  ['clustertemplate:delete', 'DELETE /v1/baymodels/:id'],
  ['cluster:create', 'POST /v1/clusters'],
  ['cluster:create', 'POST /v1/bays'],
  ['cluster:get', 'GET /v1/clusters/:id'],
  ['cluster:get', 'GET /v1/clusters/:id', 'as it was'],
  ['cluster:get', 'GET /v1/clusters/:id/events'],
  ['cluster:get', 'GET /v1/bays/:id'],
  ['cluster:get_all', 'GET /v1/clusters'],
  ['cluster:get_all', 'GET /v1/clusters', 'as they were'],
  ['cluster:get_all', 'GET /v1/bays'],
  ['cluster:detail', 'GET /v1/clusters/detail'],
  ['cluster:detail', 'GET /v1/bays/detail'],
  ['cluster:update', 'PATCH /v1/bays/:id'],
  ['cluster:delete', 'DELETE /v1/clusters/:id'],
  ['cluster:delete', 'DELETE /v1/bays/:id'],
  ['cluster:resize', 'POST /v1/clusters/:id/actions/resize'],
  ['cluster:upgrade', 'POST /v1/clusters/:id/actions/upgrade', 'the driver cannot'],
  ['nodegroup:get', 'GET /v1/clusters/:cluster/nodegroups/:id'],
  ['nodegroup:get_all', 'GET /v1/clusters/:cluster/nodegroups'],
  ['nodegroup:create', 'POST /v1/clusters/:cluster/nodegroups'],
  ['nodegroup:update', 'PATCH /v1/clusters/:cluster/nodegroups/:id'],
  [
    'nodegroup:delete',
    'DELETE /v1/clusters/:cluster/nodegroups/:id',
    'the default one: nobody may',
  ],
  ['certificate:get', 'GET /v1/certificates/:cluster'],
  ['certificate:create', 'POST /v1/certificates'],
  ['certificate:create', 'GET /v1/clusters/:id/kubeconfig', 'as certificates are signed'],
  ['certificate:create', 'GET /v1/clusters/:id/environment', 'it is no swarm'],
  ['certificate:rotate_ca', 'PATCH /v1/certificates/:cluster', 'the driver cannot'],
  ['credential:rotate', 'PATCH /v1/credentials/:cluster', 'the driver cannot'],
  ['federation:create', 'POST /v1/federations'],
  ['federation:update', 'PATCH /v1/federations/:id'],
  ['federation:delete', 'DELETE /v1/federations/:id'],
  ['federation:get', 'GET /v1/federations/:id'],
  ['federation:get_all', 'GET /v1/federations'],
  ['federation:detail', 'GET /v1/federations/detail'],
  ['quota:get', 'GET /v1/quotas/:project/:resource'],
  ['stats:get_all', 'GET /v1/stats'],
];

/** The same, of rules that only let admins. */
const ruledForAdmins: typeof ruled = [
  ['quota:get_all', 'GET /v1/quotas'],
  ['quota:create', 'POST /v1/quotas'],
  ['quota:update', 'PATCH /v1/quotas/:project/:resource'],
  ['quota:delete', 'DELETE /v1/quotas/:project/:resource'],
  ['magnum-service:get_all', 'GET /v1/mservices'],
];

/** The same, of rules that are asked of admins alone. */
const ruledAcross: typeof ruled = [
  ['clustertemplate:get_one_all_projects', 'GET /v1/clustertemplates/:id'],
  ['clustertemplate:get_all_all_projects', 'GET /v1/clustertemplates'],
  ['clustertemplate:detail_all_projects', 'GET /v1/clustertemplates/detail'],
  ['clustertemplate:update_all_projects', 'PATCH /v1/clustertemplates/:id'],
  ['clustertemplate:update_all_projects', 'PATCH /v1/baymodels/:id'],
  ['clustertemplate:delete_all_projects', 'DELETE /v1/clustertemplates/:id'],
  ['cluster:get_one_all_projects', 'GET /v1/clusters/:id'],
  ['cluster:get_one_all_projects', 'GET /v1/clusters/:id', 'as it was'],
  ['cluster:get_one_all_projects', 'GET /v1/clusters/:id/events'],
  ['cluster:get_all_all_projects', 'GET /v1/clusters'],
  ['cluster:get_all_all_projects', 'GET /v1/clusters', 'as they were'],
  ['cluster:detail_all_projects', 'GET /v1/clusters/detail'],
  ['cluster:update_all_projects', 'PATCH /v1/clusters/:id'],
  ['cluster:delete_all_projects', 'DELETE /v1/clusters/:id'],
  ['cluster:resize_all_projects', 'POST /v1/clusters/:id/actions/resize'],
  ['cluster:upgrade_all_projects', 'POST /v1/clusters/:id/actions/upgrade', 'the driver cannot'],
  ['nodegroup:get_one_all_projects', 'GET /v1/clusters/:cluster/nodegroups/:id'],
  ['nodegroup:get_all_all_projects', 'GET /v1/clusters/:cluster/nodegroups'],
  ['nodegroup:create_all_projects', 'POST /v1/clusters/:cluster/nodegroups'],
  ['nodegroup:update_all_projects', 'PATCH /v1/clusters/:cluster/nodegroups/:id'],
  [
    'nodegroup:delete_all_projects',
    'DELETE /v1/clusters/:cluster/nodegroups/:id',
    'the default one: nobody may',
  ],
  ['certificate:get_all_projects', 'GET /v1/certificates/:cluster'],
  ['certificate:create_all_projects', 'POST /v1/certificates'],
  [
    'certificate:create_all_projects',
    'GET /v1/clusters/:id/kubeconfig',
    'as certificates are signed',
  ],
  ['certificate:rotate_ca_all_projects', 'PATCH /v1/certificates/:cluster', 'the driver cannot'],
  ['credential:rotate_all_projects', 'PATCH /v1/credentials/:cluster', 'the driver cannot'],
];

const HEALTH = 'cluster:update_health_status';
const PUBLISH = 'clustertemplate:publish';

const rowOf = (route: string, note?: string): Row => {
  const found = TABLE.find((row) => row.route === route && row.note === note);
  if (found === undefined) throw new Error(`the table has no ${route} ${note ?? ''}`);
  return found;
};

const statusFor = (row: Row, caller: Caller) => row.statuses[CALLERS.indexOf(caller)];

let asking: Asking;
beforeAll(async () => {
  asking = await Asking.start();
});
afterAll(() => asking.api.stop());

const ask = async (rules: Record<string, string>, row: Row, caller: Caller | 'guest') => {
  asking.api.overrule({});
  await asking.arrange();
  asking.api.overrule(rules);
  const { status, body } = await asking.ask(row, caller);
  const [error] = (body['errors'] ?? []) as { readonly detail: string }[];
  return { status, detail: error?.detail };
};

const refusalOf = (rule: string) => ({
  status: 403,
  detail: `Policy doesn't allow ${rule} to be performed.`,
});

it('speaks of every rule there is', () => {
  const spoken = [...ruled, ...ruledForAdmins, ...ruledAcross].map(([rule]) => rule);
  const operations = defaultRules.map(({ name }) => name).filter((name) => name.includes(':'));
  const missing = operations.filter((name) => !spoken.includes(name));
  expect(missing.toSorted()).toEqual(['cluster:update_health_status', 'clustertemplate:publish']);
});

describe.each(ruled)('%s on %s %s', (rule, route, note) => {
  const row = rowOf(route, note);

  it('can shut out the owner', async () => {
    expect(await ask({ [rule]: '!' }, row, 'owner')).toEqual(refusalOf(rule));
    expect(asking.isUntouched).toBe(true);
  });

  it('can let in whom no rule knows', async () => {
    expect((await ask({}, row, 'guest')).status).toBe(403);
    expect((await ask({ [rule]: 'role:guest' }, row, 'guest')).status).toBe(
      statusFor(row, 'owner'),
    );
  });
});

describe.each(ruledForAdmins)('%s on %s %s', (rule, route, note) => {
  const row = rowOf(route, note);

  it('can shut out admins', async () => {
    expect(await ask({ [rule]: '!' }, row, 'admin')).toEqual(refusalOf(rule));
  });

  it('can let in others', async () => {
    expect((await ask({ [rule]: 'role:guest' }, row, 'guest')).status).toBe(
      statusFor(row, 'admin'),
    );
  });
});

describe.each(ruledAcross)('%s on %s %s', (rule, route, note) => {
  it('can shut out admins, and nobody else', async () => {
    const row = rowOf(route, note);
    expect(await ask({ [rule]: '!' }, row, 'admin')).toEqual(refusalOf(rule));
    expect((await ask({ [rule]: '!' }, row, 'owner')).status).toBe(statusFor(row, 'owner'));
  });
});

describe(`${HEALTH} and cluster:update`, () => {
  const row = rowOf('PATCH /v1/clusters/:id');

  it('must both let whoever changes a cluster', async () => {
    expect(await ask({ [HEALTH]: '!' }, row, 'owner')).toEqual(refusalOf(HEALTH));
    const update = { 'cluster:update': 'role:guest' };
    expect(await ask({ 'cluster:update': '!' }, row, 'owner')).toEqual(refusalOf('cluster:update'));
    expect(await ask(update, row, 'guest')).toEqual(refusalOf(HEALTH));
    expect((await ask({ ...update, [HEALTH]: 'role:guest' }, row, 'guest')).status).toBe(202);
  });
});

describe(PUBLISH, () => {
  const row = rowOf('POST /v1/clustertemplates', 'published');

  it('can be left to others than admins, or to nobody', async () => {
    expect((await ask({ [PUBLISH]: 'role:member' }, row, 'owner')).status).toBe(201);
    expect(await ask({ [PUBLISH]: '!' }, row, 'admin')).toEqual({
      status: 403,
      detail: 'Not authorized to set public or hidden flag for cluster template.',
    });
  });
});

describe('context_is_admin', () => {
  it('decides who sees other projects', async () => {
    const row = rowOf('GET /v1/clusters/:id');
    expect((await ask({ context_is_admin: 'role:auditor' }, row, 'admin')).status).toBe(404);
    expect((await ask({ context_is_admin: 'role:member' }, row, 'other')).status).toBe(200);
  });
});

describe('clustertemplate:get_one_all_projects', () => {
  it.each([['POST /v1/clusters/:id/actions/upgrade', 'the driver cannot', 404]])(
    'is not needed for %s, but for the templates of others there: %s',
    async (route, note, status) => {
      const rules = { 'clustertemplate:get_one_all_projects': '!' };
      expect((await ask(rules, rowOf(route, note), 'admin')).status).toBe(status);
    },
  );
});

describe('a rule about an object', () => {
  it.each([
    [
      'cluster:delete',
      'DELETE /v1/clusters/:id',
      "'c':%(name)s and 'CREATE_COMPLETE':%(status)s",
      204,
    ],
    ['cluster:delete', 'DELETE /v1/clusters/:id', "'v1.30.1':%(labels.kube_tag)s", 204],
    ['cluster:delete', 'DELETE /v1/clusters/:id', "'d':%(name)s", 403],
    ['cluster:delete', 'DELETE /v1/clusters/:id', "'CREATE_FAILED':%(status)s", 403],
    ['clustertemplate:delete', 'DELETE /v1/clustertemplates/:id', 'False:%(public)s', 204],
    ['clustertemplate:delete', 'DELETE /v1/clustertemplates/:id', "'vm':%(server_type)s", 204],
    ['clustertemplate:delete', 'DELETE /v1/clustertemplates/:id', 'True:%(hidden)s', 403],
  ])('%s on %s may ask for its members: %s: %d', async (rule, route, check, status) => {
    expect((await ask({ [rule]: check }, rowOf(route), 'owner')).status).toBe(status);
  });
});

describe('stats:get_all', () => {
  it('opens no other project, not even to whom it lets without one', async () => {
    expect(await ask({ 'stats:get_all': '@' }, rowOf('GET /v1/stats'), 'trustee')).toEqual({
      status: 403,
      detail: 'Not authorized.',
    });
  });
});

describe('the colleague', () => {
  it('gets certificates when the rule lets the project', async () => {
    const rules = { 'certificate:get': 'rule:admin_or_project_reader' };
    const row = rowOf('GET /v1/certificates/:cluster');
    expect((await ask(rules, row, 'colleague')).status).toBe(200);
    expect((await ask(rules, row, 'other')).status).toBe(404);
  });
});
