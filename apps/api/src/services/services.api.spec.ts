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

describe('GET /mservices', () => {
  it('lists conductors, up while they are heard', async () => {
    const data = { host: 'h1', binary: 'magnum-conductor', at: '2026-01-01T12:00:00.000Z' };
    await api.happened('conductor-h1', { type: 'ConductorRegistered', data });
    const service = {
      host: 'h1',
      binary: 'magnum-conductor',
      state: 'down',
      id: 1,
      report_count: 0,
      disabled: false,
      disabled_reason: null,
      created_at: '2026-01-01T12:00:00.000000+00:00',
      updated_at: null,
    };
    const as = 'admin';
    expect(await api.expect(200, 'GET /v1/mservices', { as })).toEqual({ mservices: [service] });
    const heard = { host: 'h1', startedAt: '', lastSeenAt: '2026-01-01T12:01:00.000Z' };
    api.members.push(
      {
        ...heard,
        id: 'old',
        reportCount: 900,
        live: false,
        lastSeenAt: '2026-01-01T12:00:30.000Z',
      },
      { ...heard, id: 'new', reportCount: 7, live: true },
    );
    const { mservices } = await api.expect(200, 'GET /v1/mservices', { as });
    expect(Object.entries((mservices as object[])[0] ?? {})).toEqual(
      Object.entries({
        ...service,
        state: 'up',
        report_count: 7,
        updated_at: '2026-01-01T12:01:00.000000+00:00',
      }),
    );
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
});
