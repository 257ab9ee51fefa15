import { afterEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';

let api: ApiUnderTest;

const K8S = 'k8s_fedora_coreos_v1';
const SWARM = 'swarm_fedora_atomic_v1';
const TEMPLATES = 'POST /v1/clustertemplates';

const start = async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
  api = await ApiUnderTest.start({ environment });
  const [image] = api.cloud.glance.images;
  if (image === undefined) throw new Error('there is no image');
  const properties = { os_distro: 'windows', magnum_driver: SWARM };
  api.cloud.glance.images.push(
    { ...image, id: 'i1', name: 'marked', osDistro: 'windows', properties },
    { ...image, id: 'i2', name: 'windows', osDistro: 'windows', properties: {} },
  );
};
afterEach(() => api.stop());

const wished = (changes: object) => ({
  body: {
    name: 't',
    coe: 'kubernetes',
    image_id: 'fedora-coreos',
    flavor_id: 'm1.small',
    ...changes,
  },
});

const driverOf = async (changes: object): Promise<unknown> =>
  (await api.expect(201, TEMPLATES, wished(changes)))['driver'];

describe('the driver of a template', () => {
  it('is the one it names, then that of its image, then the one for its type', async () => {
    await start();
    expect(await driverOf({ image_id: 'marked', driver: K8S })).toBe(K8S);
    expect(await driverOf({ image_id: 'marked' })).toBe(SWARM);
    expect(await driverOf({})).toBe(K8S);
    expect(await api.refusal(TEMPLATES, wished({ image_id: 'windows' }))).toBe(
      '400 Cluster type (vm, windows, kubernetes) not supported.',
    );
  });

  it('is the default one, if there is such a setting, before that for its type', async () => {
    await start({ JEROBOAM_DEFAULT_DRIVER: SWARM });
    expect(await driverOf({})).toBe(SWARM);
    expect(await driverOf({ driver: K8S })).toBe(K8S);
    await api.stop();
    await start({ JEROBOAM_DEFAULT_DRIVER: 'mine' });
    expect(await api.refusal(TEMPLATES, wished({}))).toBe(
      '400 Cluster driver (mine) not supported.',
    );
  });

  it.each([
    ['swarm', 'vm', 'docker'],
    ['swarm-mode', 'vm', 'docker'],
    ['mesos', 'vm', 'docker'],
    ['dcos', 'vm', 'docker'],
    ['kubernetes', 'bm', 'flannel'],
  ])('may be named for what no driver is for: %s, %s', async (coe, server_type, network_driver) => {
    await start();
    const made = await api.expect(201, TEMPLATES, wished({ coe, server_type, driver: K8S }));
    expect(made).toMatchObject({ coe, server_type, network_driver, driver: K8S });
    expect(await api.refusal('POST /v1/clusters', { body: { cluster_template_id: 't' } })).toBe(
      `400 Cluster type (${server_type}, fedora-coreos, ${coe}) not supported.`,
    );
  });

  it('is none that is disabled', async () => {
    await start({ JEROBOAM_DISABLED_DRIVERS: `${K8S},mine` });
    expect(await api.refusal(TEMPLATES, wished({ driver: K8S }))).toBe(
      `400 Cluster driver (${K8S}) not supported.`,
    );
    expect(await api.refusal(TEMPLATES, wished({}))).toBe(
      '400 Cluster type (vm, fedora-coreos, kubernetes) not supported.',
    );
    expect(await driverOf({ driver: SWARM })).toBe(SWARM);
    expect(await api.refusal('POST /v1/clusters', { body: { cluster_template_id: 't' } })).toBe(
      '400 Cluster type (vm, fedora-coreos, kubernetes) not supported.',
    );
  });

  it('is not looked at when the template changes, but when a cluster is made', async () => {
    await start();
    await driverOf({});
    const change = (path: string, value: string) =>
      api.expect(200, 'PATCH /v1/clustertemplates/t', { body: [{ op: 'replace', path, value }] });
    const create = () => api.refusal('POST /v1/clusters', { body: { cluster_template_id: 't' } });
    await change('/driver', 'mine');
    expect(await create()).toBe('400 Cluster driver (mine) not supported.');
    await change('/driver', SWARM);
    expect(await create()).toMatch(/^202/);
    expect(api.news().at(-1)).toMatchObject({ data: { cluster: { driver: K8S } } });
    const renamed = [{ op: 'replace', path: '/name', value: 'used' }];
    await api.expect(200, 'PATCH /v1/clustertemplates/t', { body: renamed });
    await driverOf({});
    await change('/cluster_distro', 'gentoo');
    expect(await create()).toBe('400 Cluster type (vm, gentoo, kubernetes) not supported.');
    await change('/server_type', 'bm');
    expect(await create()).toBe('400 Cluster type (bm, gentoo, kubernetes) not supported.');
  });
});
