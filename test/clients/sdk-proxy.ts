import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Installation } from '../journey/installation.js';
import type { Credentials, Fields } from '../journey/openstack-client.js';
import { makeCsr, verify } from '../journey/openssl.js';
import { resultOf, SdkClient } from './sdk-client.js';
import { ADDRESS, ATOMIC, TIME, UUID } from './shapes.js';

export interface ProxyScene {
  readonly installation: Installation;
  readonly as: (user: string) => Credentials;
  readonly folder: string;
}

/** Seconds between two looks, and before it is given up. */
const PATIENCE = { interval: 0.25, wait: 60 };

const OPTIONS = {
  image_id: ATOMIC,
  keypair_id: 'testkey',
  coe: 'swarm',
  external_network_id: 'public',
  flavor_id: 'm1.small',
  docker_volume_size: 5,
};
const TEMPLATE = {
  ...OPTIONS,
  apiserver_port: null,
  cluster_distro: 'fedora-atomic',
  dns_nameserver: null,
  docker_storage_driver: null,
  fixed_network: null,
  fixed_subnet: null,
  http_proxy: null,
  https_proxy: null,
  insecure_registry: null,
  is_floating_ip_enabled: true,
  is_hidden: false,
  is_master_lb_enabled: false,
  is_public: false,
  is_registry_enabled: false,
  is_tls_disabled: false,
  master_flavor_id: null,
  network_driver: 'docker',
  no_proxy: null,
  server_type: 'vm',
  volume_driver: null,
  labels: {},
  created_at: expect.stringMatching(TIME),
  updated_at: null,
};

/**
 * The calls of a proxy that this SDK has not yet, declared in `sdk_resources.py`: what is sent, and what
 * is made of the answers, is the SDK's doing.
 */
