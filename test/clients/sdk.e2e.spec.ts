import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { Installation } from '../journey/installation.js';
import { OpenstackClient } from '../journey/openstack-client.js';
import { makeCsr, verify } from '../journey/openssl.js';
import { SdkClient } from './sdk-client.js';
import { proxyCalls } from './sdk-proxy.js';
import { TIME, UUID } from './shapes.js';

const BASE_PORT = 17_811;
const SETTLE_TIMEOUT_MS = 60_000;

jest.setTimeout(2 * SETTLE_TIMEOUT_MS);

/** One story, told in order. The SDK names no version of the API, so it talks to 1.1. */
describe('openstacksdk, as the distribution ships it', () => {
  let installation: Installation;
  let folder: TempFolder;
  let admin: SdkClient;
  let demo: SdkClient;

  beforeAll(async () => {
    folder = tempFolder('sdk-');
    const home = join(folder.path, 'home');
    installation = await Installation.start({ home, basePort: BASE_PORT });
    [admin, demo] = [new SdkClient(as('admin')), new SdkClient(as('demo'))];
    await new OpenstackClient(as('demo')).text('keypair', 'create', 'testkey');
  });

  afterAll(async () => {
    await Promise.all([admin.stop(), demo.stop()]);
    await installation.stop();
    folder.remove();
  });

  const as = (user: string) => {
    const authUrl = `${installation.sandboxUrl}/identity/v3`;
    return { authUrl, user, project: user, password: 'sandbox' };
  };
  const cluster = { id: expect.stringMatching(UUID), name: 's1', keypair: 'testkey' };

  const settled = (status: string): Promise<unknown> =>
    eventually(
      async () => {
        const shown = await demo.call('get_coe_cluster', ['s1']);
        expect(shown).toMatchObject({ ...cluster, status });
        return shown;
      },
      { timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 250 },
    );

  it('finds the service and its versions, and has no proxy for it', async () => {
    expect(await demo.call('endpoint')).toEqual({
      url: `${installation.apiUrl}/v1/`,
      versions: ['1.1', '1.12'],
      // Once it has one, its calls are to be made in place of those of `sdk_resources.py`.
      proxied: false,
    });
  });

  it('makes a template', async () => {
    const made = await demo.call('create_cluster_template', ['swarm'], {
      image_id: 'Fedora-Atomic-26-20170723.0.x86_64',
      keypair_id: 'testkey',
      coe: 'swarm',
      external_network_id: 'public',
      flavor_id: 'm1.small',
      docker_volume_size: 5,
      labels: { owner: 'me' },
    });
    const template = {
      id: expect.stringMatching(UUID),
      name: 'swarm',
      coe: 'swarm',
      cluster_distro: 'fedora-atomic',
      docker_volume_size: 5,
      labels: { owner: 'me' },
      is_public: false,
      is_tls_disabled: false,
      created_at: expect.stringMatching(TIME),
      updated_at: null,
    };
    expect(made).toMatchObject(template);
    expect(await demo.call('list_cluster_templates')).toEqual([made]);
    expect(await demo.call('get_cluster_template', ['swarm'])).toEqual(made);
  });

  it('changes a template', async () => {
    // One member a call: this SDK cannot put several patches in order.
    const change = { docker_volume_size: 6 };
    const { id } = (await demo.call('get_cluster_template', ['swarm'])) as { readonly id: string };
    expect(await demo.call('update_cluster_template', [id, 'replace'], change)).toMatchObject({
      ...change,
      id,
      labels: { owner: 'me' },
      updated_at: expect.stringMatching(TIME),
    });
  });

  it('hears why a template is refused', async () => {
    const options = { image_id: 'nosuch', coe: 'swarm', external_network_id: 'public' };
    expect(await demo.answer('create_cluster_template', ['bad'], options)).toEqual({
      error: 'BadRequestException',
      status: 400,
      detail: 'Image nosuch could not be found.',
    });
  });

  it('makes a cluster', async () => {
    const made = await demo.call('create_coe_cluster', ['s1', 'swarm'], { node_count: 1 });
    expect(made).toMatchObject({ id: expect.stringMatching(UUID) });
    expect(await settled('CREATE_COMPLETE')).toMatchObject({
      ...(made as { readonly id: string }),
      master_count: 1,
      node_count: 1,
      stack_id: expect.stringMatching(UUID),
    });
    expect(await demo.call('list_coe_clusters')).toMatchObject([cluster]);
    expect(await demo.call('search_coe_clusters', ['s*'])).toMatchObject([cluster]);
    expect(await demo.call('get_coe_cluster', ['nosuch'])).toBeNull();
  });

  it('gets the CA, and a certificate that it vouches for', async () => {
    const { id } = (await settled('CREATE_COMPLETE')) as { readonly id: string };
    const csr = await readFile(await makeCsr(folder.path), 'utf8');
    const [ca, certificate] = [join(folder.path, 'ca.pem'), join(folder.path, 'cert.pem')];
    const shown = await demo.call('get_coe_cluster_certificate', [id]);
    expect(shown).toMatchObject({ cluster_uuid: id, pem: expect.any(String) });
    const signed = await demo.call('sign_coe_cluster_certificate', [id, csr]);
    expect(signed).toMatchObject({ cluster_uuid: id, csr, pem: expect.any(String) });
    await writeFile(ca, (shown as { readonly pem: string }).pem);
    await writeFile(certificate, (signed as { readonly pem: string }).pem);
    expect(await verify(ca, certificate)).toBe(`${certificate}: OK\n`);
  });

  it('changes the number of nodes', async () => {
    expect(
      await demo.call('update_coe_cluster', ['s1', 'replace'], { node_count: 2 }),
    ).toMatchObject({ ...cluster, node_count: 2 });
    expect(await settled('UPDATE_COMPLETE')).toMatchObject({ node_count: 2 });
  });

  it('lists the services for an administrator only', async () => {
    expect(await admin.call('list_magnum_services')).toEqual([
      expect.objectContaining({
        id: 1,
        binary: 'magnum-conductor',
        state: 'up',
        report_count: expect.any(Number),
      }),
    ]);
    expect(await demo.answer('list_magnum_services')).toEqual({
      error: 'HttpException',
      status: 403,
      detail: "Policy doesn't allow magnum-service:get_all to be performed.",
    });
  });

  it('deletes the cluster, then its template, and knows when there was none', async () => {
    expect(await demo.answer('delete_cluster_template', ['swarm'])).toEqual({
      error: 'BadRequestException',
      status: 400,
      detail: expect.stringMatching(
        /^ClusterTemplate .* is referenced by one or multiple clusters/,
      ),
    });
    expect(await demo.call('delete_coe_cluster', ['s1'])).toBe(true);
    await eventually(
      async () => {
        expect(await demo.call('list_coe_clusters')).toEqual([]);
      },
      { timeoutMs: SETTLE_TIMEOUT_MS, intervalMs: 250 },
    );
    expect(await demo.call('delete_coe_cluster', ['s1'])).toBe(false);
    expect(await demo.call('delete_cluster_template', ['swarm'])).toBe(true);
    expect(await demo.call('list_cluster_templates')).toEqual([]);
  });

  proxyCalls(() => ({ installation, as, folder: folder.path }));
});
