import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { at, Sandbox } from '../testing/sandbox.js';

describe('control', () => {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = new Sandbox();
  });
  afterEach(() => sandbox.close());

  const rule = (body: object) => sandbox.call('POST', '/sandbox/faults', { body });

  it('makes a call fail as often as asked', async () => {
    const token = await sandbox.token('demo', 'demo');
    const made = await rule({
      service: 'nova',
      method: 'GET',
      path: '/flavors$',
      action: 'fail',
      status: 503,
      times: 2,
    });
    expect(made.status).toBe(201);
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1)
      statuses.push((await sandbox.call('GET', '/compute/v2.1/flavors', { token })).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await sandbox.call('GET', '/compute/v2.1/os-keypairs', { token })).status).toBe(200);
    const { body } = await sandbox.call('GET', '/sandbox/faults');
    expect(at(body, 'faults', 0)).toMatchObject({ times: 0, struck: 2 });
  });

  it('makes every call of a service slow', async () => {
    await rule({ service: 'keystone', action: 'slow', delayMs: 60 });
    const before = performance.now();
    expect((await sandbox.call('GET', '/identity/v3')).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(55);
  });

  it('heals when told to', async () => {
    const made = await rule({ service: '*', action: 'fail' });
    expect((await sandbox.call('GET', '/image/versions')).status).toBe(500);
    const id = String(at(made.body, 'fault', 'id'));
    expect((await sandbox.call('DELETE', `/sandbox/faults/${id}`)).status).toBe(204);
    expect((await sandbox.call('GET', '/image/versions')).status).toBe(200);
    await rule({ service: '*', action: 'fail' });
    await sandbox.call('DELETE', '/sandbox/faults');
    expect((await sandbox.call('GET', '/sandbox/faults')).body).toEqual({ faults: [] });
  });

  it('lets engines in the process ask for faults as well', async () => {
    await rule({ service: 'nova', method: 'post', path: '^/servers', action: 'hang', times: 1 });
    expect(sandbox.cloud.faults.take('nova', 'GET', '/servers')).toBeUndefined();
    expect(sandbox.cloud.faults.take('nova', 'POST', '/servers')?.action).toBe('hang');
    expect(sandbox.cloud.faults.take('nova', 'POST', '/servers')).toBeUndefined();
  });

  it('refuses rules that say nothing', async () => {
    expect((await rule({ service: 'nova', action: 'explode' })).status).toBe(400);
    expect((await rule({ action: 'fail' })).status).toBe(400);
    expect((await rule({ service: 'nova', action: 'fail', path: '(' })).status).toBe(400);
  });

  it('takes inventory', async () => {
    const { body } = await sandbox.call('GET', '/sandbox/inventory');
    expect(at(body, 'counts')).toMatchObject({
      trusts: 0,
      trustees: 0,
      secrets: 0,
      containers: 0,
      stacks: 0,
      servers: 0,
      networks: 4,
      load_balancers: 0,
      floating_ips: 0,
    });
    const { directory } = sandbox.cloud.keystone;
    const domain_id = directory.domainNamed('jeroboam')!.id;
    const trustee = directory.createUser({ name: 't', domain_id, password: 'p' });
    const after = await sandbox.call('GET', '/sandbox/inventory');
    expect(at(after.body, 'ids', 'trustees')).toEqual([trustee.id]);
  });

  it('starts over', async () => {
    const token = await sandbox.token('demo', 'demo');
    await sandbox.call('POST', '/compute/v2.1/os-keypairs', {
      token,
      body: { keypair: { name: 'k' } },
    });
    await rule({ service: 'nova', action: 'fail' });
    expect((await sandbox.call('POST', '/sandbox/reset')).status).toBe(204);
    const { body } = await sandbox.call('GET', '/sandbox/inventory');
    expect(at(body, 'counts', 'keypairs')).toBe(0);
    expect((await sandbox.call('GET', '/compute/v2.1/flavors', { token })).status).toBe(401);
    await expect(sandbox.token('demo', 'demo')).resolves.toMatch(/^gAAAAAB/);
  });

  it('answers only this machine', async () => {
    const answer = await sandbox.app.inject({
      method: 'POST',
      url: '/sandbox/reset',
      remoteAddress: '192.0.2.1',
    });
    expect(answer.statusCode).toBe(403);
  });
});
