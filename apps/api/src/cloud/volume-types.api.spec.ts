import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CloudError, CloudRefused, CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;
let asked: string[];

beforeAll(async () => {
  api = await ApiUnderTest.start();
  const { cinder } = api.cloud;
  cinder.volumeTypes.push(
    { id: 'type-1', name: 'fast', isPublic: true },
    ...['type-2', 'type-3'].map((id) => ({ id, name: 'twin', isPublic: true })),
  );
  const find = cinder.findVolumeType.bind(cinder);
  cinder.findVolumeType = (as, name) => {
    asked.push(name);
    return find(as, name);
  };
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  asked = [];
  await scene.clear();
});

const LABELS = ['boot_volume_type', 'docker_volume_type', 'etcd_volume_type'] as const;
const TEMPLATE = { coe: 'kubernetes', image_id: 'fedora-coreos', flavor_id: 'm1.small' };

const template = (labels: object, as = 'demo') =>
  api.refusal('POST /v1/clustertemplates', { as, body: { ...TEMPLATE, labels } });

const cluster = (body: object) =>
  api.refusal('POST /v1/clusters', { body: { cluster_template_id: scene.templateId, ...body } });

describe('the types of volumes that labels name', () => {
  it.each(LABELS)('must be there: %s', async (label) => {
    const refusal = '400 Unable to find volume type none.';
    expect(await template({ [label]: 'none' })).toBe(refusal);
    expect(await cluster({ labels: { [label]: 'none' } })).toBe(refusal);
  });

  it.each(LABELS)('go by name or by id: %s', async (label) => {
    for (const name of ['fast', 'type-1', '']) {
      expect(await template({ [label]: name })).toMatch(/^201/);
      expect(await cluster({ labels: { [label]: name } })).toMatch(/^202/);
    }
  });

  it('must be the only ones of their name', async () => {
    const refusal =
      "409 Multiple volume types exist with same name 'twin'. Please use the volume type ID instead.";
    expect(await template({ boot_volume_type: 'twin' })).toBe(refusal);
    expect(await cluster({ labels: { boot_volume_type: 'twin' } })).toBe(refusal);
  });

  it('count as the cluster will have them: of the template, replaced or merged', async () => {
    const uuid = await scene.template({ labels: { boot_volume_type: 'fast' } });
    await scene.create({ cluster_template_id: uuid });
    const types = api.cloud.cinder.volumeTypes;
    const [gone] = types.splice(1, 1);
    const token = api.cloud.keystone.signIn('demo', 'demo');
    const ask = async (body: object) =>
      api.refusal('POST /v1/clusters', { token, body: { cluster_template_id: uuid, ...body } });
    const refusal = '400 Unable to find volume type fast.';
    expect(await ask({})).toBe(refusal);
    expect(await ask({ labels: { a: '1' }, merge_labels: true })).toBe(refusal);
    expect(await ask({ labels: { boot_volume_type: 'stub' }, merge_labels: true })).toMatch(/^202/);
    expect(await ask({ labels: { a: '1' } })).toMatch(/^202/);
    if (gone) types.splice(1, 0, gone);
  });

  it('are looked at in a change of a template where they change', async () => {
    const uuid = await scene.template({ labels: { boot_volume_type: 'fast' } });
    const change = (path: string, value: string) =>
      api.refusal(`PATCH /v1/clustertemplates/${uuid}`, {
        body: [{ op: 'replace', path, value }],
      });
    asked = [];
    expect(await change('/labels', "{'boot_volume_type': 'fast', 'a': 'b'}")).toMatch(/^200/);
    expect(asked).toEqual([]);
    expect(await change('/labels/boot_volume_type', 'none')).toBe(
      '400 Unable to find volume type none.',
    );
    expect(await change('/labels/boot_volume_type', 'stub')).toMatch(/^200/);
  });

  it('are asked for once a moment, and again for another project', async () => {
    const token = api.cloud.keystone.signIn('demo', 'demo');
    const body = { ...TEMPLATE, labels: { boot_volume_type: 'fast', etcd_volume_type: 'fast' } };
    const create = () => api.refusal('POST /v1/clustertemplates', { token, body });
    for (const answer of await Promise.all([create(), create()])) expect(answer).toMatch(/^201/);
    await create();
    expect(asked).toEqual(['fast']);
    expect(await template({ boot_volume_type: 'fast' }, 'alt_demo')).toMatch(/^201/);
    expect(asked).toEqual(['fast', 'fast']);
  });

  it('are left alone on a cloud without a volume service', async () => {
    api.cloud.cinder.installed = false;
    const token = api.cloud.keystone.signIn('demo', 'demo');
    const body = { ...TEMPLATE, labels: { boot_volume_type: 'none' } };
    expect(await api.refusal('POST /v1/clustertemplates', { token, body })).toMatch(/^201/);
    api.cloud.cinder.installed = true;
  });

  it.each<[CloudError, string]>([
    [
      new CloudUnavailable('x', { service: 'volume', status: 503, requestId: null }),
      '503 The volume service is temporarily unavailable.',
    ],
    [
      new CloudRefused('no', { service: 'volume', status: 403, requestId: null }),
      '403 cinder connection failed. no',
    ],
  ])('tell of a service that does not answer: %s', async (error, refusal) => {
    const { cinder } = api.cloud;
    const list = cinder.listVolumeTypes.bind(cinder);
    cinder.listVolumeTypes = () => Promise.reject(error);
    const token = api.cloud.keystone.signIn('demo', 'demo');
    const body = { ...TEMPLATE, labels: { boot_volume_type: 'fast' } };
    expect(await api.refusal('POST /v1/clustertemplates', { token, body })).toBe(refusal);
    cinder.listVolumeTypes = list;
  });
});
