import { describe, expect, it } from '@jest/globals';
import type { Fields } from '../journey/openstack-client.js';
import type { CoeScene } from './coe-scene.js';
import { ATOMIC, LABELS, TIME, UUID } from './shapes.js';

/** `coe cluster template …` */
export const templateCommands = (scene: CoeScene): void => {
  describe('cluster template', () => {
    const template = (name: string): Promise<Fields> =>
      scene.demo.show('coe', 'cluster', 'template', 'show', name);
    const create = ['coe', 'cluster', 'template', 'create'];
    const update = ['coe', 'cluster', 'template', 'update'];

    it('create makes one and prints it, a dash where nothing was said', async () => {
      const printed = await scene.demo.table(
        ...[...create, 'k8s', '--coe', 'kubernetes', '--image', 'fedora-coreos'],
        ...['--keypair', 'testkey', '--external-network', 'public', '--master-lb-enabled'],
        ...['--flavor', 'm1.small', '--master-flavor', 'm1.medium', '--floating-ip-enabled'],
        ...['--network-driver', 'flannel', '--volume-driver', 'cinder', '--tags', 'lab'],
        ...['--docker-volume-size', '3', '--dns-nameserver', '8.8.4.4'],
        ...['--labels', 'kube_tag=v1.23.3-rancher1,boot_volume_size=0'],
        ...['--http-proxy', 'http://proxy.example.org:3128', '--no-proxy', '10.0.0.0/8'],
      );
      expect(printed).toEqual({
        Field: 'Value',
        insecure_registry: '-',
        labels: "{'kube_tag': 'v1.23.3-rancher1', 'boot_volume_size': '0'}",
        updated_at: '-',
        floating_ip_enabled: 'True',
        fixed_subnet: '-',
        master_flavor_id: 'm1.medium',
        uuid: expect.stringMatching(UUID),
        no_proxy: '10.0.0.0/8',
        https_proxy: '-',
        tls_disabled: 'False',
        keypair_id: 'testkey',
        public: 'False',
        http_proxy: 'http://proxy.example.org:3128',
        docker_volume_size: '3',
        server_type: 'vm',
        external_network_id: 'public',
        cluster_distro: 'fedora-coreos',
        image_id: 'fedora-coreos',
        volume_driver: 'cinder',
        registry_enabled: 'False',
        docker_storage_driver: 'overlay2',
        apiserver_port: '-',
        name: 'k8s',
        created_at: expect.stringMatching(TIME),
        network_driver: 'flannel',
        fixed_network: '-',
        coe: 'kubernetes',
        flavor_id: 'm1.small',
        master_lb_enabled: 'True',
        dns_nameserver: '8.8.4.4',
        hidden: 'False',
        tags: 'lab',
      });
    });

    it('create says what is wrong', async () => {
      const refusal = (...options: readonly string[]) =>
        scene.demo.refusal(
          ...[...create.slice(1), 'bad', '--external-network', 'public', '--flavor', 'm1.small'],
          ...options,
        );
      expect(
        await Promise.all([
          refusal('--coe', 'swarm', '--image', 'nosuch'),
          refusal('--coe', 'swarm', '--image', 'fedora-coreos'),
          refusal('--coe', 'swarm', '--image', ATOMIC, '--flavor', 'nosuch'),
          refusal('--coe', 'swarm', '--image', ATOMIC, '--labels', 'docker_volume_type=nosuch'),
          refusal('--coe', 'swarm', '--image', ATOMIC, '--public'),
        ]),
      ).toEqual([
        'Image nosuch could not be found (HTTP 400)',
        'Cluster type (vm, fedora-coreos, swarm) not supported (HTTP 400)',
        'Unable to find flavor nosuch (HTTP 400)',
        'Unable to find volume type nosuch (HTTP 400)',
        'Not authorized to set public or hidden flag for cluster template (HTTP 403)',
      ]);
    });

    it('show shows it', async () => {
      expect(await template('k8s')).toMatchObject({
        name: 'k8s',
        coe: 'kubernetes',
        labels: LABELS,
        docker_volume_size: 3,
        master_lb_enabled: true,
        https_proxy: '-',
      });
    });

    it('list lists those of the project and public ones, as asked', async () => {
      await scene.admin.text(
        ...[...create, 'everyones', '--coe', 'swarm', '--image', ATOMIC, '--public'],
        ...['--external-network', 'public', '--flavor', 'm1.small'],
      );
      await scene.admin.text(
        ...[...create, 'private', '--coe', 'swarm', '--image', ATOMIC],
        ...['--external-network', 'public', '--flavor', 'm1.small'],
      );
      const list = ['coe', 'cluster', 'template', 'list'];
      expect(await scene.demo.list(...list)).toEqual([
        { uuid: expect.stringMatching(UUID), name: 'k8s', tags: 'lab' },
        { uuid: expect.stringMatching(UUID), name: 'everyones', tags: null },
      ]);
      const sorted = ['--sort-key', 'name', '--sort-dir', 'asc', '--fields', 'coe,public'];
      expect(await scene.demo.list(...list, ...sorted, '--limit', '1')).toMatchObject([
        { name: 'everyones', coe: 'swarm', public: true },
      ]);
    });

    it('update changes it, and prints it', async () => {
      expect(
        await scene.demo.show(...update, 'k8s', 'replace', 'docker_volume_size=4', 'tags=lab,old'),
      ).toMatchObject({
        name: 'k8s',
        docker_volume_size: 4,
        tags: 'lab,old',
        updated_at: expect.stringMatching(TIME),
      });
      await scene.demo.text(...update, 'k8s', 'remove', 'http_proxy', 'no_proxy');
      expect(await template('k8s')).toMatchObject({
        docker_volume_size: 4,
        http_proxy: '-',
        no_proxy: '-',
      });
    });

    it('update says what is wrong', async () => {
      const refusal = (...change: readonly string[]) =>
        scene.demo.refusal(...update.slice(1), ...change);
      expect(
        await Promise.all([
          refusal('k8s', 'add', 'labels=a=b'),
          refusal('k8s', 'replace', 'flavor_id=nosuch'),
          refusal('private', 'replace', 'docker_volume_size=4'),
        ]),
      ).toEqual([
        "The attribute /labels has existed, please use 'replace' operation instead (HTTP 400)",
        'Unable to find flavor nosuch (HTTP 400)',
        'ClusterTemplate private could not be found (HTTP 404)',
      ]);
    });

    it('delete deletes each, and says which it could not', async () => {
      const said = await scene.admin.text(
        ...['coe', 'cluster', 'template', 'delete', 'private', 'nosuch', 'everyones'],
      );
      expect(said.trim().split('\n')).toEqual([
        'Request to delete cluster template private has been accepted.',
        expect.stringMatching(
          /^Delete for cluster template nosuch failed: ClusterTemplate nosuch could not be found \(HTTP 404\)/,
        ),
        'Request to delete cluster template everyones has been accepted.',
      ]);
      expect(await scene.demo.list('coe', 'cluster', 'template', 'list')).toMatchObject([
        { name: 'k8s' },
      ]);
    });
  });
};
