import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, passwordOf, Sandbox, type Answer } from '../testing/sandbox.js';

const TRUSTS = '/identity/v3/OS-TRUST/trusts';

describe('trusts', () => {
  let sandbox: Sandbox;
  let demo: string;
  beforeAll(async () => {
    sandbox = new Sandbox();
    demo = await sandbox.token('demo', 'demo');
  });
  afterAll(() => sandbox.close());

  const wish = (more: object = {}): object => ({
    trustor_user_id: sandbox.userId('demo'),
    trustee_user_id: sandbox.userId('jeroboam'),
    project_id: sandbox.projectId('demo'),
    impersonation: true,
    roles: [{ name: 'member' }, { name: 'creator' }],
    ...more,
  });
  const create = (token: string, more?: object): Promise<Answer> =>
    sandbox.call('POST', TRUSTS, { token, body: { trust: wish(more) } });
  const created = async (more?: object): Promise<string> =>
    String(at((await create(demo, more)).body, 'trust', 'id'));
  const scope = (id: string): object => ({ 'OS-TRUST:trust': { id } });
  const asTrustee = (id: string, name = 'jeroboam'): Promise<Answer> =>
    sandbox.call('POST', '/identity/v3/auth/tokens', {
      body: {
        auth: {
          identity: passwordOf({ name, domain: { id: 'default' } }),
          scope: scope(id),
        },
      },
    });
  const trustToken = async (id: string): Promise<string> =>
    String((await asTrustee(id)).headers['x-subject-token']);
  const message = (answer: Answer): unknown => at(answer.body, 'error', 'message');

  it('show what was agreed', async () => {
    const { status, body } = await create(demo, { allow_redelegation: true });
    expect(status).toBe(201);
    expect(at(body, 'trust')).toMatchObject({
      trustor_user_id: sandbox.userId('demo'),
      trustee_user_id: sandbox.userId('jeroboam'),
      project_id: sandbox.projectId('demo'),
      impersonation: true,
      expires_at: null,
      deleted_at: null,
      remaining_uses: null,
      redelegation_count: 3,
      redelegated_trust_id: null,
      roles: [{ name: 'member' }, { name: 'creator' }],
    });
  });

  it('let the trustee act as the trustor', async () => {
    const id = await created();
    const { status, body, headers } = await asTrustee(id);
    expect(status).toBe(201);
    expect(at(body, 'token', 'user', 'name')).toBe('demo');
    expect(at(body, 'token', 'OS-TRUST:trust')).toEqual({
      id,
      impersonation: true,
      trustor_user: { id: sandbox.userId('demo') },
      trustee_user: { id: sandbox.userId('jeroboam') },
    });
    const token = String(headers['x-subject-token']);
    expect((await sandbox.call('GET', '/compute/v2.1/servers', { token })).status).toBe(200);
  });

  it('without impersonation leave the trustee who they are', async () => {
    const { body } = await asTrustee(await created({ impersonation: false }));
    expect(at(body, 'token', 'user', 'name')).toBe('jeroboam');
    expect(at(body, 'token', 'project', 'name')).toBe('demo');
  });

  it('are made only by the trustor, with roles the trustor has', async () => {
    const other = await create(await sandbox.token('alt_demo', 'alt_demo'));
    expect(other.status).toBe(403);
    expect(message(other)).toBe(
      'You are not authorized to perform the requested action: identity:create_trust.',
    );
    const role = await create(demo, { roles: [{ name: 'admin' }] });
    expect(role.status).toBe(404);
    expect(message(role)).toBe('Could not find role: admin.');
    const none = await create(demo, { roles: [] });
    expect(none.status).toBe(403);
    expect(message(none)).toBe('At least one role should be specified.');
    const nobody = await create(demo, { trustee_user_id: 'nobody' });
    expect(nobody.status).toBe(404);
    expect(message(nobody)).toBe('Could not find user: nobody.');
    expect((await create(demo, { impersonation: undefined })).status).toBe(400);
  });

  it('are of use to nobody but the trustee', async () => {
    const answer = await asTrustee(await created(), 'alt_demo');
    expect(answer.status).toBe(403);
    expect(message(answer)).toBe('User is not a trustee.');
  });

  it('end with their time', async () => {
    const past = await create(demo, { expires_at: '2020-01-01T00:00:00Z' });
    expect(past.status).toBe(400);
    const id = await created({ expires_at: '2999-01-01T00:00:00Z' });
    const { trusts, directory } = sandbox.cloud.keystone;
    expect(trusts.get(id).expires_at).toBe('2999-01-01T00:00:00.000000Z');
    expect(directory.user(sandbox.userId('demo')).enabled).toBe(true);
    sandbox.cloud.documents
      .collection<ReturnType<typeof trusts.get>>('trust')
      .patch(trusts.get(id), { expires_at: '2020-01-01T00:00:00.000000Z' });
    const answer = await asTrustee(id);
    expect(answer.status).toBe(404);
    expect(message(answer)).toBe(`Could not find trust: ${id}.`);
  });

  it('are used up', async () => {
    const id = await created({ remaining_uses: 1 });
    expect((await asTrustee(id)).status).toBe(201);
    const second = await asTrustee(id);
    expect(second.status).toBe(403);
    expect(message(second)).toBe(`No remaining uses for trust: ${id}.`);
  });

  it('can be passed on, within bounds, and end with the one they came from', async () => {
    const id = await created({ allow_redelegation: true });
    const token = await trustToken(id);
    const next = await create(token, { roles: [{ name: 'member' }] });
    expect(next.status).toBe(201);
    expect(at(next.body, 'trust', 'redelegated_trust_id')).toBe(id);
    expect(at(next.body, 'trust', 'redelegation_count')).toBe(0);
    const wider = await create(token, { roles: [{ name: 'heat_stack_owner' }] });
    expect(wider.status).toBe(403);
    expect(message(wider)).toBe('Some of requested roles are not in redelegated trust');
    const last = String(at(next.body, 'trust', 'id'));
    const beyond = await create(await trustToken(last), { roles: [{ name: 'member' }] });
    expect(beyond.status).toBe(403);
    expect(message(beyond)).toBe(
      'Remaining redelegation depth of 0 out of allowed range of [0..3]',
    );
    const gone = await sandbox.call('DELETE', `${TRUSTS}/${id}`, { token });
    expect(gone.status).toBe(204);
    expect((await asTrustee(last)).status).toBe(404);
    expect((await sandbox.call('GET', '/compute/v2.1/servers', { token })).status).toBe(401);
  });

  it('give tokens that cannot be exchanged', async () => {
    const token = await trustToken(await created());
    const { status } = await sandbox.call('POST', '/identity/v3/auth/tokens', {
      body: { auth: { identity: { methods: ['token'], token: { id: token } } } },
    });
    expect(status).toBe(403);
  });

  it('cannot be made by an application credential, unrestricted or not', async () => {
    const path = `/identity/v3/users/${sandbox.userId('demo')}/application_credentials`;
    const made = await sandbox.call('POST', path, {
      token: demo,
      body: { application_credential: { name: 'robot', unrestricted: true } },
    });
    expect(made.status).toBe(201);
    const { id, secret } = at(made.body, 'application_credential') as Record<string, string>;
    const token = await sandbox.authenticate({
      methods: ['application_credential'],
      application_credential: { id, secret },
    });
    const refused = await create(token);
    expect(refused.status).toBe(403);
    expect(message(refused)).toContain("Using method 'application_credential' is not allowed");
  });

  it('are shown to their parties, listed to the trustor, and hidden from others', async () => {
    const id = await created();
    const other = await sandbox.token('alt_demo', 'alt_demo');
    expect((await sandbox.call('GET', `${TRUSTS}/${id}`, { token: other })).status).toBe(403);
    expect((await sandbox.call('GET', `${TRUSTS}/${id}`, { token: demo })).status).toBe(200);
    expect((await sandbox.call('GET', TRUSTS, { token: demo })).status).toBe(403);
    const mine = `${TRUSTS}?trustor_user_id=${sandbox.userId('demo')}`;
    const { body } = await sandbox.call('GET', mine, { token: demo });
    expect((at(body, 'trusts') as { id: string }[]).map((one) => one.id)).toContain(id);
    expect(at(body, 'trusts', 0, 'roles')).toBeUndefined();
    const foreign = await sandbox.call('DELETE', `${TRUSTS}/${id}`, { token: other });
    expect(foreign.status).toBe(403);
  });

  it('go with trustor and trustee', async () => {
    const domain = await sandbox.domainToken('jeroboam');
    const { keystone } = sandbox.cloud;
    const domainId = keystone.directory.domainNamed('jeroboam')!.id;
    const made = await sandbox.call('POST', '/identity/v3/users', {
      token: domain,
      body: { user: { name: 'trustee', password: 'p', domain_id: domainId } },
    });
    expect(made.status).toBe(201);
    const userId = String(at(made.body, 'user', 'id'));
    const id = await created({ trustee_user_id: userId });
    const token = await sandbox.authenticate(passwordOf({ id: userId }, 'p'), scope(id));
    expect(keystone.tokens.context(token)?.userName).toBe('demo');
    const path = `/identity/v3/users/${userId}`;
    expect((await sandbox.call('DELETE', path, { token: domain })).status).toBe(204);
    expect(keystone.tokens.context(token)).toBeUndefined();
    expect((await sandbox.call('GET', `${TRUSTS}/${id}`, { token: demo })).status).toBe(404);
  });
});
