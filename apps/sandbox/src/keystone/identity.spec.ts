import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, passwordOf, Sandbox } from '../testing/sandbox.js';

describe('identity', () => {
  let sandbox: Sandbox;
  let admin: string;
  let demo: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    admin = await sandbox.token('admin', 'admin');
    demo = await sandbox.token('demo', 'demo');
  });
  afterAll(() => sandbox.close());

  const names = (body: unknown, key: string): unknown[] =>
    (at(body, key) as { name: string }[]).map(({ name }) => name);

  it('is discovered without a token', async () => {
    const root = await sandbox.call('GET', '/identity');
    expect(root.status).toBe(300);
    expect(at(root.body, 'versions', 'values', 0, 'id')).toBe('v3.14');
    const v3 = await sandbox.call('GET', '/identity/v3/');
    expect(v3.status).toBe(200);
    expect(at(v3.body, 'version', 'links')).toEqual([
      { rel: 'self', href: 'http://cloud.test:9512/identity/v3/' },
    ]);
  });

  it('lists to administrators what the seed brought', async () => {
    const projects = await sandbox.call('GET', '/identity/v3/projects', { token: admin });
    expect(names(projects.body, 'projects')).toEqual(['admin', 'demo', 'alt_demo', 'service']);
    const users = await sandbox.call('GET', '/identity/v3/users?domain_id=default', {
      token: admin,
    });
    expect(names(users.body, 'users')).toEqual([
      'admin',
      'demo',
      'alt_demo',
      'demo_reader',
      'jeroboam',
    ]);
    const byName = await sandbox.call('GET', '/identity/v3/domains?name=jeroboam', {
      token: admin,
    });
    expect(names(byName.body, 'domains')).toEqual(['jeroboam']);
  });

  it('keeps its lists from ordinary users, and shows them themselves', async () => {
    for (const kind of ['projects', 'users', 'roles', 'domains'])
      expect((await sandbox.call('GET', `/identity/v3/${kind}`, { token: demo })).status).toBe(403);
    const mine = await sandbox.call('GET', '/identity/v3/auth/projects', { token: demo });
    expect(names(mine.body, 'projects')).toEqual(['demo']);
    const id = sandbox.userId('demo');
    expect((await sandbox.call('GET', `/identity/v3/users/${id}`, { token: demo })).status).toBe(
      200,
    );
    const project = `/identity/v3/projects/${sandbox.projectId('demo')}`;
    expect((await sandbox.call('GET', project, { token: demo })).status).toBe(200);
    const other = `/identity/v3/projects/${sandbox.projectId('admin')}`;
    expect((await sandbox.call('GET', other, { token: demo })).status).toBe(403);
  });

  it('answers 404 for a project that is not there', async () => {
    const answer = await sandbox.call('GET', '/identity/v3/projects/nope', { token: admin });
    expect(answer).toMatchObject({
      status: 404,
      body: { error: { code: 404, message: 'Could not find project: nope.', title: 'Not Found' } },
    });
  });

  it('lets a domain’s administrator make users there, and nowhere else', async () => {
    const token = await sandbox.domainToken('jeroboam');
    const here = sandbox.cloud.keystone.directory.domainNamed('jeroboam')!.id;
    const create = (domainId: string, name = 'bob') =>
      sandbox.call('POST', '/identity/v3/users', {
        token,
        body: { user: { name, password: 'pw', domain_id: domainId } },
      });
    expect((await create(here)).status).toBe(201);
    const twice = await create(here);
    expect(twice.status).toBe(409);
    expect(at(twice.body, 'error', 'title')).toBe('Conflict');
    expect((await create('default')).status).toBe(403);
    const remove = (id: string) => sandbox.call('DELETE', `/identity/v3/users/${id}`, { token });
    expect((await remove(sandbox.userId('demo'))).status).toBe(403);
    expect((await remove('nobody')).status).toBe(404);
    const users = await sandbox.call('GET', '/identity/v3/users', { token });
    expect(names(users.body, 'users')).toEqual(['jeroboam_domain_admin', 'bob']);
  });

  it('ends a user’s tokens with a new password', async () => {
    const made = await sandbox.call('POST', '/identity/v3/users', {
      token: admin,
      body: { user: { name: 'eve', password: 'one', domain_id: 'default' } },
    });
    const id = String(at(made.body, 'user', 'id'));
    const token = await sandbox.authenticate(passwordOf({ id }, 'one'));
    await sandbox.call('PATCH', `/identity/v3/users/${id}`, {
      token: admin,
      body: { user: { password: 'two' } },
    });
    expect(sandbox.cloud.keystone.tokens.context(token)).toBeUndefined();
    await expect(sandbox.authenticate(passwordOf({ id }, 'one'))).rejects.toThrow('401');
    await expect(sandbox.authenticate(passwordOf({ id }, 'two'))).resolves.toMatch(/^gAAAAAB/);
  });

  it('lists role assignments with names', async () => {
    const path = `/identity/v3/role_assignments?user.id=${sandbox.userId('demo_reader')}&include_names=True`;
    const { body } = await sandbox.call('GET', path, { token: admin });
    const role = sandbox.cloud.keystone.directory.roleNamed('reader')!;
    expect(at(body, 'role_assignments')).toEqual([
      {
        role: { id: role.id, name: 'reader' },
        user: {
          id: sandbox.userId('demo_reader'),
          name: 'demo_reader',
          domain: { id: 'default', name: 'Default' },
        },
        scope: {
          project: {
            id: sandbox.projectId('demo'),
            name: 'demo',
            domain: { id: 'default', name: 'Default' },
          },
        },
        links: {},
      },
    ]);
  });

  it('tells of tokens with access rules only to whom looks to such rules', async () => {
    const path = `/identity/v3/users/${sandbox.userId('demo')}/application_credentials`;
    const rule = { service: 'container-infra', method: 'GET', path: '/v1/clusters' };
    const made = await sandbox.call('POST', path, {
      token: demo,
      body: { application_credential: { name: 'limited', access_rules: [rule] } },
    });
    const credential = at(made.body, 'application_credential') as Record<string, string>;
    expect(credential).toMatchObject({ access_rules: [rule] });
    const { id, secret } = credential;
    const token = await sandbox.authenticate({
      methods: ['application_credential'],
      application_credential: { id, secret },
    });
    const tokens = '/identity/v3/auth/tokens';
    const headers = { 'x-subject-token': token };
    expect((await sandbox.call('GET', tokens, { token, headers })).status).toBe(404);
    const looking = { ...headers, 'openstack-identity-access-rules': '1' };
    const seen = await sandbox.call('GET', tokens, { token, headers: looking });
    expect(at(seen.body, 'token', 'application_credential')).toMatchObject({
      access_rules: [rule],
    });
  });

  it('gives application credentials the roles they ask for, and no more credentials', async () => {
    const path = `/identity/v3/users/${sandbox.userId('demo')}/application_credentials`;
    const made = await sandbox.call('POST', path, {
      token: demo,
      body: { application_credential: { name: 'robot', roles: [{ name: 'reader' }] } },
    });
    expect(made.status).toBe(201);
    const { id, secret } = at(made.body, 'application_credential') as Record<string, string>;
    const identity = {
      methods: ['application_credential'],
      application_credential: { id, secret },
    };
    const token = await sandbox.authenticate(identity);
    expect(sandbox.cloud.keystone.tokens.context(token)).toMatchObject({
      roles: ['reader'],
      projectName: 'demo',
      unrestricted: false,
    });
    const more = await sandbox.call('POST', path, {
      token,
      body: { application_credential: { name: 'another' } },
    });
    expect(more.status).toBe(403);
    expect((await sandbox.call('DELETE', `${path}/${id ?? ''}`, { token: demo })).status).toBe(204);
    await expect(sandbox.authenticate(identity)).rejects.toThrow('401');
    expect(sandbox.cloud.keystone.tokens.context(token)).toBeUndefined();
  });
});
