import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(() => scene.clear());

const STALE = '412 The resource has been changed meanwhile: its ETag is not the one of If-Match.';
const AT = '2026-01-01T13:00:00.000Z';

const tagOf = async (path: string, version = '1.10'): Promise<string> =>
  String((await api.ask(`GET ${path}`, { version })).headers['etag']);

const health = (status: string) => ({
  type: 'HealthChanged',
  data: { status, reason: {}, at: AT },
});

describe('the ETag of a cluster', () => {
  it('stays with the state, at each version for itself, and goes with a change', async () => {
    const uuid = await scene.ready({});
    const path = `/v1/clusters/${uuid}`;
    const tag = await tagOf(path);
    expect(tag).toMatch(/^"[0-9a-f]{32}-10"$/);
    expect(await tagOf(path)).toBe(tag);
    expect(await tagOf('/v1/clusters/c')).toBe(tag);
    expect(await tagOf(path, '1.5')).toBe(tag.replace('-10"', '-5"'));
    await api.happened(`cluster-${uuid}`, health('UNHEALTHY'));
    expect(await tagOf(path)).not.toBe(tag);
  });

  it.each([(tag: string) => tag, (tag: string) => `"x", W/${tag}`, () => '*'])(
    'is 304 without a body when If-None-Match names it (%#)',
    async (header) => {
      const path = `/v1/clusters/${await scene.ready({})}`;
      const tag = await tagOf(path);
      const answer = await api.ask(`GET ${path}`, {
        version: '1.10',
        headers: { 'if-none-match': header(tag) },
      });
      expect([answer.status, answer.body, answer.headers['etag']]).toEqual([304, {}, tag]);
    },
  );

  it('is 200 when If-None-Match names another', async () => {
    const path = `/v1/clusters/${await scene.ready({})}`;
    const headers = { 'if-none-match': await tagOf(path, '1.5') };
    expect((await api.ask(`GET ${path}`, { version: '1.10', headers })).status).toBe(200);
  });
});

describe('If-Match on a cluster', () => {
  const patch = [{ op: 'replace', path: '/node_count', value: 2 }];

  const requests = [
    ['PATCH', '', patch, 202],
    ['POST', '/actions/resize', { node_count: 2 }, 202],
    ['DELETE', '', undefined, 204],
  ] as const;

  it.each(requests)('lets %s %s pass while it is true', async (method, end, body, status) => {
    const path = `/v1/clusters/${await scene.ready({})}`;
    const headers = { 'if-match': await tagOf(path, '1.5') };
    const asked = { version: '1.10', headers, body };
    await api.expect(status, `${method} ${path}${end}`, asked);
    expect(api.news()).toHaveLength(1);
  });

  const upgrade = ['POST', '/actions/upgrade', { cluster_template: 'k8s' }, 202] as const;

  it.each([...requests, upgrade])(
    'stops %s %s when it no longer is (not %#)',
    async (...[method, end, body]) => {
      const uuid = await scene.ready({});
      const path = `/v1/clusters/${uuid}`;
      const headers = { 'if-match': await tagOf(path) };
      await api.happened(`cluster-${uuid}`, health('UNHEALTHY'));
      const asked = { version: '1.10', headers, body };
      expect(await api.refusal(`${method} ${path}${end}`, asked)).toBe(STALE);
      expect(api.news()).toEqual([]);
    },
  );

  it.each(['"x"', 'W/"x-10"', ''])('is stale when it is %j', async (tag) => {
    const path = `/v1/clusters/${await scene.ready({})}`;
    expect(await api.refusal(`DELETE ${path}`, { headers: { 'if-match': tag } })).toBe(STALE);
  });

  it('takes * for any', async () => {
    const path = `/v1/clusters/${await scene.ready({})}`;
    await api.expect(204, `DELETE ${path}`, { headers: { 'if-match': '*' } });
  });

  it('lets one of several at the same time through', async () => {
    const path = `/v1/clusters/${await scene.ready({})}`;
    const headers = { 'if-match': await tagOf(path) };
    const answers = await Promise.all(
      [2, 3, 4, 5].map((node_count) =>
        api.ask(`POST ${path}/actions/resize`, { version: '1.10', headers, body: { node_count } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 412, 412, 412]);
    expect(api.news()).toHaveLength(1);
  });

  it('holds for all a patch changes at once', async () => {
    const path = `/v1/clusters/${await scene.ready({})}`;
    const headers = { 'if-match': await tagOf(path) };
    const body = [...patch, { op: 'replace', path: '/health_status', value: 'UNHEALTHY' }];
    await api.expect(202, `PATCH ${path}`, { version: '1.10', headers, body });
    expect(api.news().map(({ type }) => type)).toEqual(['HealthChanged', 'ResizeRequested']);
  });
});

describe('a template', () => {
  const rename = (value: string) => [{ op: 'replace', path: '/name', value }];

  it('has an ETag that goes with each change, even one back', async () => {
    const path = `/v1/clustertemplates/${await scene.template({ name: 'one' })}`;
    const tag = await tagOf(path);
    expect(
      (await api.ask(`GET ${path}`, { version: '1.10', headers: { 'if-none-match': tag } })).status,
    ).toBe(304);
    const headers = { 'if-match': tag };
    await api.expect(200, `PATCH ${path}`, { headers, body: rename('two') });
    await api.expect(200, `PATCH ${path}`, { body: rename('one') });
    expect(await tagOf(path)).not.toBe(tag);
    expect(await api.refusal(`PATCH ${path}`, { headers, body: rename('x') })).toBe(STALE);
    expect(await api.refusal(`DELETE ${path}`, { headers })).toBe(STALE);
    await api.expect(204, `DELETE ${path}`, { headers: { 'if-match': await tagOf(path) } });
  });

  it('takes one of several changes of the same state', async () => {
    const path = `/v1/clustertemplates/${await scene.template({ name: 'one' })}`;
    const headers = { 'if-match': await tagOf(path) };
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((name) => api.ask(`PATCH ${path}`, { headers, body: rename(name) })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });
});
