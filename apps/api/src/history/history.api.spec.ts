import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeEach(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterEach(() => api.stop());

/** The clock of the API is a few seconds past noon; what it asks for is dated so. */
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();

/** Time passes: each request takes a second of the clock. */
const until = async (second: number): Promise<void> => {
  const url = `GET /v1/clusters?at=${at(second)}`;
  while ((await api.ask(url)).status === 400) continue;
};

const health = (uuid: string, status: string, second: number): Promise<void> =>
  api.happened(`cluster-${uuid}`, {
    type: 'HealthChanged',
    data: { status, reason: {}, at: at(second) },
  });

const gone = (uuid: string, second: number): Promise<void> =>
  api.happened(`cluster-${uuid}`, {
    type: 'ClusterDeleted',
    data: { operationId: 'x', at: at(second) },
  });

interface Told {
  readonly number: number;
  readonly type: string;
  readonly summary: string;
  readonly at: string;
  readonly initiator: object | null;
  readonly changes: readonly object[];
}

const history = async (ident: string, query = '', as = 'demo'): Promise<readonly Told[]> => {
  const url = `GET /v1/clusters/${ident}/events${query}`;
  const { events } = await api.expect(200, url, { as, version: '1.10' });
  return events as readonly Told[];
};

describe('the history of a cluster', () => {
  it('tells what happened, in order and in words', async () => {
    const uuid = await scene.ready({ name: 'c' });
    await api.expect(202, `POST /v1/clusters/${uuid}/actions/resize`, {
      version: '1.10',
      body: { node_count: 3 },
    });
    expect((await history('c')).map(({ number, summary }) => [number, summary])).toEqual([
      [0, 'Creation of c from the template k8s asked for'],
      [1, 'Building of the stack c-1 has begun'],
      [2, 'The cluster is created'],
      [3, 'Resize of default-worker to 3 asked for'],
    ]);
  });

  it('tells who, with which request, when, and what differs since', async () => {
    const uuid = await scene.ready({});
    const asked = { version: '1.10', body: { node_count: 3 } };
    const answer = await api.ask(`POST /v1/clusters/${uuid}/actions/resize`, asked);
    const requestId = answer.headers['x-openstack-request-id'];
    const told = (await history(uuid)).at(-1);
    const { directory } = api.cloud.keystone;
    expect(told).toEqual({
      number: 3,
      id: expect.any(String),
      type: 'ResizeRequested',
      summary: 'Resize of default-worker to 3 asked for',
      at: expect.stringMatching(/^2026-01-01T12:00:\d\d\.000000\+00:00$/),
      initiator: {
        kind: 'user',
        user_id: directory.userNamed('demo')?.id,
        user_name: 'demo',
        project_id: scene.projectId,
      },
      request_id: requestId,
      correlation_id: requestId,
      causation_id: expect.any(String),
      changes: [
        { field: 'node_count', from: 1, to: 3 },
        { field: 'status', from: 'CREATE_COMPLETE', to: 'UPDATE_IN_PROGRESS' },
        { field: 'nodegroups.default-worker.node_count', from: 1, to: 3 },
        {
          field: 'nodegroups.default-worker.status',
          from: 'CREATE_COMPLETE',
          to: 'UPDATE_IN_PROGRESS',
        },
      ],
    });
  });

  it('shows members by the names of the API alone', async () => {
    const [created] = await history(await scene.ready({ name: 'c' }));
    expect(created?.changes).toContainEqual({ field: 'name', from: null, to: 'c' });
    expect(JSON.stringify(await history('c'))).not.toMatch(/trust|nodeCount|projectId/i);
  });

  it('comes in pages', async () => {
    const uuid = await scene.ready({});
    const url = `/v1/clusters/${uuid}/events`;
    const first = await api.expect(200, `GET ${url}?limit=2`);
    expect(first['events']).toMatchObject([{ number: 0 }, { number: 1 }]);
    expect(first['next']).toBe(`http://api:9511${url}?limit=2&marker=1`);
    expect(await history(uuid, '?limit=2&marker=1')).toMatchObject([{ number: 2 }]);
    expect(await history(uuid, '?marker=2')).toEqual([]);
  });

  it.each(['limit=0', 'limit=-1', 'limit=x', 'marker=-1', 'marker=x', 'sort_key=at'])(
    'is 400 for %s',
    async (query) => {
      const uuid = await scene.ready({});
      expect((await api.ask(`GET /v1/clusters/${uuid}/events?${query}`)).status).toBe(400);
    },
  );

  it('outlives the cluster, for its project and for admins', async () => {
    const uuid = await scene.ready({ name: 'c' });
    await gone(uuid, 20);
    for (const as of ['demo', 'demo_reader@demo', 'admin'])
      expect((await history(uuid, '', as)).at(-1)).toMatchObject({
        summary: 'The cluster is deleted',
        changes: [{ field: 'status', from: 'CREATE_COMPLETE', to: 'DELETE_COMPLETE' }],
      });
    const url = (ident: string) => `GET /v1/clusters/${ident}/events`;
    expect(await api.refusal(url('c'))).toBe('404 Cluster c could not be found.');
    expect(await api.refusal(url(uuid), { as: 'alt_demo' })).toBe(
      `404 Cluster ${uuid} could not be found.`,
    );
  });
});

describe('a cluster as it was', () => {
  const then = (uuid: string, second: number) =>
    api.ask(`GET /v1/clusters/${uuid}?at=${at(second)}`, { version: '1.10' });

  it('shows the state of each time', async () => {
    const uuid = await scene.create({});
    await health(uuid, 'HEALTHY', 20);
    await health(uuid, 'UNHEALTHY', 30);
    await until(40);
    const shown = [];
    for (const second of [19, 20, 29, 30, 40])
      shown.push((await then(uuid, second)).body['health_status']);
    expect(shown).toEqual([null, 'HEALTHY', 'HEALTHY', 'UNHEALTHY', 'UNHEALTHY']);
    const now = await api.expect(200, `GET /v1/clusters/${uuid}`, { version: '1.10' });
    expect((await then(uuid, 40)).body).toEqual(now);
  });

  it('is 404 before its request and after its deletion, and there between', async () => {
    await until(3);
    const uuid = await scene.create({});
    await gone(uuid, 30);
    await until(31);
    const statuses = [];
    for (const second of [0, 29, 30, 31]) statuses.push((await then(uuid, second)).status);
    expect(statuses).toEqual([404, 200, 404, 404]);
    expect((await api.ask(`GET /v1/clusters/${uuid}`)).status).toBe(404);
    const other = { as: 'alt_demo' };
    expect((await api.ask(`GET /v1/clusters/${uuid}?at=${at(29)}`, other)).status).toBe(404);
  });

  it.each([
    '2026-01-01T12:00:00.000000+00:00',
    '2026-01-01T12:00:00.000000%2B00:00',
    '2026-01-01T14:00:00%2B02:00',
    '2026-01-01T12:00:00Z',
  ])('reads the time %s', async (time) => {
    expect((await api.ask(`GET /v1/clusters?at=${time}`)).status).toBe(200);
  });

  it.each(['', 'now', '2026-01-01', '2026-01-01T12:00:00', '2026-02-30T12:00:00Z', '1767268800'])(
    'is 400 for the time %j',
    async (time) => {
      const uuid = await scene.create({});
      for (const path of [`clusters/${uuid}`, 'clusters', 'clusters/detail'])
        expect(await api.refusal(`GET /v1/${path}?at=${time}`)).toMatch(
          /^400 Invalid input for field\/attribute at\. Value: /,
        );
    },
  );

  it('is 400 for the future', async () => {
    const time = '2030-01-01T00:00:00Z';
    expect(await api.refusal(`GET /v1/clusters?at=${time}`)).toBe(
      `400 The time ${time} is in the future.`,
    );
  });
});

describe('clusters as they were', () => {
  const names = async (query: string, path = 'clusters', as = 'demo') => {
    const { clusters } = await api.expect(200, `GET /v1/${path}?${query}`, { as });
    return (clusters as { name: string }[]).map(({ name }) => name);
  };

  it('are those there were', async () => {
    const first = await scene.create({ name: 'b' });
    await scene.create({ name: 'a' });
    await gone(first, 30);
    await until(31);
    expect(await names(`at=${at(0)}`)).toEqual([]);
    expect(await names(`at=${at(29)}`)).toEqual(['b', 'a']);
    expect(await names(`at=${at(30)}`)).toEqual(['a']);
    expect(await names(`at=${at(29)}`, 'clusters/detail')).toEqual(['b', 'a']);
    expect(await names(`at=${at(29)}`, 'clusters', 'admin')).toEqual(['b', 'a']);
    expect(await names(`at=${at(29)}`, 'clusters', 'alt_demo')).toEqual([]);
  });

  it('show what they show now, of now', async () => {
    await scene.create({ name: 'b' });
    await scene.create({ name: 'a' });
    await until(20);
    for (const path of ['clusters', 'clusters/detail'])
      expect(await api.expect(200, `GET /v1/${path}?at=${at(20)}`)).toEqual(
        await api.expect(200, `GET /v1/${path}`),
      );
  });

  it('are sorted by members they had then, and paged', async () => {
    for (const name of ['b', 'c', 'a']) await scene.create({ name });
    await until(20);
    const time = `at=${at(20)}`;
    expect(await names(`${time}&sort_key=name`)).toEqual(['a', 'b', 'c']);
    expect(await names(`${time}&sort_key=name&sort_dir=desc&limit=2`)).toEqual(['c', 'b']);
    expect(await names(`${time}&sort_dir=desc`)).toEqual(['a', 'c', 'b']);
    for (const key of ['id', 'name']) {
      const shown: string[] = [];
      let next: unknown = `/v1/clusters?${time}&sort_key=${key}&limit=1`;
      while (typeof next === 'string' && shown.length < 9) {
        const page = await api.expect(200, `GET ${next.replace('http://api:9511', '')}`);
        shown.push(...(page['clusters'] as { name: string }[]).map(({ name }) => name));
        next = page['next'];
      }
      expect([key, shown]).toEqual([key, key === 'id' ? ['b', 'c', 'a'] : ['a', 'b', 'c']]);
    }
    expect(await api.refusal(`GET /v1/clusters?${time}&sort_key=x`)).toMatch(/^400 The sort_key/);
    const none = '00000000-0000-4000-8000-000000000000';
    expect(await api.refusal(`GET /v1/clusters?${time}&marker=${none}`)).toBe(
      `404 Cluster ${none} could not be found.`,
    );
  });
});
