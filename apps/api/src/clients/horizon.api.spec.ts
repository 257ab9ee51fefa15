import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/**
 * What Horizon's panels of clusters send. They ask for 1.13, leave out what is blank and make a string of
 * everything else, in Python's spelling.
 */
let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start({ environment: { JEROBOAM_MAX_MICROVERSION: '1.13' } });
  scene = await ClusterScene.on(api);
  scene.keypair('testkey');
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
});

const version = '1.13';

describe('Horizon, of templates', () => {
  const stringified = {
    name: 'panel',
    coe: 'kubernetes',
    server_type: 'vm',
    public: 'False',
    hidden: 'False',
    registry_enabled: 'False',
    tls_disabled: 'False',
    image_id: 'fedora-coreos',
    keypair_id: 'testkey',
    flavor_id: 'm1.small',
    master_flavor_id: 'm1.small',
    docker_storage_driver: 'overlay2',
    docker_volume_size: '5',
    network_driver: 'flannel',
    external_network_id: 'public',
    dns_nameserver: '8.8.8.8',
    master_lb_enabled: 'True',
    floating_ip_enabled: 'False',
    labels: { kube_tag: 'v1.30.1' },
  };

  it('makes one of strings', async () => {
    const body = stringified;
    expect(await api.expect(201, 'POST /v1/clustertemplates', { version, body })).toMatchObject({
      ...stringified,
      public: false,
      hidden: false,
      registry_enabled: false,
      tls_disabled: false,
      docker_volume_size: 5,
      master_lb_enabled: true,
      floating_ip_enabled: false,
    });
  });

  it('shows them in detail, without further pages', async () => {
    const body = { ...stringified, name: 'shown' };
    const { uuid } = await api.expect(201, 'POST /v1/clustertemplates', { version, body });
    const listed = await api.expect(200, 'GET /v1/clustertemplates/detail', { version });
    expect(Object.keys(listed)).toEqual(['clustertemplates']);
    const shown = await api.expect(200, `GET /v1/clustertemplates/${String(uuid)}`, { version });
    expect(listed['clustertemplates']).toContainEqual(shown);
  });

  it('changes what differs, labels as the text of a dictionary', async () => {
    const body = { ...stringified, name: 'changed' };
    const { uuid } = await api.expect(201, 'POST /v1/clustertemplates', { version, body });
    const changed = await api.expect(200, `PATCH /v1/clustertemplates/${String(uuid)}`, {
      version,
      body: [
        { op: 'replace', path: '/docker_volume_size', value: '7' },
        { op: 'replace', path: '/master_lb_enabled', value: 'False' },
        { op: 'replace', path: '/labels', value: "{'kube_tag': 'v1.30.2', 'team': 'a'}" },
        { op: 'add', path: '/http_proxy', value: 'http://proxy.example.com:3128' },
        { op: 'remove', path: '/docker_storage_driver' },
      ],
    });
    expect(changed).toMatchObject({
      docker_volume_size: 7,
      master_lb_enabled: false,
      labels: { kube_tag: 'v1.30.2', team: 'a' },
      http_proxy: 'http://proxy.example.com:3128',
      docker_storage_driver: null,
    });
  });
});

describe('Horizon, of clusters', () => {
  it('makes one of strings, and shows it in detail', async () => {
    const body = {
      name: 'panel',
      cluster_template_id: scene.templateId,
      keypair: 'testkey',
      master_count: '1',
      master_flavor_id: 'm1.medium',
      node_count: '2',
      flavor_id: 'm1.small',
      docker_volume_size: '5',
      create_timeout: '30',
      master_lb_enabled: 'True',
      floating_ip_enabled: 'False',
      merge_labels: 'True',
      labels: { auto_healing_enabled: 'true', auto_scaling_enabled: 'False' },
    };
    const { uuid } = await api.expect(202, 'POST /v1/clusters', { version, body });
    const { clusters } = await api.expect(200, 'GET /v1/clusters/detail', { version });
    expect(clusters).toMatchObject([
      {
        ...body,
        uuid,
        cluster_id: null,
        master_count: 1,
        node_count: 2,
        docker_volume_size: 5,
        create_timeout: 30,
        master_lb_enabled: true,
        floating_ip_enabled: false,
        merge_labels: false,
        labels: {
          kube_tag: 'v1.30.1',
          a: '1',
          auto_healing_enabled: 'true',
          auto_scaling_enabled: 'False',
        },
      },
    ]);
    expect((clusters as object[])[0]).not.toHaveProperty('stack_id');
  });

  it('fills the form of a resize and sends it', async () => {
    const uuid = await scene.ready({ name: 'form', node_count: 2 });
    const asked = { version };
    const { nodegroups } = await api.expect(200, `GET /v1/clusters/${uuid}/nodegroups/`, asked);
    const [, worker] = nodegroups as Record<string, unknown>[];
    expect(worker).toMatchObject({
      name: 'default-worker',
      role: 'worker',
      is_default: true,
      node_count: 2,
    });
    const body = { node_count: 3, nodegroup: worker?.['uuid'] };
    const url = `POST /v1/clusters/${uuid}/actions/resize`;
    expect(await api.expect(202, url, { version, body })).toEqual({ uuid });
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodegroupId: worker?.['uuid'], nodeCount: 3 } },
    ]);
  });
});
