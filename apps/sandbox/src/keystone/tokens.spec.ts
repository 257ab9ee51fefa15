import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, passwordOf, Sandbox } from '../testing/sandbox.js';

const TOKENS = '/identity/v3/auth/tokens';
const UNAUTHORIZED = {
  error: {
    code: 401,
    message: 'The request you have made requires authentication.',
    title: 'Unauthorized',
  },
};

describe('tokens', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = new Sandbox();
  });
  afterAll(() => sandbox.close());

  const login = (identity: object, scope?: unknown) =>
    sandbox.call('POST', TOKENS, { body: { auth: { identity, scope } } });
  const demo = { name: 'demo', domain: { name: 'Default' } };

  it('name user, project, roles and catalog', async () => {
    const { status, body, headers } = await login(passwordOf(demo), {
      project: { name: 'demo', domain: { name: 'Default' } },
    });
    expect(status).toBe(201);
    expect(headers['x-subject-token']).toMatch(/^gAAAAAB[\w-]+$/);
    expect(at(body, 'token', 'methods')).toEqual(['password']);
    expect(at(body, 'token', 'user')).toEqual({
      domain: { id: 'default', name: 'Default' },
      id: sandbox.userId('demo'),
      name: 'demo',
      password_expires_at: null,
    });
    expect(at(body, 'token', 'project')).toEqual({
      domain: { id: 'default', name: 'Default' },
      id: sandbox.projectId('demo'),
      name: 'demo',
    });
    expect((at(body, 'token', 'roles') as { name: string }[]).map(({ name }) => name)).toEqual([
      'member',
      'reader',
      'creator',
      'heat_stack_owner',
      'load-balancer_member',
    ]);
    const services = at(body, 'token', 'catalog') as {
      type: string;
      endpoints: { url: string }[];
    }[];
    expect(Object.fromEntries(services.map((one) => [one.type, one.endpoints[0]?.url]))).toEqual({
      identity: 'http://cloud.test:9512/identity',
      'key-manager': 'http://cloud.test:9512/key-manager',
      orchestration: `http://cloud.test:9512/orchestration/v1/${sandbox.projectId('demo')}`,
      image: 'http://cloud.test:9512/image',
      compute: 'http://cloud.test:9512/compute/v2.1',
      network: 'http://cloud.test:9512/network',
      volumev3: `http://cloud.test:9512/volume/v3/${sandbox.projectId('demo')}`,
      'block-storage': `http://cloud.test:9512/volume/v3/${sandbox.projectId('demo')}`,
      'load-balancer': 'http://cloud.test:9512/load-balancer',
      'container-infra': 'http://cloud.test:9511/v1',
    });
  });

  it('live an hour', async () => {
    const { body } = await login(passwordOf(demo));
    const [issued, expires] = [at(body, 'token', 'issued_at'), at(body, 'token', 'expires_at')];
    expect(Date.parse(String(expires)) - Date.parse(String(issued))).toBe(3_600_000);
    expect(expires).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/);
  });

  it.each([
    ['a wrong password', passwordOf(demo, 'wrong'), undefined],
    ['an unknown user', passwordOf({ name: 'nobody', domain: { id: 'default' } }), undefined],
    [
      'a project without a role',
      passwordOf(demo),
      { project: { name: 'admin', domain: { id: 'default' } } },
    ],
    ['an unknown project', passwordOf(demo), { project: { id: 'none' } }],
    ['a domain without a role', passwordOf(demo), { domain: { id: 'default' } }],
    ['the system without a role', passwordOf(demo), { system: { all: true } }],
    ['an unknown method', { methods: ['saml2'] }, undefined],
  ])('are refused for %s', async (_what, identity, scope) => {
    const { status, body, headers } = await login(identity, scope);
    expect(status).toBe(401);
    expect(body).toEqual(UNAUTHORIZED);
    expect(headers['www-authenticate']).toBe('Keystone uri="http://cloud.test:9512/identity"');
  });

  it('reach a domain and the system for who has roles there', async () => {
    const domain = await sandbox.call(
      'GET',
      TOKENS,
      await own(await sandbox.domainToken('jeroboam')),
    );
    expect(at(domain.body, 'token', 'domain', 'name')).toBe('jeroboam');
    const admin = { name: 'admin', domain: { id: 'default' } };
    const { status, body } = await login(passwordOf(admin), { system: { all: true } });
    expect(status).toBe(201);
    expect(at(body, 'token', 'system')).toEqual({ all: true });
  });

  const own = async (token: string) =>
    Promise.resolve({ token, headers: { 'x-subject-token': token } });

  it('bring implied roles', async () => {
    const token = await sandbox.token('jeroboam', 'service');
    const { body } = await sandbox.call('GET', TOKENS, await own(token));
    expect((at(body, 'token', 'roles') as { name: string }[]).map(({ name }) => name)).toEqual([
      'admin',
      'service',
      'member',
      'reader',
    ]);
  });

  it('are made from tokens, and live no longer', async () => {
    const parent = await sandbox.token('demo');
    const { status, body } = await login(
      { methods: ['token'], token: { id: parent } },
      { project: { id: sandbox.projectId('demo') } },
    );
    expect(status).toBe(201);
    expect(at(body, 'token', 'methods')).toEqual(['password', 'token']);
    const { body: first } = await sandbox.call('GET', TOKENS, await own(parent));
    expect(at(body, 'token', 'expires_at')).toBe(at(first, 'token', 'expires_at'));
  });

  it('are validated for services and for their bearers, not for others', async () => {
    const demoToken = await sandbox.token('demo', 'demo');
    const headers = { 'x-subject-token': demoToken };
    const service = await sandbox.token('jeroboam', 'service');
    const other = await sandbox.token('alt_demo', 'alt_demo');
    expect((await sandbox.call('GET', TOKENS, { token: service, headers })).status).toBe(200);
    expect((await sandbox.call('HEAD', TOKENS, { token: demoToken, headers })).status).toBe(200);
    const refused = await sandbox.call('GET', TOKENS, { token: other, headers });
    expect(refused.status).toBe(403);
    expect(refused.body).toEqual({
      error: {
        code: 403,
        message: 'You are not authorized to perform the requested action: identity:validate_token.',
        title: 'Forbidden',
      },
    });
  });

  it('that are not there are 404 to a service, 401 as one’s own', async () => {
    const token = await sandbox.token('jeroboam', 'service');
    const unknown = { 'x-subject-token': 'gAAAAABnone' };
    const asked = await sandbox.call('GET', TOKENS, { token, headers: unknown });
    expect(asked.status).toBe(404);
    expect(at(asked.body, 'error', 'message')).toBe('Failed to validate token');
    expect((await sandbox.call('GET', '/identity/v3/projects')).body).toEqual(UNAUTHORIZED);
    const bad = await sandbox.call('GET', '/compute/v2.1/flavors', { token: 'gAAAAABnone' });
    expect(bad.status).toBe(401);
  });

  it('mean nothing once revoked', async () => {
    const token = await sandbox.token('demo', 'demo');
    expect((await sandbox.call('DELETE', TOKENS, await own(token))).status).toBe(204);
    expect((await sandbox.call('GET', '/compute/v2.1/flavors', { token })).status).toBe(401);
  });

  it('lose a role with the user, at once', async () => {
    const admin = await sandbox.token('admin', 'admin');
    const made = await sandbox.call('POST', '/identity/v3/users', {
      token: admin,
      body: { user: { name: 'passing', password: 'p', domain_id: 'default' } },
    });
    const id = String(at(made.body, 'user', 'id'));
    const { id: role } = sandbox.cloud.keystone.directory.roleNamed('member')!;
    const grant = `/identity/v3/projects/${sandbox.projectId('demo')}/users/${id}/roles/${role}`;
    expect((await sandbox.call('PUT', grant, { token: admin })).status).toBe(204);
    expect((await sandbox.call('HEAD', grant, { token: admin })).status).toBe(204);
    const scope = { project: { id: sandbox.projectId('demo') } };
    const token = await sandbox.authenticate(passwordOf({ id }, 'p'), scope);
    expect((await sandbox.call('GET', '/compute/v2.1/flavors', { token })).status).toBe(200);
    expect((await sandbox.call('DELETE', grant, { token: admin })).status).toBe(204);
    expect((await sandbox.call('HEAD', grant, { token: admin })).status).toBe(404);
    expect((await sandbox.call('GET', '/compute/v2.1/flavors', { token })).status).toBe(401);
  });
});
