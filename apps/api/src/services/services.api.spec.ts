import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  api.requester.sent.length = 0;
  api.requester.answers.set('jeroboam.stats.counts', () => ({ clusters: 2, nodes: 5 }));
});

// The API's clock begins at noon on the first of January.
const AT_NOON = '2026-01-01T12:00:00.000Z';
const LONG_AGO = '2025-06-01T00:00:00.000Z';
const wire = (time: string) => `2026-01-01T${time}.000000+00:00`;

describe('GET /mservices', () => {
  const services = async () => {
    const { mservices } = await api.expect(200, 'GET /v1/mservices', { as: 'admin' });
    return mservices as Record<string, unknown>[];
  };
  const registered = (host: string, at: string) =>
    api.happened(`conductor-${host}`, {
      type: 'ConductorRegistered',
      data: { host, binary: 'magnum-conductor', at },
    });
  const heard = (host: string, lastSeenAt: string, reportCount = 7) => {
    const id = `${host}-${api.members.length}`;
    api.members.push({ id, host, startedAt: LONG_AGO, lastSeenAt, reportCount, live: false });
  };

  it('lists conductors by number, with the last that was heard of each', async () => {
    await registered('h1', LONG_AGO);
    await registered('h2', LONG_AGO);
    heard('h1', '2026-01-01T11:59:00.000Z', 900);
    heard('h1', AT_NOON);
    const service = {
      host: 'h1',
      binary: 'magnum-conductor',
      state: 'up',
      id: 1,
      report_count: 7,
      disabled: false,
      disabled_reason: null,
      created_at: '2025-06-01T00:00:00.000000+00:00',
      updated_at: '2026-01-01T12:00:00.000000+00:00',
    };
    const [first, second] = await services();
    expect(Object.entries(first ?? {})).toEqual(Object.entries(service));
    // Of the other one nothing has been heard since this process began.
    const silent = { host: 'h2', id: 2, state: 'down', report_count: 0, updated_at: null };
    expect(second).toEqual({ ...service, ...silent });
  });

  it('knows what is marked in the log of those that are silent, and counts on from there', async () => {
    const quiet = await ApiUnderTest.start();
    const data = { host: 'h1', binary: 'magnum-conductor', at: LONG_AGO };
    const seen = { reportCount: 4000, at: '2026-01-01T11:58:00.000Z' };
    await quiet.happened(
      'conductor-h1',
      { type: 'ConductorRegistered', data },
      { type: 'ConductorSeen', data: seen },
    );
    const shown = () => quiet.expect(200, 'GET /v1/mservices', { as: 'admin' });
    const marked = { state: 'up', report_count: 4000, updated_at: wire('11:58:00') };
    expect(await shown()).toMatchObject({ mservices: [marked] });
    const member = { id: 'm', host: 'h1', startedAt: LONG_AGO, live: true };
    quiet.members.push({ ...member, reportCount: 4002, lastSeenAt: AT_NOON });
    const heard = { state: 'up', report_count: 4002, updated_at: wire('12:00:00') };
    expect(await shown()).toMatchObject({ mservices: [heard] });
    await quiet.stop();
  });

  it.each([
    ['up', 'heard three minutes ago', '2026-01-01T11:57:00.000Z', LONG_AGO],
    ['up', 'heard by a clock that is ahead', '2026-01-01T12:02:00.000Z', LONG_AGO],
    ['down', 'silent for longer', '2026-01-01T11:56:59.000Z', LONG_AGO],
    ['up', 'registered just now and not heard yet', null, AT_NOON],
    ['down', 'registered and never heard again', null, '2026-01-01T11:56:59.000Z'],
  ])('says %s of one that was %s', async (state, _, seenAt, registeredAt) => {
    const fresh = await ApiUnderTest.start();
    const at = { as: 'admin' };
    await fresh.happened('conductor-h1', {
      type: 'ConductorRegistered',
      data: { host: 'h1', binary: 'magnum-conductor', at: registeredAt },
    });
    const member = { id: 'm', host: 'h1', startedAt: LONG_AGO, reportCount: 1, live: false };
    if (seenAt !== null) fresh.members.push({ ...member, lastSeenAt: seenAt });
    expect(await fresh.expect(200, 'GET /v1/mservices', at)).toMatchObject({
      mservices: [{ state }],
    });
    await fresh.stop();
  });

  it('goes by the time the operator sets', async () => {
    const strict = await ApiUnderTest.start({
      environment: { JEROBOAM_SERVICE_DOWN_TIME_SECONDS: '60' },
    });
    const data = { host: 'h1', binary: 'magnum-conductor', at: '2026-01-01T11:58:00.000Z' };
    await strict.happened('conductor-h1', { type: 'ConductorRegistered', data });
    expect(await strict.expect(200, 'GET /v1/mservices', { as: 'admin' })).toMatchObject({
      mservices: [{ state: 'down' }],
    });
    await strict.stop();
  });

  it('is for admins and takes no arguments', async () => {
    expect(await api.refusal('GET /v1/mservices')).toBe(
      "403 Policy doesn't allow magnum-service:get_all to be performed.",
    );
    expect(await api.refusal('GET /v1/mservices?limit=1', { as: 'admin' })).toBe(
      '400 Unknown argument: "limit"',
    );
  });
});

describe('GET /stats', () => {
  const asked = () => api.requester.sent.map(({ payload }) => payload);

  it("counts the caller's project, any for an admin, or all", async () => {
    const demo = api.cloud.keystone.directory.projectNamed('demo')?.id ?? '';
    expect(await api.expect(200, 'GET /v1/stats')).toEqual({ clusters: 2, nodes: 5 });
    await api.expect(200, `GET /v1/stats?project_id=${demo}&type=CLUSTER`);
    await api.expect(200, 'GET /v1/stats?project_id=other', { as: 'admin' });
    await api.expect(200, 'GET /v1/stats', { as: 'admin' });
    expect(asked()).toEqual([
      { projectId: demo },
      { projectId: demo },
      { projectId: 'other' },
      { projectId: null },
    ]);
  });

  it('refuses other projects, other types, and waits for nobody', async () => {
    expect(await api.refusal('GET /v1/stats?project_id=other')).toBe('403 Not authorized.');
    expect(await api.refusal('GET /v1/stats?type=node')).toBe(
      "400 Invalid stats type. Allowed values are 'cluster'",
    );
    api.requester.answers.clear();
    expect(await api.refusal('GET /v1/stats')).toBe(
      '503 The stats service is temporarily unavailable.',
    );
  });

  it('counts nothing for who has no project, whatever the policy lets', async () => {
    const open = await ApiUnderTest.start({ rules: { 'stats:get_all': '@' } });
    const { keystone } = open.cloud;
    const userId = await keystone.createTrusteeUser({ name: 'n', password: 'pw' });
    const { token } = await keystone.trusteeSession({ userId, password: 'pw' }).access();
    open.requester.answers.set('jeroboam.stats.counts', () => ({ clusters: 2, nodes: 5 }));
    expect(await open.refusal('GET /v1/stats', { token })).toBe('403 Not authorized.');
    expect(open.requester.sent).toEqual([]);
    await open.stop();
  });
});
