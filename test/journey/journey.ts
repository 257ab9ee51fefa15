import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import type { Installation } from './installation.js';
import { whatExists, type Leftovers } from './leftovers.js';
import { notificationsOf } from './notifications.js';
import { ClientFailed, OpenstackClient, type Fields } from './openstack-client.js';
import { makeCsr, makeSshKey, verify } from './openssl.js';

/** A running Jeroboam on some cloud, seeded with the usual projects and users. */
export interface Stage {
  readonly installation: Installation;
  readonly authUrl: string;
  readonly password: string;
  /** What else the stage must take down. */
  readonly close?: () => Promise<void>;
}

export interface JourneyOptions {
  readonly name: string;
  readonly open: () => Promise<Stage>;
  /** How long the cloud may take for one cluster. */
  readonly settleTimeoutMs: number;
}

const STEP_TIMEOUT_MS = 60_000;

/** The main job, end to end, as a user takes it with the `openstack` client. */
export const journey = ({ name, open, settleTimeoutMs }: JourneyOptions): void => {
  describe(`the journey on ${name}`, () => {
    jest.setTimeout(settleTimeoutMs + STEP_TIMEOUT_MS);
    let stage: Stage;
    let folder: string;
    let admin: OpenstackClient;
    let demo: OpenstackClient;
    let service: OpenstackClient;
    let before: Leftovers;
    let projectId: string;
    let token: string;

    beforeAll(async () => {
      stage = await open();
      folder = await mkdtemp(join(tmpdir(), 'journey-'));
      const { authUrl, password } = stage;
      admin = new OpenstackClient({ authUrl, password, user: 'admin', project: 'admin' });
      demo = new OpenstackClient({ authUrl, password, user: 'demo', project: 'demo' });
      service = new OpenstackClient({ authUrl, password, user: 'jeroboam', project: 'service' });
      const issued = await demo.show('token', 'issue');
      projectId = String(issued['project_id']);
      token = String(issued['id']);
      before = await whatExists(admin, demo, service);
    });

    afterAll(async () => {
      await stage.installation.stop();
      await stage.close?.();
      await rm(folder, { recursive: true, force: true });
    });

    const cluster = (which: string): Promise<Fields> => demo.show('coe', 'cluster', 'show', which);

    /** As the API answers at once: the client takes its time to start. */
    const fetched = async (which: string): Promise<Fields> => {
      const response = await fetch(`${stage.installation.apiUrl}/v1/clusters/${which}`, {
        headers: { 'x-auth-token': token },
      });
      return (await response.json()) as Fields;
    };

    const settled = (which: string, status: string): Promise<Fields> =>
      eventually(
        async () => {
          const shown = await cluster(which);
          if (String(shown['status']).endsWith('_FAILED')) throw new Error(JSON.stringify(shown));
          expect(shown['status']).toBe(status);
          return shown;
        },
        { timeoutMs: settleTimeoutMs, intervalMs: 500 },
      );

    const gone = (which: string): Promise<void> =>
      eventually(
        async () => {
          const said = await demo.failure('coe', 'cluster', 'show', which);
          expect(said).toContain(`Cluster ${which} could not be found`);
        },
        { timeoutMs: settleTimeoutMs, intervalMs: 500 },
      );

    it('finds a cloud', async () => {
      expect(await demo.show('token', 'issue')).toHaveProperty('id');
      const catalog = await demo.list('catalog', 'list');
      expect(catalog.map((row) => row['Type'])).toContain('container-infra');
      const named = async (...command: readonly string[]) =>
        (await demo.list(...command)).map((row) => row['Name']);
      expect(await named('image', 'list')).toContain('Fedora-Atomic-26-20170723.0.x86_64');
      expect(await named('flavor', 'list')).toContain('m1.small');
      expect(await named('network', 'list')).toContain('public');
    });

    it('registers a key pair', async () => {
      const key = await makeSshKey(folder);
      await demo.text('keypair', 'create', '--public-key', key, 'testkey');
      expect(await demo.list('keypair', 'list')).toMatchObject([{ Name: 'testkey' }]);
    });

    it('sees the conductor up', async () => {
      expect(await admin.list('coe', 'service', 'list')).toMatchObject([
        { binary: 'magnum-conductor', state: 'up' },
      ]);
    });

    it('makes templates', async () => {
      await demo.text(
        ...['coe', 'cluster', 'template', 'create', 'swarm-template'],
        ...['--image', 'Fedora-Atomic-26-20170723.0.x86_64', '--keypair', 'testkey'],
        ...['--external-network', 'public', '--flavor', 'm1.small', '--docker-volume-size', '5'],
        ...['--dns-nameserver', '8.8.8.8', '--coe', 'swarm'],
      );
      await demo.text(
        ...['coe', 'cluster', 'template', 'create', 'k8s-template'],
        ...['--image', 'fedora-coreos', '--keypair', 'testkey', '--external-network', 'public'],
        ...['--flavor', 'm1.small', '--master-flavor', 'm1.small', '--network-driver', 'flannel'],
        ...['--master-lb-enabled', '--labels', 'kube_tag=v1.23.3-rancher1,boot_volume_size=0'],
        ...['--coe', 'kubernetes'],
      );
      const names = (await demo.list('coe', 'cluster', 'template', 'list')).map(
        (row) => row['name'],
      );
      expect(names).toEqual(expect.arrayContaining(['swarm-template', 'k8s-template']));
      expect(await demo.show('coe', 'cluster', 'template', 'show', 'swarm-template')).toMatchObject(
        {
          coe: 'swarm',
          cluster_distro: 'fedora-atomic',
          docker_volume_size: 5,
        },
      );
    });

    it('makes a swarm', async () => {
      const said = await demo.text(
        ...['coe', 'cluster', 'create', 'swarm'],
        ...['--cluster-template', 'swarm-template', '--node-count', '1'],
      );
      expect(said).toMatch(/Request to create cluster [0-9a-f-]{36} accepted/);
      expect(await fetched('swarm')).toMatchObject({ status: 'CREATE_IN_PROGRESS' });
      const stack = async () =>
        (await demo.list('stack', 'list')).find((row) =>
          String(row['Stack Name']).startsWith('swarm-'),
        );
      await eventually(async () => {
        expect(await stack()).toMatchObject({ 'Stack Status': 'CREATE_IN_PROGRESS' });
      });
      const shown = await settled('swarm', 'CREATE_COMPLETE');
      expect(await stack()).toMatchObject({ 'Stack Status': 'CREATE_COMPLETE' });
      expect(shown).toMatchObject({
        name: 'swarm',
        node_count: 1,
        master_count: 1,
        keypair: 'testkey',
        docker_volume_size: 5,
        flavor_id: 'm1.small',
        create_timeout: 60,
        status_reason: null,
        project_id: projectId,
        api_address: expect.stringMatching(/^tcp:\/\/[\d.]+:2376$/),
        node_addresses: [expect.stringMatching(/^[\d.]+$/)],
        master_addresses: [expect.stringMatching(/^[\d.]+$/)],
        coe_version: expect.any(String),
        container_version: expect.any(String),
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/),
        updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/),
      });
    });

    it('has a certificate signed that the CA of the cluster vouches for', async () => {
      const csr = await makeCsr(folder);
      const [certFile, caFile] = [join(folder, 'cert.pem'), join(folder, 'ca.pem')];
      await writeFile(certFile, await demo.text('coe', 'ca', 'sign', 'swarm', csr));
      await writeFile(caFile, await demo.text('coe', 'ca', 'show', 'swarm'));
      expect(await verify(caFile, certFile)).toBe(`${certFile}: OK\n`);
    });

    it('makes a Kubernetes cluster and its kubeconfig', async () => {
      await demo.text(
        ...['coe', 'cluster', 'create', 'k8s', '--cluster-template', 'k8s-template'],
        ...['--node-count', '1'],
      );
      await settled('k8s', 'CREATE_COMPLETE');
      await demo.text(
        'coe',
        'cluster',
        'config',
        'k8s',
        '--dir',
        folder,
        '--force',
        '--output-certs',
      );
      const kubeconfig = await readFile(join(folder, 'config'), 'utf8');
      expect(kubeconfig).toMatch(/server: https:\/\/[\d.]+:6443/);
      const certFile = join(folder, 'cert.pem');
      expect(await verify(join(folder, 'ca.pem'), certFile)).toBe(`${certFile}: OK\n`);
    });

    it('scales the swarm', async () => {
      await demo.text('coe', 'cluster', 'update', 'swarm', 'replace', 'node_count=2');
      expect(await fetched('swarm')).toMatchObject({ status: 'UPDATE_IN_PROGRESS', node_count: 2 });
      const shown = await settled('swarm', 'UPDATE_COMPLETE');
      expect(shown['node_addresses']).toHaveLength(2);
    });

    it('counts, and keeps to the quota', async () => {
      expect(await demo.table('coe', 'stats', 'list', projectId)).toMatchObject({
        clusters: '2',
        nodes: '5',
      });
      const quota = ['--project-id', projectId, '--resource', 'Cluster'];
      await admin.text('coe', 'quotas', 'create', ...quota, '--hard-limit', '2');
      expect(await admin.table('coe', 'quotas', 'show', ...quota)).toMatchObject({
        hard_limit: '2',
      });
      expect(await admin.text('coe', 'quotas', 'list', '--all-tenants')).toContain(projectId);
      const said = await demo.failure(
        ...['coe', 'cluster', 'create', 'third', '--cluster-template', 'swarm-template'],
      );
      expect(said).toContain('You have reached the maximum clusters per project, 2 (HTTP 403)');
      const refused = await fetch(`${stage.installation.apiUrl}/v1/clusters`, {
        method: 'POST',
        headers: { 'x-auth-token': token, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'third', cluster_template_id: 'swarm-template' }),
      });
      const text =
        'Resource limit exceeded: You have reached the maximum clusters per project, 2. ' +
        'You may delete a cluster to make room for a new one.';
      const title = 'Resource limit exceeded: You have reached the maximum clusters per project, 2';
      expect([refused.status, await refused.json()]).toEqual([
        403,
        {
          errors: [{ request_id: '', code: 'client', status: 403, title, detail: text, links: [] }],
        },
      ]);
    });

    it('deletes clusters and leaves nothing', async () => {
      await demo.text('coe', 'cluster', 'delete', 'swarm');
      await demo.text('coe', 'cluster', 'delete', 'k8s');
      await gone('swarm');
      await gone('k8s');
      await demo.text('keypair', 'delete', 'testkey');
      expect(await whatExists(admin, demo, service)).toEqual(before);
      expect(await demo.table('coe', 'stats', 'list', projectId)).toMatchObject({
        clusters: '0',
        nodes: '0',
      });
      await admin.text(
        ...['coe', 'quotas', 'delete', '--project-id', projectId, '--resource', 'Cluster'],
      );
    });

    it('has told of it all in order', async () => {
      const told = await notificationsOf(stage.installation.natsUrl);
      const ofSwarm = told.filter(({ target }) => target.name === 'swarm');
      expect(ofSwarm.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
        'create pending',
        'create success',
        'update pending',
        'update success',
        'delete pending',
        'delete success',
      ]);
      expect(ofSwarm.map(({ initiator }) => initiator.project_id)).toEqual(
        ofSwarm.map(() => projectId),
      );
      expect(told.map(({ sequence }) => sequence)).toEqual(told.map((_, index) => index + 1));
    });

    it('takes the templates away', async () => {
      await demo.text('coe', 'cluster', 'template', 'delete', 'swarm-template');
      await demo.text('coe', 'cluster', 'template', 'delete', 'k8s-template');
      await expect(
        demo.text('coe', 'cluster', 'template', 'show', 'swarm-template'),
      ).rejects.toThrow(ClientFailed);
    });
  });
};
