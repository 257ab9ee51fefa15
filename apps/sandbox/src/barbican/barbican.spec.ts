import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, Sandbox, type Answer } from '../testing/sandbox.js';

const V1 = '/key-manager/v1';

describe('key manager', () => {
  let sandbox: Sandbox;
  let demo: string;
  let other: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
    other = await sandbox.token('alt_demo', 'alt_demo');
  });
  afterAll(() => sandbox.close());

  const path = (ref: unknown): string => String(ref).replace('http://cloud.test:9512', '');
  const store = (more: object = {}, token = demo): Promise<Answer> =>
    sandbox.call('POST', `${V1}/secrets`, {
      token,
      body: { name: 'one', payload: 'hello', payload_content_type: 'text/plain', ...more },
    });
  const stored = async (more?: object): Promise<string> =>
    path(at((await store(more)).body, 'secret_ref'));

  it('is discovered without a token', async () => {
    const root = await sandbox.call('GET', '/key-manager');
    expect(root.status).toBe(300);
    expect(at(root.body, 'versions', 'values', 0, 'id')).toBe('v1');
  });

  it('answers a stored secret with where it is', async () => {
    const { status, body, headers } = await store();
    expect(status).toBe(201);
    expect(at(body, 'secret_ref')).toMatch(
      /^http:\/\/cloud\.test:9512\/key-manager\/v1\/secrets\//,
    );
    expect(headers.location).toBe(at(body, 'secret_ref'));
  });

  it('gives metadata or payload as asked', async () => {
    const secret = await stored();
    const asked = (url: string, accept: string) =>
      sandbox.call('GET', url, { token: demo, headers: { accept } });
    const metadata = await asked(secret, 'application/json');
    expect(metadata.status).toBe(200);
    expect(metadata.body).toMatchObject({
      name: 'one',
      status: 'ACTIVE',
      secret_type: 'opaque',
      content_types: { default: 'text/plain' },
      creator_id: sandbox.userId('demo'),
    });
    expect(metadata.body).not.toHaveProperty('payload');
    expect(await asked(secret, 'text/plain')).toMatchObject({ status: 200, body: 'hello' });
    const payload = await asked(`${secret}/payload`, 'text/plain');
    expect(payload).toMatchObject({ status: 200, body: 'hello' });
    expect(payload.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect((await asked(`${secret}/payload`, 'application/octet-stream')).status).toBe(406);
  });

  it('takes binary payloads, and payloads put later', async () => {
    const binary = await stored({
      payload: Buffer.from('bytes').toString('base64'),
      payload_content_type: 'application/octet-stream',
      payload_content_encoding: 'base64',
    });
    expect((await sandbox.call('GET', `${binary}/payload`, { token: demo })).body).toBe('bytes');
    const empty = await stored({ payload: undefined, payload_content_type: undefined });
    expect((await sandbox.call('GET', `${empty}/payload`, { token: demo })).status).toBe(404);
    const put = { token: demo, body: 'late', headers: { 'content-type': 'text/plain' } };
    expect((await sandbox.call('PUT', empty, put)).status).toBe(204);
    expect((await sandbox.call('PUT', empty, put)).status).toBe(409);
    expect((await sandbox.call('GET', `${empty}/payload`, { token: demo })).body).toBe('late');
  });

  it('refuses a payload without a type, and an empty one', async () => {
    expect((await store({ payload_content_type: undefined })).status).toBe(400);
    expect((await store({ payload: ' ' })).status).toBe(400);
  });

  it('keeps a project’s secrets from others', async () => {
    const secret = await stored();
    const refused = await sandbox.call('GET', secret, { token: other });
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 403,
        title: 'Forbidden',
        description:
          'Secret retrieval attempt not allowed - please review your user/project privileges',
      },
    });
    expect((await sandbox.call('DELETE', secret, { token: other })).status).toBe(403);
    const listed = await sandbox.call('GET', `${V1}/secrets`, { token: other });
    expect(listed.body).toEqual({ secrets: [], total: 0 });
  });

  it('lets an ACL open a secret to a user', async () => {
    const secret = await stored();
    const acl = { read: { users: [sandbox.userId('alt_demo')], 'project-access': true } };
    const put = await sandbox.call('PUT', `${secret}/acl`, { token: demo, body: acl });
    expect(put.status).toBe(200);
    const payload = await sandbox.call('GET', `${secret}/payload`, { token: other });
    expect(payload).toMatchObject({ status: 200, body: 'hello' });
  });

  it('forgets a deleted secret', async () => {
    const secret = await stored();
    expect((await sandbox.call('DELETE', secret, { token: demo })).status).toBe(204);
    expect(await sandbox.call('GET', secret, { token: demo })).toMatchObject({
      status: 404,
      body: {
        code: 404,
        title: 'Not Found',
        description: 'Not Found. Sorry but your secret is in another castle.',
      },
    });
  });

  it('pages a list', async () => {
    for (const name of ['p1', 'p2', 'p3']) await store({ name });
    const url = `${V1}/secrets?name=p2`;
    const byName = await sandbox.call('GET', url, { token: demo });
    expect(at(byName.body, 'total')).toBe(1);
    const first = await sandbox.call('GET', `${V1}/secrets?limit=2`, { token: demo });
    expect(at(first.body, 'secrets')).toHaveLength(2);
    const second = await sandbox.call('GET', path(at(first.body, 'next')), { token: demo });
    expect(at(second.body, 'secrets')).toHaveLength(2);
    expect(at(second.body, 'previous')).toContain('offset=0');
  });

  describe('containers', () => {
    const create = (names: readonly string[], type = 'certificate') =>
      Promise.all(names.map(() => store())).then((secrets) =>
        sandbox.call('POST', `${V1}/containers`, {
          token: demo,
          body: {
            name: 'bundle',
            type,
            secret_refs: secrets.map(({ body }, index) => ({
              name: names[index],
              secret_ref: at(body, 'secret_ref'),
            })),
          },
        }),
      );

    it('hold secrets by name', async () => {
      const made = await create(['certificate', 'private_key']);
      expect(made.status).toBe(201);
      const url = path(at(made.body, 'container_ref'));
      const shown = await sandbox.call('GET', url, { token: demo });
      expect(shown.body).toMatchObject({
        name: 'bundle',
        type: 'certificate',
        status: 'ACTIVE',
        consumers: [],
        secret_refs: [{ name: 'certificate' }, { name: 'private_key' }],
      });
      expect((await sandbox.call('GET', url, { token: other })).status).toBe(403);
      expect((await sandbox.call('DELETE', url, { token: demo })).status).toBe(204);
      expect((await sandbox.call('GET', url, { token: demo })).status).toBe(404);
    });

    it('take only what their type allows', async () => {
      expect((await create(['private_key'])).status).toBe(400);
      expect((await create(['certificate', 'other'])).status).toBe(400);
      expect((await create(['other'], 'generic')).status).toBe(201);
      expect((await create([], 'bag')).status).toBe(400);
    });

    it('know who uses them', async () => {
      const url = path(at((await create(['certificate'])).body, 'container_ref'));
      const consumer = { name: 'cluster', URL: 'http://cluster.test/1' };
      const call = { token: demo, body: consumer };
      const added = await sandbox.call('POST', `${url}/consumers`, call);
      expect(added.status).toBe(200);
      expect(at(added.body, 'consumers')).toEqual([consumer]);
      await sandbox.call('POST', `${url}/consumers`, call);
      const listed = await sandbox.call('GET', `${url}/consumers`, { token: demo });
      expect(listed.body).toEqual({ consumers: [consumer], total: 1 });
      const removed = await sandbox.call('DELETE', `${url}/consumers`, call);
      expect(at(removed.body, 'consumers')).toEqual([]);
    });
  });
});
