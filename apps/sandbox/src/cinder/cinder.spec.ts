import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Sandbox } from '../testing/sandbox.js';

describe('block storage', () => {
  let sandbox: Sandbox;
  let demo: string;
  let root: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
    root = `/volume/v3/${sandbox.projectId('demo')}`;
  });
  afterAll(() => sandbox.close());

  it('has a volume type', async () => {
    const { body } = await sandbox.call('GET', `${root}/types`, { token: demo });
    expect(at(body, 'volume_types')).toMatchObject([{ name: 'sandbox', is_public: true }]);
    const missing = await sandbox.call('GET', `${root}/types/none`, { token: demo });
    expect(missing).toMatchObject({
      status: 404,
      body: { itemNotFound: { code: 404, message: 'Volume type none could not be found.' } },
    });
  });

  it('makes, extends, counts and deletes volumes', async () => {
    const made = await sandbox.call('POST', `${root}/volumes`, {
      token: demo,
      body: { volume: { name: 'data', size: 5, volume_type: 'sandbox' } },
    });
    expect(made.status).toBe(202);
    expect(at(made.body, 'volume')).toMatchObject({ name: 'data', size: 5, status: 'available' });
    expect(at(made.body, 'volume')).not.toHaveProperty('ready_at');
    const url = `${root}/volumes/${String(at(made.body, 'volume', 'id'))}`;
    const extend = (size: number) =>
      sandbox.call('POST', `${url}/action`, {
        token: demo,
        body: { 'os-extend': { new_size: size } },
      });
    expect((await extend(8)).status).toBe(202);
    expect((await extend(8)).status).toBe(400);
    const limits = await sandbox.call('GET', `${root}/limits`, { token: demo });
    expect(at(limits.body, 'limits', 'absolute')).toMatchObject({
      totalVolumesUsed: 1,
      totalGigabytesUsed: 8,
    });
    const other = await sandbox.token('alt_demo', 'alt_demo');
    expect((await sandbox.call('GET', url, { token: other })).status).toBe(404);
    expect((await sandbox.call('DELETE', url, { token: demo })).status).toBe(202);
    expect((await sandbox.call('GET', url, { token: demo })).status).toBe(404);
  });

  it('refuses a volume of no size or of an unknown type', async () => {
    const create = (volume: object) =>
      sandbox.call('POST', `${root}/volumes`, { token: demo, body: { volume } });
    expect((await create({ size: 0 })).status).toBe(400);
    expect((await create({ size: 1, volume_type: 'none' })).status).toBe(404);
  });
});