export const proxyCalls = (scene: () => ProxyScene): void => {
  describe('and the calls of a proxy on its machinery', () => {
    let admin: SdkClient;
    let demo: SdkClient;
    /** The same user at the newest microversion. */
    let modern: SdkClient;
    let templates: readonly string[];
    let cluster: string;

    beforeAll(() => {
      const { as } = scene();
      admin = new SdkClient(as('admin'), { proxy: true });
      demo = new SdkClient(as('demo'), { proxy: true });
      modern = new SdkClient(as('demo'), { proxy: true, microversion: '1.12' });
    });

    afterAll(() => Promise.all([admin.stop(), demo.stop(), modern.stop()]));

    const badRequest = (detail: unknown) => ({ error: 'BadRequestException', status: 400, detail });
    const notFound = (detail: string) => ({ error: 'ResourceNotFound', status: 404, detail });
    const forbidden = (detail: string) => ({ error: 'HttpException', status: 403, detail });
    const requests = (client: SdkClient) => client.sent.map(({ request }) => request);
    const uuidOf = (shown: unknown): string => String((shown as Fields)['uuid']);
    const waitFor = (client: SdkClient, method: string, action: 'CREATE' | 'UPDATE') =>
      client.answer(
        'wait_for_status',
        [resultOf(method), `${action}_COMPLETE`, [`${action}_FAILED`]],
        PATIENCE,
      );

    it('make templates', async () => {
      const made = await demo.call('create_cluster_template', [], {
        ...OPTIONS,
        name: 'p1',
        labels: { owner: 'me' },
      });
      const uuid = uuidOf(made);
      expect(uuid).toMatch(UUID);
      expect(made).toEqual({ ...TEMPLATE, id: uuid, uuid, name: 'p1', labels: { owner: 'me' } });
      const more: string[] = [];
      for (const name of ['p2', 'p3', 'p4', 'p5']) {
        const keywords = { ...OPTIONS, name };
        more.push(uuidOf(await demo.call('create_cluster_template', [], keywords)));
      }
      templates = [uuid, ...more];
    });

    it('find a template by name or uuid', async () => {
      const [uuid] = templates;
      const p1 = { ...TEMPLATE, uuid, name: 'p1', labels: { owner: 'me' } };
      // What it was asked for is what this SDK takes for its id from then on.
      expect(await demo.call('find_cluster_template', ['p1'])).toEqual({ ...p1, id: 'p1' });
      expect(await demo.call('find_cluster_template', [uuid])).toEqual({ ...p1, id: uuid });
      expect(await demo.call('get_cluster_template', [uuid])).toEqual({ ...p1, id: uuid });
    });

    it('list templates a page at a time', async () => {
      const listed = async (keywords: Fields) =>
        ((await demo.call('cluster_templates', [], keywords)) as readonly Fields[]).map(
          ({ uuid }) => uuid,
        );
      const [first, second, , fourth, fifth] = templates;
      const path = 'GET /v1/clustertemplates';
      const next = `${path}?sort_key=id&sort_dir=asc`;
      expect(await listed({})).toEqual(templates);
      expect(requests(demo)).toEqual([path]);
      expect(await listed({ limit: 2 })).toEqual(templates);
      expect(requests(demo)).toEqual([
        `${path}?limit=2`,
        `${next}&limit=2&marker=${second}`,
        `${next}&limit=2&marker=${fourth}`,
        // Not a link: the SDK looks once more for itself.
        `${next}&marker=${fifth}&limit=2`,
      ]);
      expect(await listed({ limit: 4, marker: first })).toEqual(templates.slice(1));
      expect(requests(demo)).toEqual([
        `${path}?limit=4&marker=${first}`,
        `${next}&limit=4&marker=${fifth}`,
      ]);
    });

    it('change what differs in a template, by patch', async () => {
      const [uuid] = templates;
      await demo.call('cluster_templates');
      const change = {
        docker_volume_size: 6,
        is_floating_ip_enabled: false,
        labels: { owner: 'you', team: 'a' },
      };
      const changed = {
        ...TEMPLATE,
        ...change,
        id: uuid,
        uuid,
        name: 'p1',
        updated_at: expect.stringMatching(TIME),
      };
      const p1 = resultOf('cluster_templates', 0);
      expect(await demo.call('update_cluster_template', [p1], change)).toEqual(changed);
      expect(demo.sent).toEqual([
        {
          request: `PATCH /v1/clustertemplates/${uuid}`,
          body: [
            { op: 'replace', path: '/docker_volume_size', value: 6 },
            { op: 'replace', path: '/floating_ip_enabled', value: false },
            { op: 'replace', path: '/labels/owner', value: 'you' },
            { op: 'add', path: '/labels/team', value: 'a' },
          ],
        },
      ]);
      expect(await demo.call('get_cluster_template', [uuid])).toEqual(changed);
    });

    it('cannot change what was got by its id, which this SDK adds to its patch', async () => {
      const [uuid] = templates;
      await demo.call('get_cluster_template', [uuid]);
      const got = resultOf('get_cluster_template');
      const change = { docker_volume_size: 7 };
      expect(await demo.answer('update_cluster_template', [got], change)).toEqual(
        badRequest("'/id' is an internal attribute and can not be updated"),
      );
      expect(demo.sent).toMatchObject([
        { body: [{ path: '/docker_volume_size' }, { op: 'add', path: '/id', value: uuid }] },
      ]);
      expect(await demo.answer('update_cluster_template', [uuid], change)).toEqual(
        badRequest('Unknown attribute for argument patch: from'),
      );
    });

    it('hear why a template is refused', async () => {
      const create = (keywords: Fields) =>
        demo.answer('create_cluster_template', [], { ...OPTIONS, name: 'bad', ...keywords });
      const p1 = resultOf('cluster_templates', 0);
      expect([
        await create({ image_id: 'nosuch' }),
        await create({ docker_volume_size: 0 }),
        await create({ is_public: true }),
        await demo.answer('update_cluster_template', [p1], { docker_volume_size: null }),
        await demo.answer('get_cluster_template', ['nosuch']),
        await demo.answer('find_cluster_template', ['nosuch']),
        await demo.answer('find_cluster_template', ['nosuch'], { ignore_missing: false }),
        await demo.answer('delete_cluster_template', ['nosuch']),
        await demo.answer('delete_cluster_template', ['nosuch'], { ignore_missing: false }),
        await demo.answer('cluster_templates', [], { marker: 'nosuch' }),
        await demo.answer('cluster_templates', [], { limit: 0 }),
      ]).toEqual([
        badRequest('Image nosuch could not be found.'),
        badRequest(
          "Invalid input for field/attribute docker_volume_size. Value: '0'. " +
            'Value should be greater or equal to 1',
        ),
        forbidden('Not authorized to set public or hidden flag for cluster template.'),
        badRequest("'add' and 'replace' operations needs value"),
        notFound('ClusterTemplate nosuch could not be found.'),
        { result: null },
        // After the list the server is asked no more, so the words are the SDK's.
        {
          error: 'ResourceNotFound',
          status: null,
          detail: 'No ClusterTemplate found for nosuch',
        },
        { result: null },
        notFound('ClusterTemplate nosuch could not be found.'),
        badRequest(
          "Invalid input for field/attribute marker. Value: 'nosuch'. " +
            'unable to convert to uuid. Error: Expected a uuid but received nosuch.',
        ),
        badRequest('Limit must be positive'),
      ]);
    });

    it('hear of a conflict when a name says too little', async () => {
      const twin = uuidOf(
        await demo.call('create_cluster_template', [], { ...OPTIONS, name: 'p5' }),
      );
      expect(await demo.answer('find_cluster_template', ['p5'])).toEqual({
        error: 'ConflictException',
        status: 409,
        detail:
          'Multiple ClusterTemplates exist with same name. Please use the ClusterTemplate uuid instead.',
      });
      expect(await demo.call('delete_cluster_template', [twin])).toBeNull();
      expect(await demo.call('find_cluster_template', ['p5'])).toMatchObject({ name: 'p5' });
    });

    it('make a cluster, and wait for it', async () => {
      const [template] = templates;
      const keywords = { name: 'c1', cluster_template_id: template, node_count: 1 };
      const made = await demo.call('create_cluster', [], keywords);
      cluster = uuidOf(made);
      expect(made).toMatchObject({ id: expect.stringMatching(UUID), uuid: cluster });
      expect(demo.sent).toEqual([{ request: 'POST /v1/clusters', body: keywords }]);
      expect(await demo.call('get_cluster', [cluster])).toMatchObject({
        status: 'CREATE_IN_PROGRESS',
      });
      const created = {
        ...keywords,
        id: cluster,
        uuid: cluster,
        api_address: expect.stringMatching(/^tcp:\/\/\d+\.\d+\.\d+\.\d+:2376$/),
        coe_version: '1.2.5',
        create_timeout: 60,
        discovery_url: null,
        fixed_network: null,
        fixed_subnet: null,
        flavor_id: 'm1.small',
        is_floating_ip_enabled: false,
        is_master_lb_enabled: false,
        keypair: 'testkey',
        labels: { owner: 'you', team: 'a' },
        master_addresses: [expect.stringMatching(ADDRESS)],
        master_count: 1,
        master_flavor_id: 'm1.small',
        node_addresses: [expect.stringMatching(ADDRESS)],
        stack_id: expect.stringMatching(UUID),
        status: 'CREATE_COMPLETE',
        status_reason: null,
        created_at: expect.stringMatching(TIME),
        updated_at: expect.stringMatching(TIME),
      };
      expect(await waitFor(demo, 'create_cluster', 'CREATE')).toEqual({
        result: created,
      });
      expect(await demo.call('get_cluster', [cluster])).toEqual(created);
      expect(await demo.call('find_cluster', ['c1'])).toEqual({ ...created, id: 'c1' });
    });

    it('list clusters a page at a time', async () => {
      expect(await demo.call('clusters', [], { limit: 1 })).toMatchObject([
        { id: cluster, name: 'c1', node_count: 1, status: 'CREATE_COMPLETE' },
      ]);
      expect(requests(demo)).toEqual([
        'GET /v1/clusters?limit=1',
        `GET /v1/clusters?sort_key=id&sort_dir=asc&limit=1&marker=${cluster}`,
      ]);
    });

    it('change the number of nodes, and wait for them', async () => {
      const made = resultOf('create_cluster');
      expect(await demo.call('update_cluster', [made], { node_count: 2 })).toMatchObject({
        uuid: cluster,
      });
      expect(demo.sent).toEqual([
        {
          request: `PATCH /v1/clusters/${cluster}`,
          body: [{ op: 'replace', path: '/node_count', value: 2 }],
        },
      ]);
      expect(await waitFor(demo, 'create_cluster', 'UPDATE')).toMatchObject({
        result: { node_count: 2, node_addresses: [expect.any(String), expect.any(String)] },
      });
    });

    it('resize at the microversion that knows it', async () => {
      expect(await modern.call('resize_cluster', [cluster, 1])).toBe(cluster);
      expect(modern.sent).toEqual([
        {
          request: `POST /v1/clusters/${cluster}/actions/resize`,
          body: { node_count: 1, nodes_to_remove: null },
        },
      ]);
      expect(await modern.call('get_cluster', [cluster])).toMatchObject({
        status: 'UPDATE_IN_PROGRESS',
      });
      expect(await waitFor(modern, 'get_cluster', 'UPDATE')).toMatchObject({
        result: { node_count: 1, node_addresses: [expect.any(String)] },
      });
      expect(await demo.answer('resize_cluster', [cluster, 2])).toEqual({
        error: 'HttpException',
        status: 406,
        detail:
          'Version 1.1 was requested but the requested API resize is not supported for this version.',
      });
    });

    it('upgrade nothing that Heat builds', async () => {
      expect(await modern.answer('upgrade_cluster', [cluster, 'p2'])).toEqual(
        badRequest('Upgrading a cluster that uses the Magnum Heat driver is not supported.'),
      );
      expect(modern.sent).toEqual([
        {
          request: `POST /v1/clusters/${cluster}/actions/upgrade`,
          body: { cluster_template: 'p2', max_batch_size: null },
        },
      ]);
      expect(await modern.call('get_cluster', [cluster])).toMatchObject({
        cluster_template_id: templates[0],
        status: 'UPDATE_COMPLETE',
      });
    });

    it('get the CA, and a certificate that it vouches for', async () => {
      const { folder } = scene();
      const csr = await readFile(await makeCsr(folder), 'utf8');
      const [ca, certificate] = [join(folder, 'proxy-ca.pem'), join(folder, 'proxy-cert.pem')];
      const shown = await demo.call('get_cluster_certificate', [cluster]);
      expect(shown).toMatchObject({ id: cluster, cluster_uuid: cluster, csr: null });
      const keywords = { cluster_uuid: cluster, csr };
      const signed = await demo.call('create_cluster_certificate', [], keywords);
      expect(signed).toMatchObject({ id: cluster, ...keywords });
      await writeFile(ca, String((shown as Fields)['pem']));
      await writeFile(certificate, String((signed as Fields)['pem']));
      expect(await verify(ca, certificate)).toBe(`${certificate}: OK\n`);
    });

    it('list the services for an administrator only', async () => {
      expect(await admin.call('services')).toEqual([
        {
          id: 1,
          name: null,
          binary: 'magnum-conductor',
          host: expect.any(String),
          state: 'up',
          report_count: expect.any(Number),
          disabled_reason: null,
          created_at: expect.stringMatching(TIME),
          updated_at: expect.stringMatching(TIME),
        },
      ]);
      expect(await demo.answer('services')).toEqual(
        forbidden("Policy doesn't allow magnum-service:get_all to be performed."),
      );
    });

    it('hear why a cluster is refused', async () => {
      const made = resultOf('create_cluster');
      const create = (keywords: Fields) =>
        demo.answer('create_cluster', [], { name: 'bad', ...keywords });
      expect([
        await demo.answer('update_cluster', [made], { name: 'c2' }),
        await demo.answer('get_cluster', ['nosuch']),
        await demo.answer('find_cluster', ['nosuch']),
        await demo.answer('delete_cluster', ['nosuch']),
        await demo.answer('delete_cluster', ['nosuch'], { ignore_missing: false }),
        await demo.answer('get_cluster_certificate', ['nosuch']),
        await demo.answer('create_cluster_certificate', [], { cluster_uuid: cluster, csr: 'bad' }),
        await demo.answer('delete_cluster_template', [templates[0]]),
        await create({ cluster_template_id: 'nosuch' }),
        await create({ cluster_template_id: 'p2', keypair: 'nosuch' }),
      ]).toEqual([
        badRequest('cannot change cluster property(ies) name.'),
        notFound('Cluster nosuch could not be found.'),
        { result: null },
        { result: null },
        notFound('Cluster nosuch could not be found.'),
        notFound('Cluster nosuch could not be found.'),
        badRequest("Received invalid csr b'bad'."),
        badRequest(`ClusterTemplate ${templates[0]} is referenced by one or multiple clusters.`),
        badRequest('ClusterTemplate nosuch could not be found.'),
        notFound('Unable to find keypair nosuch.'),
      ]);
    });

    it('wait no longer for a cluster that has failed', async () => {
      const faults = `${scene().installation.sandboxUrl}/sandbox/faults`;
      const fault = { service: 'nova', method: 'POST', path: '^/servers$', action: 'fail' };
      const { status } = await fetch(faults, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      expect(status).toBe(201);
      const keywords = { name: 'c2', cluster_template_id: 'p2' };
      const uuid = uuidOf(await modern.call('create_cluster', [], keywords));
      expect(await waitFor(modern, 'create_cluster', 'CREATE')).toEqual({
        error: 'ResourceFailure',
        status: null,
        detail: `Cluster:${uuid} transitioned to failure state CREATE_FAILED`,
      });
      await fetch(faults, { method: 'DELETE' });
      expect(await modern.call('get_cluster', [uuid])).toMatchObject({
        status: 'CREATE_FAILED',
        status_reason: expect.stringContaining('No valid host was found'),
      });
      await modern.call('delete_cluster', [uuid]);
      await modern.call('wait_for_delete', [resultOf('get_cluster')], PATIENCE);
      expect(await modern.call('find_cluster', ['c2'])).toBeNull();
    });

    it('delete the cluster, wait until it is gone, and delete the templates', async () => {
      await demo.call('get_cluster', [cluster]);
      expect(await demo.call('delete_cluster', [cluster])).toBeNull();
      expect(await demo.call('wait_for_delete', [resultOf('get_cluster')], PATIENCE)).toMatchObject(
        { uuid: cluster },
      );
      expect(await demo.call('clusters')).toEqual([]);
      for (const uuid of templates) await demo.call('delete_cluster_template', [uuid]);
      expect(await demo.call('cluster_templates')).toEqual([]);
    });
  });
};
