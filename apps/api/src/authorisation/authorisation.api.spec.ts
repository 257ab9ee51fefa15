import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { controllers } from '../controllers.js';
import { Admission } from '../http/edge/admission.js';
import { openApiDocument } from '../http/openapi/document.js';
import type { Answered, ApiUnderTest } from '../testing/api-under-test.js';
import { Asking } from './asking.js';
import { CALLERS, type Caller } from './callers.js';
import { undescribed, type Description } from './described.js';
import { PUBLIC, TABLE, TRIED, type Row } from './table.js';

let asking: Asking;
let api: ApiUnderTest;

beforeAll(async () => {
  asking = await Asking.start();
  api = asking.api;
});
afterAll(() => api.stop());

const description = JSON.parse(JSON.stringify(openApiDocument(controllers))) as Description;
/** What was answered in all these cases that the document does not tell. */
const surprises = new Set<string>();

const ask = async (row: Row, caller: Caller, headers = {}): Promise<Answered> => {
  const answer = await asking.ask(row, caller, headers);
  for (const one of undescribed(row.route, answer, description)) surprises.add(one);
  return answer;
};

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
      expect([answer.status, asking.isUntouched || answer.status < 400]).toEqual([status, true]);
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
    expect([status, isRefused, asking.isUntouched]).toEqual([200, expected, true]);
  });
});

describe('without a token that is valid', () => {
  it.each(titled)('%s is 401', async (_title, row) => {
    const tokens = ['', 'no such token', await asking.callers.expired()];
    const statuses = [];
    if (!asking.isUntouched) await asking.arrange();
    for (const token of tokens) statuses.push((await asking.send(row, { token })).status);
    expect([...statuses, asking.isUntouched]).toEqual([401, 401, 401, true]);
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
    expect((await asking.send(row, { token: '', headers: forged() })).status).toBe(401);
  });

  it('are not who an event names', async () => {
    await asking.arrange();
    api.news();
    const body = [{ op: 'replace', path: '/node_count', value: 2 }];
    await api.expect(202, asking.named('PATCH /v1/clusters/<cluster>'), {
      headers: forged(),
      body,
    });
    const { directory } = api.cloud.keystone;
    expect(api.news().map(({ metadata }) => metadata.actor)).toMatchObject([
      { userId: directory.userNamed('demo')?.id, projectId: asking.scene.projectId },
    ]);
  });
});

it('all that was answered above is in the document', () => {
  expect([...surprises]).toEqual([]);
});
