import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { controllers } from '../controllers.js';
import { Admission } from '../http/edge/admission.js';
import { openApiDocument } from '../http/openapi/document.js';
import { ApiUnderTest, type Answered, type Asked } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';
import { CALLERS, Callers, type Caller } from './callers.js';
import { undescribed, type Description } from './described.js';
import { PUBLIC, TABLE, TRIED, type Row } from './table.js';

const AT = '2026-01-01T13:00:00.000Z';

let api: ApiUnderTest;
let scene: ClusterScene;
let callers: Callers;
let names = new Map<string, string>();

beforeAll(async () => {
  api = await ApiUnderTest.start();
  callers = Callers.in(api);
  scene = await ClusterScene.on(api);
  const { answers } = api.requester;
  answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
  answers.set('jeroboam.authority.sign', () => ({ pem: 'CERT' }));
  answers.set('jeroboam.stats.counts', () => ({ clusters: 1, nodes: 2 }));
});
afterAll(() => api.stop());

let isUntouched = false;

const description = JSON.parse(JSON.stringify(openApiDocument(controllers))) as Description;
/** What was answered in all these cases that the document does not tell. */
const surprises = new Set<string>();

/** Asks on a scene where nobody has changed anything since it was arranged. */
const ask = async (row: Row, caller: Caller, headers = {}): Promise<Answered> => {
  if (!isUntouched) await arrange();
  const token = await callers.tokenOf(caller, names.get('<cluster>') ?? '');
  const before = api.store.seen.length;
  const answer = await api.ask(routeOf(row), { ...askedOf(row), token, headers });
  isUntouched = api.store.seen.length === before;
  for (const one of undescribed(row.route, answer, description)) surprises.add(one);
  return answer;
};

/** A quota of demo, a cluster of its own user, and templates no cluster uses. */
const arrange = async (): Promise<void> => {
  await scene.clear();
  const cluster = await scene.ready({ name: 'c' });
  const data = { resource: 'Cluster', hardLimit: 9, at: AT };
  await api.happened(`project-${scene.projectId}`, { type: 'QuotaSet', data });
  const open = await scene.template({ name: 'open' });
  const body = [{ op: 'replace', path: '/public', value: true }];
  await api.expect(200, `PATCH /v1/clustertemplates/${open}`, { as: 'admin', body });
  const requested = api.store.seen.findLast(({ type }) => type === 'ClusterRequested') as
    { readonly data: { readonly at: string } } | undefined;
  names = new Map([
    ['<cluster>', cluster],
    ['<then>', String(requested?.data.at)],
    ['<template>', await scene.template({ name: 'closed' })],
    ['<newer template>', await scene.template({ labels: { kube_tag: 'v1.30.2' } })],
    ['<public template>', open],
    ['<project>', scene.projectId],
    ['<project without quota>', api.cloud.keystone.directory.projectNamed('service')?.id ?? ''],
  ]);
};

const named = (text: string): string =>
  text.replaceAll(/<[\w ]+>/g, (name) => names.get(name) ?? name);

const routeOf = ({ route, path = {}, query = '' }: Row): string =>
  named(route.replaceAll(/:(\w+)/g, (_, name: string) => path[name] ?? name) + query);

const askedOf = ({ body, version = '1.12' }: Row): Asked => ({
  version,
  ...(body === undefined ? {} : { body: JSON.parse(named(JSON.stringify(body))) as unknown }),
});

const titled = TABLE.map((row) => [`${row.route} ${row.note ?? ''}`.trim(), row] as const);

describe('the table', () => {
  it('has every route that is registered, and no other', () => {
    const listed = [...new Set([...TABLE.map(({ route }) => route), ...PUBLIC])];
    expect(listed.toSorted()).toEqual(api.app.get(Admission).routes.all().toSorted());
  });

  it('speaks of every caller', () => {
    expect(TABLE.filter(({ statuses }) => statuses.length !== CALLERS.length)).toEqual([]);
  });
});

