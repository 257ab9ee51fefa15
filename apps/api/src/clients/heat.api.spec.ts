import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/** What Heat's resources OS::Magnum::ClusterTemplate and OS::Magnum::Cluster send. */
let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());

const version = 'latest';

describe('Heat', () => {
  it('makes a template with the defaults of its properties', async () => {
    const body = {
      name: 'stack-template-x5zpfbhs6wcg',
      image_id: 'fedora-coreos',
      flavor_id: 'm1.small',
      master_flavor_id: 'm1.small',
      external_network_id: 'public',
      coe: 'kubernetes',
      docker_storage_driver: 'devicemapper',
      docker_volume_size: 5,
      tls_disabled: false,
      public: false,
      registry_enabled: false,
      server_type: 'vm',
      master_lb_enabled: true,
      floating_ip_enabled: true,
    };
    const made = await api.expect(201, 'POST /v1/clustertemplates', { version, body });
    expect(made).toMatchObject({ ...body, labels: {} });
  });

  it('makes a cluster with null for what is not given, and sees it at once', async () => {
    const body = {
      name: null,
      cluster_template_id: scene.templateId,
      keypair: null,
      node_count: 1,
      master_count: 1,
      discovery_url: null,
      create_timeout: 60,
    };
    const { uuid } = await api.expect(202, 'POST /v1/clusters', { version, body });
    const shown = await api.expect(200, `GET /v1/clusters/${String(uuid)}`, { version });
    expect(shown['status']).toBe('CREATE_IN_PROGRESS');
  });

  it('changes the number of nodes, and fails on any status but that of an update', async () => {
    const url = `/v1/clusters/${await scene.ready({ name: 'stacked' })}`;
    const body = [{ op: 'replace', path: '/node_count', value: 2 }];
    await api.expect(202, `PATCH ${url}`, { version, body });
    expect((await api.expect(200, `GET ${url}`, { version }))['status']).toBe('UPDATE_IN_PROGRESS');
  });
});
