import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Sandbox, type Answer } from '../testing/sandbox.js';

const NOVA = '/compute/v2.1';
const KEY = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')} me@here`;

describe('compute', () => {
  let sandbox: Sandbox;
  let demo: string;
  let other: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
    other = await sandbox.token('alt_demo', 'alt_demo');
  });
  afterAll(() => sandbox.close());

  const get = (path: string, token = demo, version = '2.1'): Promise<Answer> =>
    sandbox.call('GET', NOVA + path, {
      token,
      headers: { 'x-openstack-nova-api-version': version },
    });
  const post = (path: string, body: object, version = '2.1'): Promise<Answer> =>
    sandbox.call('POST', NOVA + path, {
      token: demo,
      body,
      headers: { 'openstack-api-version': `compute ${version}` },
    });
  const remove = (path: string): Promise<Answer> =>
    sandbox.call('DELETE', NOVA + path, { token: demo });

  it('says which versions it speaks', async () => {
    const { body } = await sandbox.call('GET', '/compute/v2.1/');
    expect(at(body, 'version')).toMatchObject({
      id: 'v2.1',
      status: 'CURRENT',
      version: '2.93',
      min_version: '2.1',
    });
    const latest = await get('/flavors', demo, 'latest');
    expect(latest.headers['openstack-api-version']).toBe('compute 2.93');
    const beyond = await get('/flavors', demo, '2.94');
    expect(beyond.status).toBe(406);
    expect(at(beyond.body, 'computeFault', 'message')).toContain('maximum is 2.93');
  });

  it('offers three flavors', async () => {
    const { body } = await get('/flavors/detail');
    expect(at(body, 'flavors')).toMatchObject([
      { name: 'm1.tiny', vcpus: 1, ram: 512, disk: 5 },
      { name: 'm1.small', vcpus: 1, ram: 2048, disk: 20 },
      { name: 'm1.medium', vcpus: 2, ram: 4096, disk: 40 },
    ]);
    const { id } = sandbox.cloud.nova.flavor('m1.small');
    expect(at((await get(`/flavors/${id}`)).body, 'flavor', 'name')).toBe('m1.small');
    expect((await get(`/flavors/${id}/os-extra_specs`)).body).toEqual({ extra_specs: {} });
    expect(await get('/flavors/m1.small')).toMatchObject({
      status: 404,
      body: { itemNotFound: { code: 404, message: 'Flavor m1.small could not be found.' } },
    });
  });

  describe('key pairs', () => {
    it('are the user’s own', async () => {
      const made = await post('/os-keypairs', { keypair: { name: 'k1', public_key: KEY } }, '2.2');
      expect(made.status).toBe(201);
      expect(at(made.body, 'keypair')).toEqual({
        name: 'k1',
        public_key: KEY,
        fingerprint: 'be:86:90:2b:33:7b:1a:cd:8a:9e:55:64:d7:04:f3:29',
        type: 'ssh',
        user_id: sandbox.userId('demo'),
      });
      expect((await get('/os-keypairs/k1')).status).toBe(200);
      expect(await get('/os-keypairs/k1', other)).toMatchObject({
        status: 404,
        body: {
          itemNotFound: {
            code: 404,
            message: `Keypair k1 not found for user ${sandbox.userId('alt_demo')}`,
          },
        },
      });
      const twice = await post('/os-keypairs', { keypair: { name: 'k1', public_key: KEY } });
      expect(twice).toMatchObject({
        status: 409,
        body: { conflictingRequest: { code: 409, message: "Key pair 'k1' already exists." } },
      });
      expect((await remove('/os-keypairs/k1')).status).toBe(202);
      expect((await remove('/os-keypairs/k1')).status).toBe(404);
    });

    it('are generated when no key is given', async () => {
      const made = await post('/os-keypairs', { keypair: { name: 'k2' } });
      expect(made.status).toBe(200);
      expect(at(made.body, 'keypair', 'private_key')).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
      expect(at(made.body, 'keypair', 'public_key')).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E/);
      expect(at((await get('/os-keypairs/k2')).body, 'keypair', 'private_key')).toBeUndefined();
    });

    it('must be keys', async () => {
      const bad = await post('/os-keypairs', { keypair: { name: 'k3', public_key: 'ssh-rsa x' } });
      expect(bad).toMatchObject({
        status: 400,
        body: {
          badRequest: {
            code: 400,
            message: 'Keypair data is invalid: failed to generate fingerprint',
          },
        },
      });
      expect((await post('/os-keypairs', { keypair: { name: 'no/slash' } })).status).toBe(400);
      expect((await post('/os-keypairs', { keypair: {} })).status).toBe(400);
    });
  });

  describe('servers', () => {
    const server = (more: object = {}): object => ({
      server: {
        name: 's',
        flavorRef: sandbox.cloud.nova.flavor('m1.small').id,
        imageRef: image(),
        ...more,
      },
    });
    const image = (): string => sandbox.cloud.glance.image('coreos').id;

    it('get an address, are shown, and take their port along', async () => {
      const made = await post('/servers', server());
      expect(made.status).toBe(202);
      const id = String(at(made.body, 'server', 'id'));
      const shown = at((await get(`/servers/${id}`)).body, 'server');
      expect(shown).toMatchObject({
        name: 's',
        status: 'ACTIVE',
        tenant_id: sandbox.projectId('demo'),
        'OS-EXT-STS:vm_state': 'active',
        addresses: {
          'private-demo': [{ addr: '10.99.0.2', version: 4, 'OS-EXT-IPS:type': 'fixed' }],
        },
      });
      expect(at(shown, 'flavor', 'id')).toBe(sandbox.cloud.nova.flavor('m1.small').id);
      const newer = at((await get(`/servers/${id}`, demo, '2.47')).body, 'server', 'flavor');
      expect(newer).toMatchObject({ original_name: 'm1.small', vcpus: 1, ram: 2048 });
      expect((await get(`/servers/${id}`, other)).status).toBe(404);
      expect(at((await get('/servers', other)).body, 'servers')).toEqual([]);
      expect((await remove(`/servers/${id}`)).status).toBe(204);
      expect((await get(`/servers/${id}`)).body).toEqual({
        itemNotFound: { code: 404, message: `Instance ${id} could not be found.` },
      });
      expect(sandbox.cloud.neutron.ports.ofDevice(id)).toEqual([]);
    });

    it('are refused what is not there', async () => {
      const flavor = await post('/servers', server({ flavorRef: 'none' }));
      expect(flavor).toMatchObject({
        status: 400,
        body: { badRequest: { message: 'Flavor none could not be found.' } },
      });
      const key = await post('/servers', server({ key_name: 'none' }));
      expect(key).toMatchObject({
        status: 400,
        body: { badRequest: { message: 'Invalid key_name provided.' } },
      });
      expect((await post('/servers', server({ imageRef: 'none' }))).status).toBe(400);
      expect((await post('/servers', { server: {} })).status).toBe(400);
    });

    it('bind the port they are given and leave it behind', async () => {
      const owner = { projectId: sandbox.projectId('demo'), userId: sandbox.userId('demo') };
      const network = sandbox.cloud.neutron.network('private-demo');
      const port = sandbox.cloud.neutron.createPort(owner, { network_id: network.id });
      const made = await post('/servers', server({ networks: [{ port: port.id }] }));
      const id = String(at(made.body, 'server', 'id'));
      expect(sandbox.cloud.neutron.port(port.id)).toMatchObject({
        device_id: id,
        device_owner: 'compute:nova',
        status: 'ACTIVE',
      });
      expect((await post('/servers', server({ networks: [{ port: port.id }] }))).status).toBe(409);
      await remove(`/servers/${id}`);
      expect(sandbox.cloud.neutron.port(port.id)).toMatchObject({ device_id: '', status: 'DOWN' });
    });

    it('hold volumes', async () => {
      const owner = { projectId: sandbox.projectId('demo'), userId: sandbox.userId('demo') };
      const volume = sandbox.cloud.cinder.createVolume(owner, { size: 1 });
      const id = String(at((await post('/servers', server())).body, 'server', 'id'));
      const attach = { volumeAttachment: { volumeId: volume.id } };
      const path = `/servers/${id}/os-volume_attachments`;
      expect((await post(path, attach)).status).toBe(200);
      expect(sandbox.cloud.cinder.volume(volume.id).status).toBe('in-use');
      expect((await post(path, attach)).status).toBe(400);
      expect((await remove(`${path}/${volume.id}`)).status).toBe(202);
      expect(sandbox.cloud.cinder.volume(volume.id).status).toBe('available');
      expect((await remove(`${path}/${volume.id}`)).status).toBe(404);
    });

    it('are built by the clock', async () => {
      const slow = new Sandbox(':memory:', 1000);
      const owner = { projectId: slow.projectId('demo'), userId: slow.userId('demo') };
      const made = slow.cloud.nova.createServer(owner, { name: 'slow', flavorRef: 'm1.tiny' });
      const token = await slow.token('demo', 'demo');
      const { body } = await slow.call('GET', `${NOVA}/servers/${made.id}`, { token });
      expect(at(body, 'server')).toMatchObject({
        status: 'BUILD',
        'OS-EXT-STS:task_state': 'spawning',
        addresses: {},
      });
      await slow.close();
    });
  });

  it('counts what a project uses', async () => {
    const { body } = await get('/limits', other);
    expect(at(body, 'limits', 'absolute')).toMatchObject({
      maxTotalInstances: -1,
      totalInstancesUsed: 0,
      totalCoresUsed: 0,
    });
    expect(at((await get('/os-availability-zone')).body, 'availabilityZoneInfo', 0)).toEqual({
      zoneName: 'nova',
      zoneState: { available: true },
      hosts: null,
    });
  });
});
