import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeCsr, verify } from '../journey/openssl.js';
import type { CoeScene } from './coe-scene.js';
import { ADDRESS, LABELS, TIME, UUID } from './shapes.js';

/** `coe cluster …` but its deletion, `coe ca …` */
export const clusterCommands = (scene: CoeScene): void => {
  describe('cluster', () => {
    it('create begins one that is there at once', async () => {
      const said = await scene.demo.coe(
        ...['cluster', 'create', 'k1', '--cluster-template', 'k8s', '--node-count', '1'],
        ...['--labels', 'extra=yes', '--merge-labels', '--timeout', '30'],
      );
      expect(said).toMatch(/^Request to create cluster [0-9a-f-]{36} accepted\n$/);
      expect(await scene.demo.list('coe', 'cluster', 'list')).toMatchObject([
        {
          uuid: said.split(' ')[4],
          name: 'k1',
          keypair: 'testkey',
          node_count: 1,
          master_count: 1,
          status: expect.stringMatching(/^CREATE_(IN_PROGRESS|COMPLETE)$/),
        },
      ]);
    });

    it('create says what is wrong', async () => {
      const refusal = (...options: readonly string[]) =>
        scene.demo.refusal('cluster', 'create', 'bad', ...options);
      expect(
        await Promise.all([
          refusal('--cluster-template', 'nosuch'),
          refusal('--cluster-template', 'k8s', '--keypair', 'nosuch'),
          refusal('--cluster-template', 'k8s', '--flavor', 'nosuch'),
          refusal('--cluster-template', 'k8s', '--labels', 'etcd_volume_type=nosuch'),
        ]),
      ).toEqual([
        'ClusterTemplate nosuch could not be found (HTTP 404)',
        'Unable to find keypair nosuch (HTTP 404)',
        'Unable to find flavor nosuch (HTTP 400)',
        'Unable to find volume type nosuch (HTTP 400)',
      ]);
    });

    it('show tells all about it', async () => {
      const { uuid: templateId } = await scene.demo.show(
        'coe',
        'cluster',
        'template',
        'show',
        'k8s',
      );
      await scene.settled('clusters/k1', 'CREATE_COMPLETE');
      const shown = await scene.cluster();
      // Once it was tried: the sandbox has no servers, so the network says what answers at their addresses.
      expect([null, 'UNKNOWN', 'UNHEALTHY']).toContain(shown['health_status']);
      expect(shown).toEqual({
        status: 'CREATE_COMPLETE',
        health_status: shown['health_status'],
        cluster_template_id: templateId,
        node_addresses: [expect.stringMatching(ADDRESS)],
        uuid: expect.stringMatching(UUID),
        stack_id: expect.stringMatching(UUID),
        status_reason: null,
        created_at: expect.stringMatching(TIME),
        updated_at: expect.stringMatching(TIME),
        coe_version: 'v1.23.3-rancher1',
        labels: { ...LABELS, extra: 'yes' },
        labels_overridden: {},
        labels_skipped: {},
        labels_added: { extra: 'yes' },
        fixed_network: null,
        fixed_subnet: null,
        floating_ip_enabled: true,
        faults: '',
        keypair: 'testkey',
        api_address: expect.stringMatching(/^https:\/\/[\d.]+:6443$/),
        master_addresses: [expect.stringMatching(ADDRESS)],
        master_lb_enabled: true,
        create_timeout: 30,
        node_count: 1,
        discovery_url: null,
        docker_volume_size: 4,
        master_count: 1,
        container_version: expect.stringMatching(/^\d+\.\d+/),
        name: 'k1',
        master_flavor_id: 'm1.medium',
        flavor_id: 'm1.small',
        health_status_reason: expect.any(Object),
        project_id: scene.projectId,
      });
    });

    it('holds on to its template', async () => {
      const inUse = /ClusterTemplate [0-9a-f-]{36} is referenced by one or multiple clusters/;
      expect(await scene.demo.coe('cluster', 'template', 'delete', 'k8s')).toMatch(inUse);
      expect(
        await scene.demo.refusal(
          'cluster',
          'template',
          'update',
          'k8s',
          'replace',
          'flavor_id=m1.tiny',
        ),
      ).toMatch(inUse);
    });

    it('update changes the number of nodes, and nothing else', async () => {
      expect(await scene.demo.coe('cluster', 'update', 'k1', 'replace', 'node_count=2')).toBe(
        'Request to update cluster k1 has been accepted.\n',
      );
      await scene.settled('clusters/k1', 'UPDATE_COMPLETE');
      expect(await scene.cluster()).toMatchObject({
        node_count: 2,
        node_addresses: [expect.stringMatching(ADDRESS), expect.stringMatching(ADDRESS)],
      });
      expect(await scene.demo.refusal('cluster', 'update', 'k1', 'replace', 'name=k2')).toBe(
        'cannot change cluster property(ies) name (HTTP 400)',
      );
    });

    it('resize takes away the very node that is named', async () => {
      const serverIds = async () =>
        (await scene.demo.list('server', 'list'))
          .filter((row) => !String(row['Name']).includes('master'))
          .map((row) => String(row['ID']));
      const [doomed, other, ...more] = await serverIds();
      expect([doomed, more]).toEqual([expect.stringMatching(UUID), []]);
      expect(
        await scene.demo.coe('cluster', 'resize', 'k1', '1', '--nodes-to-remove', String(doomed)),
      ).toBe('Request to resize cluster k1 has been accepted.\n');
      await scene.settled('clusters/k1', 'UPDATE_COMPLETE');
      expect(await scene.cluster()).toMatchObject({ node_count: 1 });
      expect(await serverIds()).toEqual([other]);
      expect(
        await scene.demo.refusal('cluster', 'resize', 'k1', '3', '--nodegroup', 'default-master'),
      ).toBe('Resizing the master nodegroup is not supported by this driver (HTTP 400)');
    });

    it('upgrade is not for clusters that Heat builds, and leaves them alone', async () => {
      expect(await scene.demo.refusal('cluster', 'upgrade', 'k1', 'k8s')).toBe(
        'Upgrading a cluster that uses the Magnum Heat driver is not supported (HTTP 400)',
      );
      expect(await scene.cluster()).toMatchObject({
        status: 'UPDATE_COMPLETE',
        status_reason: null,
      });
    });

    it('config writes a kubeconfig with a certificate, or one for Keystone', async () => {
      const dir = join(scene.folder.path, 'config');
      await mkdir(dir);
      const config = ['cluster', 'config', 'k1', '--dir', dir];
      expect(await scene.demo.coe(...config, '--output-certs')).toBe(
        `export KUBECONFIG=${dir}/config\n\n`,
      );
      const { api_address: address } = await scene.cluster();
      const written = await readFile(join(dir, 'config'), 'utf8');
      expect(written).toContain(`server: ${String(address)}\n  name: k1\n`);
      const [ca, certificate] = [join(dir, 'ca.pem'), join(dir, 'cert.pem')];
      expect(await verify(ca, certificate)).toBe(`${certificate}: OK\n`);
      expect(new X509Certificate(await readFile(certificate)).subject).toBe(
        'CN=admin\nO=system:masters',
      );
      expect(await scene.demo.refusal(...config)).toContain('exists, aborting.');
      await scene.demo.coe(...config, '--force', '--use-keystone');
      expect(await readFile(join(dir, 'config'), 'utf8')).toContain('ExecCredential');
    });
  });
  describe('ca', () => {
    it('show prints the certificate that vouches for what sign prints', async () => {
      const csr = await makeCsr(scene.folder.path);
      const [ca, certificate] = [
        join(scene.folder.path, 'ca.pem'),
        join(scene.folder.path, 'signed.pem'),
      ];
      await writeFile(ca, await scene.demo.coe('ca', 'show', 'k1'));
      await writeFile(certificate, await scene.demo.coe('ca', 'sign', 'k1', csr));
      expect(await verify(ca, certificate)).toBe(`${certificate}: OK\n`);
      expect(new X509Certificate(await readFile(ca)).ca).toBe(true);
    });

    it('sign says that what it was given is no request', async () => {
      const file = join(scene.folder.path, 'no.csr');
      await writeFile(file, 'no request');
      expect(await scene.demo.refusal('ca', 'sign', 'k1', file)).toBe(
        "Received invalid csr b'no request' (HTTP 400)",
      );
    });

    it('rotate is not for clusters that Heat builds, and leaves them alone', async () => {
      const before = await scene.demo.coe('ca', 'show', 'k1');
      expect(await scene.demo.refusal('ca', 'rotate', 'k1')).toBe(
        "'rotate_ca_certificate' is not supported by this driver (HTTP 400)",
      );
      expect(await scene.demo.coe('ca', 'show', 'k1')).toBe(before);
      expect(await scene.cluster()).toMatchObject({
        status: 'UPDATE_COMPLETE',
        status_reason: null,
      });
    });
  });
};