describe.each(titled)('%s', (_title, row) => {
  it.each(CALLERS.map((caller, index) => [caller, row.statuses[index]] as const))(
    '%s: %d',
    async (caller: Caller, status) => {
      const answer = await ask(row, caller);
      expect([answer.status, isUntouched || answer.status < 400]).toEqual([status, true]);
    },
  );
});

const trials = titled.filter(([, row]) => TRIED.includes(row.route));

describe.each(trials)('%s, tried', (_title, row) => {
  it.each(CALLERS)('tells the %s what would come of it, and does nothing', async (caller) => {
    const tried = { ...row, query: '?dry_run=true' };
    const { body, status } = await ask(tried, caller);
    const checks = body['checks'] as { readonly status: string }[];
    const isRefused = checks.some((check) => check.status === 'failed');
    const expected = (row.statuses[CALLERS.indexOf(caller)] ?? 0) >= 400;
    expect([status, isRefused, isUntouched]).toEqual([200, expected, true]);
  });
});

describe('without a token that is valid', () => {
  it.each(titled)('%s is 401', async (_title, row) => {
    const asked = askedOf(row);
    const tokens = ['', 'no such token', await callers.expired()];
    const statuses = [];
    for (const token of tokens)
      statuses.push((await api.ask(routeOf(row), { ...asked, token })).status);
    expect(statuses).toEqual([401, 401, 401]);
  });

  it.each(PUBLIC)('%s is served', async (route) => {
    const [method = '', url = ''] = route.split(' ');
    for (const token of ['', 'no such token']) {
      const headers = { 'x-auth-token': token };
      expect((await api.app.inject({ method: method as 'GET', url, headers })).statusCode).toBe(
        200,
      );
    }
  });
});

describe('identity headers from outside', () => {
  /** What the middleware of Keystone would tell a service behind it (CVE-2026-22797). */
  const forged = () => {
    const admin = api.cloud.keystone.directory.projectNamed('admin')?.id ?? '';
    return {
      ...{ 'x-identity-status': 'Confirmed', 'x-is-admin-project': 'True' },
      ...{ 'x-roles': 'admin,member,reader', 'x-role': 'admin', 'x-service-roles': 'admin' },
      ...{ 'x-user-id': 'admin', 'x-user': 'admin', 'x-user-name': 'admin' },
      ...{ 'x-project-id': admin, 'x-tenant-id': admin, 'x-tenant': 'admin' },
      ...{ 'x-project-name': 'admin', 'openstack-system-scope': 'all' },
      ...{ 'x-user-domain-id': 'default', 'x-domain-id': 'default', 'x-trust-id': 't' },
      ...{ 'x-service-token': api.tokenOf('admin'), 'x-subject-token': api.tokenOf('admin') },
    };
  };

  it.each(titled)('%s: they change nothing for others', async (_title, row) => {
    for (const caller of ['other', 'reader'] as const) {
      const { status } = await ask(row, caller, forged());
      expect([caller, status]).toEqual([caller, row.statuses[CALLERS.indexOf(caller)]]);
    }
  });

  it.each(titled)('%s: they are no token', async (_title, row) => {
    const asked = { ...askedOf(row), token: '', headers: forged() };
    expect((await api.ask(routeOf(row), asked)).status).toBe(401);
  });

  it('are not who an event names', async () => {
    await arrange();
    api.news();
    const body = [{ op: 'replace', path: '/node_count', value: 2 }];
    await api.expect(202, named('PATCH /v1/clusters/<cluster>'), { headers: forged(), body });
    const { directory } = api.cloud.keystone;
    expect(api.news().map(({ metadata }) => metadata.actor)).toMatchObject([
      { userId: directory.userNamed('demo')?.id, projectId: scene.projectId },
    ]);
  });
});

it('all that was answered above is in the document', () => {
  expect([...surprises]).toEqual([]);
});
