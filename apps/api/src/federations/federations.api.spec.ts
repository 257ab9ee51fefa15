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

const misfit = (field: string, value: string, reason: string): string =>
  `400 Invalid input for field/attribute ${field}. Value: '${value}'. ${reason}`;

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

  it('have one uuid of one Idempotency-Key and body', async () => {
    const body = { name: 'f', hostcluster_id: 'host', properties: { 'dns-zone': 'z.example.org' } };
    const ask = (key: string) =>
      api.expect(202, `POST ${URL}`, { body, headers: { 'idempotency-key': key } });
    const one = await ask('f1');
    expect(await ask('f1')).toEqual(one);
    expect(await ask('f2')).not.toEqual(one);
    const refusal = await api.refusal(`POST ${URL}`, { body, headers: { 'idempotency-key': '' } });
    expect(refusal).toBe('400 Idempotency-Key must have 1 to 255 characters.');
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
    [
      'POST',
      { hostcluster_id: 'host', properties: {} },
      '400 Please specify a `properties` dict for the federation.',
    ],
    ['POST', undefined, '400 Missing argument: "federation"'],
    ['POST', { bogus: 1 }, '400 Unknown attribute for argument federation: bogus'],
    [
      'POST',
      { name: '1' },
      misfit('name', '1', 'Value should match the pattern ^[a-zA-Z][a-zA-Z0-9_.-]*$'),
    ],
    [
      'POST',
      { name: '' },
      misfit('name', '', 'Value should have a minimum character requirement of 1'),
    ],
    ['POST', { uuid: 'x' }, misfit('uuid', 'x', 'Expected a uuid but received x.')],
    ['POST', { links: [] }, misfit('links', '[]', 'Cannot set read only field.')],
    ['POST', { properties: 'x' }, misfit('properties', 'x', 'Value not a valid dict: x')],
    [
      'POST',
      { member_ids: 'x' },
      misfit('federation', "{'member_ids': 'x'}", 'Value not a valid list: x'),
    ],
    [
      'POST',
      { status: 'x' },
      misfit(
        'status',
        'x',
        'Value should be one of: CREATE_IN_PROGRESS, CREATE_FAILED, CREATE_COMPLETE, UPDATE_IN_PROGRESS, UPDATE_FAILED, UPDATE_COMPLETE, DELETE_IN_PROGRESS, DELETE_FAILED, DELETE_COMPLETE',
      ),
    ],
    ['PATCH', undefined, '400 Missing argument: "patch"'],
    ['PATCH', {}, misfit('patch', '{}', 'Value not a valid list: {}')],
    [
      'PATCH',
      [{ op: 'replace', path: '/uuid', value: 'x' }],
      "400 '/uuid' is an internal attribute and can not be updated",
    ],
    [
      'PATCH',
      [{ op: 'add', path: '/member_ids', value: 'x' }],
      '404 Federation f could not be found.',
    ],
    ['GET', undefined, '404 Federation f could not be found.'],
    ['PATCH', [], '404 Federation f could not be found.'],
    ['DELETE', undefined, '404 Federation f could not be found.'],
  ])('%s %j: %s', async (method, body, refusal) => {
    const route = method === 'POST' ? `POST ${URL}` : `${method} ${URL}/f`;
    expect(await api.refusal(route, { body })).toBe(refusal);
  });

  it('know rollback of a change at every version', async () => {
    const asked = { body: [] };
    expect(await api.refusal(`PATCH ${URL}/f?rollback=True`, asked)).toBe(
      '404 Federation f could not be found.',
    );
    expect(await api.refusal(`PATCH ${URL}/f?rollback=perhaps`, asked)).toMatch(
      /^400 Invalid input for field\/attribute rollback\. Value: 'perhaps'\. /,
    );
  });
});
