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
beforeEach(async () => {
  await scene.clear();
});

const MODEL = { name: 'm', coe: 'kubernetes', image_id: 'fedora-coreos', flavor_id: 'm1.small' };
const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }];

describe('baymodels', () => {
  const URL = '/v1/baymodels';

  it('are cluster templates without a driver', async () => {
    const answer = await api.ask(`POST ${URL}`, { body: MODEL });
    const uuid = String(answer.body['uuid']);
    expect([answer.status, answer.headers['location']]).toEqual([
      201,
      `http://api:9511${URL}/${uuid}`,
    ]);
    const template = await api.expect(200, `GET /v1/clustertemplates/${uuid}`);
    const { driver, links, ...members } = template;
    expect(driver).toBe('k8s_fedora_coreos_v1');
    expect(links).toHaveLength(2);
    expect(answer.body).toEqual({
      ...members,
      links: [
        { href: `http://api:9511${URL}/${uuid}`, rel: 'self' },
        { href: `http://api:9511/baymodels/${uuid}`, rel: 'bookmark' },
      ],
    });
    const { baymodels } = await api.expect(200, `GET ${URL}`);
    expect(baymodels).toContainEqual(answer.body);
    const changed = await api.expect(200, `PATCH ${URL}/${uuid}`, { body: replace('/name', 'n') });
    expect(changed['name']).toBe('n');
    expect((await api.ask(`DELETE ${URL}/n`)).status).toBe(204);
  });

  it.each([
    [{ driver: 'x' }, '400 Unknown attribute for argument baymodel: driver'],
    [
      { labels: { a: 1 } },
      "400 Invalid input for field/attribute labels. Value: '{'a': 1}'. Wrong type. Expected '<class 'str'>', got '<class 'int'>'",
    ],
    [
      { dns_nameserver: '8.8.8.8,8.8.4.4' },
      "400 Invalid input for field/attribute dns_nameserver. Value: '8.8.8.8,8.8.4.4'. '8.8.8.8,8.8.4.4' does not appear to be an IPv4 address",
    ],
  ])('refuse %j', async (change, refusal) => {
    expect(await api.refusal(`POST ${URL}`, { body: { ...MODEL, ...change } })).toBe(refusal);
  });
});

describe('bays', () => {
  const URL = '/v1/bays';
  const body = { name: 'b', baymodel_id: 'k8s', bay_create_timeout: 5 };

  it('are answered whole before 1.2', async () => {
    const answer = await api.ask(`POST ${URL}`, { body });
    const uuid = String(answer.body['uuid']);
    expect([answer.status, answer.headers['location']]).toEqual([
      201,
      `http://api:9511${URL}/${uuid}`,
    ]);
    expect(answer.body).toMatchObject({
      name: 'b',
      baymodel_id: scene.templateId,
      bay_create_timeout: 5,
      status: 'CREATE_IN_PROGRESS',
      links: [{ href: `http://api:9511${URL}/${uuid}`, rel: 'self' }, {}],
    });
    for (const member of ['cluster_template_id', 'create_timeout', 'faults'])
      expect(answer.body).not.toHaveProperty(member);
    // Where a cluster has them under their newer names.
    const names = Object.keys(answer.body);
    expect([names[2], names[10]]).toEqual(['baymodel_id', 'bay_create_timeout']);
    expect(await api.expect(200, `GET ${URL}/b`)).toEqual(answer.body);
    expect(api.news().map(({ type }) => type)).toEqual(['ClusterClaimed', 'ClusterRequested']);
  });

  it('are answered by their uuid from 1.2 on', async () => {
    const made = await api.ask(`POST ${URL}`, { version: '1.2', body });
    expect([made.status, Object.keys(made.body)]).toEqual([202, ['uuid']]);
    const [bay] = (await api.expect(200, `GET ${URL}`))['bays'] as object[];
    expect(bay).toMatchObject({ ...made.body, baymodel_id: scene.templateId });
  });

  it('are scaled', async () => {
    const uuid = await scene.ready({ name: 'c' });
    const scaled = await api.ask(`PATCH ${URL}/c`, { body: replace('/node_count', 2) });
    expect([scaled.status, scaled.body['node_count']]).toEqual([200, 2]);
    expect(await api.refusal(`PATCH ${URL}/c`, { body: replace('/baymodel_id', 'x') })).toBe(
      '400 cannot change cluster property(ies) baymodel_id.',
    );
    const asked = { version: '1.2', body: [] };
    expect((await api.ask(`PATCH ${URL}/c`, asked)).body).toEqual({ uuid });
    expect((await api.ask(`DELETE ${URL}/c`)).status).toBe(204);
  });

  it.each([
    [{ baymodel_id: 'none' }, '400 ClusterTemplate none could not be found.'],
    [
      { bay_create_timeout: -1 },
      "400 Invalid input for field/attribute bay_create_timeout. Value: '-1'. Value should be greater or equal to 0",
    ],
    [{ create_timeout: 1 }, '400 Unknown attribute for argument bay: create_timeout'],
    [{ faults: {} }, '400 Unknown attribute for argument bay: faults'],
    [{ cluster_template_id: 'k8s' }, '400 Unknown attribute for argument bay: cluster_template_id'],
    [
      { node_count: 0 },
      "400 Invalid input for field/attribute node_count. Value: '0'. Value should be greater or equal to 1",
    ],
  ])('refuse %j', async (change, refusal) => {
    expect(await api.refusal(`POST ${URL}`, { body: { ...body, ...change } })).toBe(refusal);
  });
});

describe.each(['bays', 'baymodels'])('%s', (collection) => {
  it.each([
    ['GET', '', 200],
    ['GET', '/detail', 200],
    ['GET', '/none', 404],
    ['POST', '', 400],
    ['PATCH', '/none', 400],
    ['DELETE', '/none', 404],
  ])('%s %s is gone at 1.11', async (method, path, status) => {
    const route = `${method} /v1/${collection}${path}`;
    const last = await api.ask(route, { version: '1.10' });
    expect([last.status, last.headers['openstack-api-version']]).toEqual([
      status,
      'container-infrastructure-management 1.10',
    ]);
    const gone = await api.ask(route, { version: '1.11' });
    expect([gone.status, gone.body]).toEqual([
      404,
      {
        errors: [
          { request_id: '', code: '', status: 404, title: 'Not Found', detail: '', links: [] },
        ],
      },
    ]);
  });
});
