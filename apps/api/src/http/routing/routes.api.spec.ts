import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest, type Asked } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';

let api: ApiUnderTest;
let first: string;
let second: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const scene = await ClusterScene.on(api);
  first = await scene.ready({ name: 'c' });
  second = await scene.ready({ name: 'd' });
});
afterAll(() => api.stop());

const ALL = 'DELETE, GET, PATCH, POST';

/** Contract §1.5, and the errors of §2.3, §2.5 and §9: the path alone decides. */
describe('what a path does not do is 405, with what it does', () => {
  it.each([
    ['/', 'POST', 'GET'],
    ['/v1', 'POST', 'GET'],
    ['/v1/clusters', 'DELETE', ALL],
    ['/v1/clusters/c', 'POST', ALL],
    ['/v1/clusters/detail', 'POST', ALL],
    ['/v1/clustertemplates', 'DELETE', ALL],
    ['/v1/clusters/c/nodegroups', 'DELETE', ALL],
    ['/v1/clusters/c/nodegroups/x', 'POST', ALL],
    ['/v1/federations', 'DELETE', ALL],
    ['/v1/bays', 'DELETE', ALL],
    ['/v1/baymodels', 'DELETE', ALL],
    ['/v1/quotas', 'DELETE', ALL],
    ['/v1/quotas/p/Cluster', 'POST', ALL],
    ['/v1/certificates', 'GET', 'GET, PATCH, POST'],
    ['/v1/certificates/c', 'DELETE', 'GET, PATCH, POST'],
    ['/v1/credentials', 'GET', 'PATCH'],
    ['/v1/credentials/c', 'GET', 'PATCH'],
    ['/v1/mservices', 'POST', 'GET'],
    ['/v1/mservices/x', 'GET', 'GET'],
    ['/v1/stats', 'POST', 'GET'],
    ['/v1/stats/x', 'GET', 'GET'],
    ['/v1/stats/x', 'POST', 'GET'],
    ['/stats/x/', 'GET', 'GET'],
    ['/v1/stats/x/y', 'DELETE', 'GET'],
    ['/v1/clusters/c/actions', 'GET', ''],
    ['/v1/clusters/c/actions/resize', 'GET', ''],
    ['/v1/clusters/c/actions/upgrade', 'PATCH', ''],
    ['/v1/clusters/c/actions/dance', 'POST', ''],
  ])('%s: not %s, but %j', async (path, method, allowed) => {
    for (const one of [method, 'PUT', 'OPTIONS', 'HEAD']) {
      const { status, headers } = await api.ask(`${one} ${path}`, { version: '1.10' });
      expect([one, status, headers['allow']]).toEqual([one, 405, allowed]);
      expect(headers['openstack-api-version']).toBeUndefined();
    }
  });
});

describe('a path that names too much or too little', () => {
  const notUuid = (text: string): string =>
    `400 Invalid input for field/attribute marker. Value: '${text}'. unable to convert to uuid. Error: Expected a uuid but received ${text}.`;
  const notNumber =
    "400 Invalid input for field/attribute marker. Value: 'v2'. unable to convert to int. Error: invalid literal for int() with base 10: 'v2'";

  it.each<readonly [string, string, Asked?]>([
    ['GET /v2/clusters', notUuid('v2')],
    ['GET /foo/clusters/', notUuid('foo')],
    ['GET /v2/clusters/detail', notUuid('v2')],
    ['GET /v2/clustertemplates', notUuid('v2')],
    ['GET /v2/federations', notUuid('v2')],
    ['GET /v2/quotas', notNumber, { as: 'admin' }],
    ['GET /v1/clusters/x/detail', notUuid('x')],
    ['GET /v1/clustertemplates/x/detail', notUuid('x')],
    ['GET /v1/federations/x/detail', notUuid('x')],
    [
      'GET /v1/clusters/x/detail?marker=y',
      "400 Invalid input for field/attribute marker. Value: '['x', 'y']'. Value should be given once.",
    ],
    ['GET /v1/quotas/p', '400 Missing argument: "resource"'],
    ['PATCH /v1/credentials', '400 Missing argument: "cluster_ident"', { version: '1.12' }],
    ['GET /v1/certificates/detail', '404 Cluster detail could not be found.'],
    ['GET /v1/certificates/detail/', '404 Cluster detail could not be found.'],
    [
      'GET /v1/clusters/c/nodegroups/detail',
      '404 Nodegroup detail could not be found.',
      { version: '1.9' },
    ],
  ])('%s: %s', async (route, refusal, asked = {}) => {
    const answer = await api.ask(route, asked);
    const [error] = answer.body['errors'] as { detail: string }[];
    expect(`${answer.status} ${error?.detail ?? ''}`).toBe(refusal);
    expect(answer.headers).toMatchObject({
      'openstack-api-version': `container-infrastructure-management ${asked.version ?? '1.1'}`,
      vary: 'OpenStack-API-Version',
    });
  });

  it.each([
    'GET /v1/clusters/detail/',
    'GET /v1/clustertemplates/detail/',
    'GET /v1/federations/detail/',
    'GET /v1/clusters.json',
    'GET /v1/clusters/a%2Fb',
    'GET /v1/clusters/c/bogus',
    'POST /v2/clusters',
    'GET /v2/clusters/c',
    'GET /v1/bogus',
    'GET /v1.json',
  ])('%s: there is no such path', async (route) => {
    const { status, body, headers } = await api.ask(route);
    expect([status, body['errors']]).toEqual([
      404,
      [{ request_id: '', code: '', status: 404, title: 'Not Found', detail: '', links: [] }],
    ]);
    expect(headers['openstack-api-version']).toBeUndefined();
  });

  it('a marker in the path is one if it can be', async () => {
    for (const route of [`GET /v1/clusters/${first}/detail`, `GET /${first}/clusters?limit=1`]) {
      const { clusters } = await api.expect(200, route);
      expect((clusters as { uuid: string }[]).map(({ uuid }) => uuid)).toEqual([second]);
    }
  });
});

it.each(['/v1.json', '/.json'])('%s asks for no token and is not there', async (url) => {
  const { statusCode, headers } = await api.app.inject({ method: 'GET', url });
  expect(statusCode).toBe(404);
  expect(headers['x-openstack-request-id']).toMatch(/^req-/);
});
