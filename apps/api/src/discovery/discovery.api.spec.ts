import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Health } from '@jeroboam/platform/health/health';
import { ApiUnderTest } from '../testing/api-under-test.js';

let api: ApiUnderTest;
let folder: string;
let healthy = true;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'api-'));
  api = await ApiUnderTest.start({
    environment: { JEROBOAM_MAX_MICROVERSION: '1.14' },
    disablingFile: join(folder, 'disable'),
    health: new Health().add({
      name: 'log',
      check: () => ({ healthy, detail: healthy ? 'answers' : 'is away' }),
    }),
  });
});

afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) =>
  api.app.inject({ method: 'GET', url, headers: { host: 'h:9511', ...headers } });

describe('GET /', () => {
  it('names the versions, without a token and whatever version is asked for', async () => {
    const response = await get('/', { 'openstack-api-version': 'nonsense' });
    expect(response.statusCode).toBe(200);
    expect(response.payload).toBe(
      '{"name":"OpenStack Magnum API","description":"Magnum is an OpenStack project which aims to provide container cluster management.","versions":[{"id":"v1","links":[{"href":"http://h:9511/v1/","rel":"self"}],"status":"CURRENT","max_version":"1.14","min_version":"1.1"}]}',
    );
    expect(response.headers['openstack-api-version']).toBeUndefined();
    expect(response.headers['content-type']).toBe('application/json');
  });
});

describe('GET /v1', () => {
  it.each(['/v1', '/v1/'])('%s names the collections in order', async (url) => {
    const response = await get(url, { 'openstack-api-version': 'container-infra latest' });
    const body = response.json<Record<string, unknown>>();
    expect(Object.keys(body)).toEqual([
      'id',
      'media_types',
      'links',
      'clustertemplates',
      'clusters',
      'quotas',
      'certificates',
      'mservices',
      'stats',
      'federations',
      'nodegroups',
      'credentials',
    ]);
    expect(body['clusters']).toEqual([
      { href: 'http://h:9511/v1/clusters/', rel: 'self' },
      { href: 'http://h:9511/clusters/', rel: 'bookmark' },
    ]);
    expect(body['nodegroups']).toEqual([
      { href: 'http://h:9511/v1/clusters/{cluster_id}/nodegroups', rel: 'self' },
      { href: 'http://h:9511/clusters/{cluster_id}/nodegroups', rel: 'bookmark' },
    ]);
    expect(response.headers['openstack-api-version']).toBe(
      'container-infrastructure-management 1.14',
    );
  });

  it('looks at the version header', async () => {
    expect((await get('/v1', { 'openstack-api-version': 'x 1.1' })).statusCode).toBe(406);
  });

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'] as const)('%s is 405', async (method) => {
    for (const url of ['/', '/v1']) {
      const { statusCode, headers } = await api.app.inject({ method, url });
      expect([statusCode, headers['allow']]).toEqual([405, 'GET']);
    }
  });
});

describe('GET /healthcheck', () => {
  it('is 200 OK, or 503 with what fails', async () => {
    const fine = await get('/healthcheck');
    expect([fine.statusCode, fine.payload]).toEqual([200, 'OK']);
    expect(fine.headers['x-openstack-request-id']).toMatch(/^req-/);
    healthy = false;
    const failing = await get('/healthcheck');
    healthy = true;
    expect([failing.statusCode, failing.payload]).toEqual([503, 'log: is away']);
  });

  it('says so when a file takes the replica out of service', async () => {
    writeFileSync(join(folder, 'disable'), '');
    const { statusCode, payload } = await get('/healthcheck');
    rmSync(join(folder, 'disable'));
    expect([statusCode, payload]).toEqual([503, 'DISABLED BY FILE']);
  });
});

it('counts requests in /metrics', async () => {
  await get('/v1');
  const { payload } = await get('/metrics');
  const lines = payload.split('\n');
  const route = 'method="GET",route="/v1",status="200"';
  const counts = lines.filter((line) => line.includes('_seconds_count') && line.includes(route));
  expect(counts).toHaveLength(1);
  expect(counts[0]).toMatch(/^jeroboam_http_request_seconds_count\{.*\} \d+$/);
});

it.each(['/clusters', '/v1/nothing'])('%s needs a token', async (url) => {
  expect((await get(url)).statusCode).toBe(401);
});

it('describes itself without a token', async () => {
  const { statusCode, payload } = await get('/v1/openapi.json');
  expect(statusCode).toBe(200);
  const document = JSON.parse(payload) as { openapi: string; paths: Record<string, unknown> };
  expect(document.openapi).toBe('3.1.0');
  expect(document.paths).toHaveProperty(['/v1/openapi.json', 'get']);
});
