import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
/** Uuids of templates by their numbers. */
let uuids: readonly string[];

const FOREIGN = { name: 'theirs', coe: 'kubernetes', image_id: 'fedora-coreos' };

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const scene = await ClusterScene.on(api);
  const first = scene.templateId;
  const rename = [{ op: 'replace', path: '/name', value: 'again' }];
  await api.expect(200, `PATCH /v1/clustertemplates/${first}`, { body: rename });
  const gone = await scene.template({ name: 'gone' });
  await api.expect(204, `DELETE /v1/clustertemplates/${gone}`);
  const digits = await scene.template({ name: '1' });
  const padded = await scene.template({ name: '007' });
  await api.expect(201, 'POST /v1/clustertemplates', { as: 'alt_demo', body: FOREIGN });
  uuids = ['', first, gone, digits, padded];
});
afterAll(() => api.stop());

/** Of the template that a new cluster is made from. */
const templateOf = async (cluster_template_id: string, as = 'demo'): Promise<unknown> => {
  const asked = { as, version: '1.10', body: { cluster_template_id, flavor_id: 'm1.small' } };
  const { uuid } = await api.expect(202, 'POST /v1/clusters', asked);
  return (await api.expect(200, `GET /v1/clusters/${String(uuid)}`, { as }))['cluster_template_id'];
};

const refusal = (cluster_template_id: unknown, version = '1.10') =>
  api.refusal('POST /v1/clusters', { version, body: { cluster_template_id } });

describe('cluster_template_id as an integer', () => {
  it('is the number of the template, in order of creation, not its name', async () => {
    expect(await templateOf('1')).toBe(uuids[1]);
    expect(await templateOf('3')).toBe(uuids[3]);
  });

  it('is a name where no integer is written so', async () => {
    expect(await templateOf('007')).toBe(uuids[4]);
  });

  it.each(['2', '0', '-1', '99', '9'.repeat(40)])('is unknown: %s', async (number) => {
    expect(await refusal(number)).toBe(`404 ClusterTemplate ${number} could not be found.`);
    expect(await refusal(number, '1.9')).toBe(`400 ClusterTemplate ${number} could not be found.`);
  });

  it('opens no template of another project', async () => {
    expect(await refusal('5')).toBe('404 ClusterTemplate 5 could not be found.');
    const { uuid } = await api.expect(200, 'GET /v1/clustertemplates/theirs', { as: 'alt_demo' });
    expect(await templateOf('5', 'alt_demo')).toBe(uuid);
  });

  it('is text on the wire', async () => {
    expect(await refusal(1)).toBe(
      "400 Invalid input for field/attribute cluster_template_id. Value: '1'. Wrong type. Expected '<class 'str'>', got '<class 'int'>'",
    );
  });

  it('holds for the baymodel of a bay', async () => {
    const bay = await api.expect(201, 'POST /v1/bays', { body: { baymodel_id: '3' } });
    expect(bay['baymodel_id']).toBe(uuids[3]);
  });

  it('finds no template by itself: there it is a name', async () => {
    const shown = await api.expect(200, 'GET /v1/clustertemplates/1');
    expect(shown['uuid']).toBe(uuids[3]);
    expect(await api.refusal('GET /v1/clustertemplates/3')).toBe(
      '404 ClusterTemplate 3 could not be found.',
    );
  });
});
