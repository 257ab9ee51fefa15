import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const scene = await ClusterScene.on(api);
  await scene.create({ name: 'host' });
  api.news();
});
afterAll(() => api.stop());

const URL = '/v1/federations';

describe('federations', () => {
  it('are checked and accepted, and never there', async () => {
    const body = { name: 'f', hostcluster_id: 'host', properties: { 'dns-zone': 'z.example.org' } };
    const answer = await api.ask(`POST ${URL}`, { body });
    expect(answer.status).toBe(202);
    expect(Object.keys(answer.body)).toEqual(['uuid']);
    for (const path of ['', '/detail'])
      expect(await api.expect(200, `GET ${URL}${path}`)).toEqual({ federations: [] });
    expect(api.news()).toEqual([]);
  });

  it.each([
    ['POST', {}, '400 No hostcluster specified. Please specify a hostcluster_id.'],
    ['POST', { hostcluster_id: 'none' }, '404 Cluster none could not be found.'],
    [
      'POST',
      { hostcluster_id: 'host' },
      '400 Please specify a `properties` dict for the federation.',
    ],
    [
      'POST',
      { hostcluster_id: 'host', properties: { x: 1 } },
      '400 No DNS zone specified. Please specify a `dns-zone`.',
    ],
    ['GET', undefined, '404 Federation f could not be found.'],
    ['PATCH', [], '404 Federation f could not be found.'],
    ['DELETE', undefined, '404 Federation f could not be found.'],
  ])('%s %j: %s', async (method, body, refusal) => {
    const route = method === 'POST' ? `POST ${URL}` : `${method} ${URL}/f`;
    expect(await api.refusal(route, { body })).toBe(refusal);
  });
});
