import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';

let api: ApiUnderTest;
let demo: string;
let alt: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const { directory } = api.cloud.keystone;
  demo = directory.projectNamed('demo')?.id ?? '';
  alt = directory.projectNamed('alt_demo')?.id ?? '';
});
afterAll(() => api.stop());
beforeEach(async () => {
  for (const project of [demo, alt])
    await api.ask(`DELETE ${URL}/${project}/Cluster`, { as: 'admin' });
  api.news();
});

const URL = '/v1/quotas';
const as = 'admin';

describe('quotas', () => {
  it('are made, shown, changed and removed', async () => {
    const body = { project_id: demo, resource: 'Cluster', hard_limit: '5' };
    const answer = await api.ask(`POST ${URL}`, { as, body });
    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.body).toEqual({
      id: expect.any(Number),
      hard_limit: 5,
      project_id: demo,
      resource: 'Cluster',
      created_at: expect.stringMatching(/\+00:00$/),
      updated_at: null,
    });
    expect(api.news()).toMatchObject([
      { stream: `project-${demo}`, type: 'QuotaSet', data: { hardLimit: 5 } },
    ]);
    expect(await api.expect(200, `GET ${URL}/${demo}/Cluster`)).toEqual(answer.body);
    const changed = await api.ask(`PATCH ${URL}/${demo}/Cluster`, { as, body: { hard_limit: 7 } });
    expect([changed.status, changed.body['hard_limit']]).toEqual([202, 7]);
    const kept = await api.expect(202, `PATCH ${URL}/${demo}/Cluster`, { as, body: {} });
    expect(kept['hard_limit']).toBe(7);
    expect((await api.ask(`DELETE ${URL}/${demo}/Cluster`, { as })).status).toBe(204);
    expect(await api.expect(200, `GET ${URL}/${demo}/Cluster`)).toEqual({
      hard_limit: 20,
      project_id: demo,
      resource: 'Cluster',
    });
  });

  it('are 1 unless said', async () => {
    const made = await api.expect(201, `POST ${URL}`, { as, body: { project_id: demo } });
    expect(made['hard_limit']).toBe(1);
  });

  it('are listed, of one project or of all', async () => {
    const ids = [];
    for (const project_id of [demo, alt]) {
      const { id } = await api.expect(201, `POST ${URL}`, { as, body: { project_id } });
      ids.push(id);
    }
    expect(await api.expect(200, `GET ${URL}`, { as })).toEqual({ quotas: [] });
    const first = await api.expect(200, `GET ${URL}?all_tenants=True&limit=1`, { as });
    expect(first['next']).toBe(
      `http://api:9511${URL}?sort_key=id&sort_dir=asc&limit=1&marker=${String(ids[0])}`,
    );
    const rest = await api.expect(200, `GET ${URL}?all_tenants=1&marker=${String(ids[0])}`, { as });
    expect((rest['quotas'] as { id: number }[]).map(({ id }) => id)).toEqual([ids[1]]);
    expect(await api.refusal(`GET ${URL}?all_tenants=1&marker=999`, { as })).toBe(
      '404 Quota could not be found: quota id 999 .',
    );
    expect((await api.ask(`GET ${URL}?all_tenants=bad`, { as })).status).toBe(400);
  });

  it('are made once', async () => {
    const body = { project_id: demo };
    await api.expect(201, `POST ${URL}`, { as, body });
    expect(await api.refusal(`POST ${URL}`, { as, body })).toBe(
      `409 Quota for project ${demo} already exists for resource Cluster.`,
    );
  });

  it.each([
    ['POST', '', {}, '400 Must provide a valid project ID.'],
    ['POST', '', { project_id: 'nobody' }, '404 The project_id nobody could not be found.'],
    ['POST', '', { project_id: null }, '400 Must provide a valid project ID.'],
    [
      'POST',
      '',
      { project_id: '' },
      "400 Invalid input for field/attribute project_id. Value: ''. Value should have a minimum character requirement of 1",
    ],
    [
      'POST',
      '',
      { project_id: 'x', hard_limit: -1 },
      "400 Invalid input for field/attribute hard_limit. Value: '-1'. Value should be greater or equal to 0",
    ],
    [
      'POST',
      '',
      { project_id: 'x', hard_limit: null },
      "400 Invalid input for field/attribute hard_limit. Value: 'None'. Value should not be null.",
    ],
    [
      'POST',
      '',
      { project_id: 'x', resource: 'Node' },
      "400 Invalid input for field/attribute resource. Value: 'Node'. Value should be one of: Cluster",
    ],
    [
      'PATCH',
      '/p/Cluster',
      { hard_limit: 1 },
      '404 Quota could not be found: project_id p resource Cluster.',
    ],
    [
      'DELETE',
      '/p/Cluster',
      undefined,
      '404 Quota could not be found: project_id p resource Cluster.',
    ],
    [
      'GET',
      '/p/cluster',
      undefined,
      '404 Quota could not be found: project_id p resource cluster.',
    ],
    ['GET', '/p', undefined, '400 Missing argument: "resource"'],
    ['PATCH', '/p/Cluster', undefined, '400 Missing argument: "quotapatch"'],
  ])('%s %s %j: %s', async (method, path, body, refusal) => {
    expect(await api.refusal(`${method} ${URL}${path}`, { as, body })).toBe(refusal);
    expect(api.news()).toEqual([]);
  });

  it('are for admins, but for reading one of the own project', async () => {
    expect(await api.refusal(`POST ${URL}`, { body: { project_id: demo } })).toBe(
      "403 Policy doesn't allow quota:create to be performed.",
    );
    expect(await api.refusal(`GET ${URL}`)).toBe(
      "403 Policy doesn't allow quota:get_all to be performed.",
    );
    expect(await api.refusal(`GET ${URL}/${alt}/Cluster`)).toBe('403 Not authorized.');
    expect((await api.ask(`GET ${URL}/${alt}/Cluster`, { as })).status).toBe(200);
  });
});
