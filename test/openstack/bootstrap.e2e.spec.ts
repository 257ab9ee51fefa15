import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, jest, test } from '@jest/globals';

/** The documented set-up of any cloud. Only with JEROBOAM_REAL_CLOUD=1, on one made by up.sh. */
const { JEROBOAM_REAL_CLOUD, OS_AUTH_URL, OS_PASSWORD } = process.env;

const script = fileURLToPath(new URL('../../tools/bootstrap-openstack.ts', import.meta.url));
const authUrl = OS_AUTH_URL ?? 'http://127.0.0.1:5000/v3';
const password = OS_PASSWORD ?? 'sandbox';
const id = randomUUID().slice(0, 8);

const bootstrap = async (settings: Record<string, string> = {}): Promise<string[]> => {
  const names = ['--user', `svc-${id}`, '--trustee-domain', `trust-${id}`];
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...names], {
    env: {
      PATH: process.env.PATH,
      OS_AUTH_URL: authUrl,
      OS_USERNAME: 'admin',
      OS_PASSWORD: password,
      OS_PROJECT_NAME: 'admin',
      ...settings,
    },
  });
  return stdout.trim().split('\n');
};

const valueOf = (lines: readonly string[], name: string): string =>
  lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';

interface SignIn {
  readonly user: string;
  readonly domain: string;
  readonly secret: string;
  readonly scope: object;
}

const signIn = async ({ user, domain, secret, scope }: SignIn) => {
  const response = await fetch(`${authUrl}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: user, password: secret, domain: { name: domain } } },
        },
        scope,
      },
    }),
  });
  const body = (await response.json()) as { token?: { roles: { name: string }[] } };
  return {
    status: response.status,
    token: response.headers.get('x-subject-token') ?? '',
    roles: (body.token?.roles ?? []).map(({ name }) => name).sort(),
  };
};

const project = (name: string) => ({ project: { name, domain: { name: 'Default' } } });

const takeAway = async (): Promise<void> => {
  const scope = project('admin');
  const { token } = await signIn({ user: 'admin', domain: 'Default', secret: password, scope });
  const call = async (method: string, path: string, body?: object) =>
    await fetch(authUrl + path, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const found = async (kind: string, name: string) => {
    const answer = (await (await call('GET', `/${kind}?name=${name}`)).json()) as Record<
      string,
      { id: string }[]
    >;
    return answer[kind] ?? [];
  };
  for (const user of await found('users', `svc-${id}`)) await call('DELETE', `/users/${user.id}`);
  for (const domain of await found('domains', `trust-${id}`)) {
    await call('PATCH', `/domains/${domain.id}`, { domain: { enabled: false } });
    await call('DELETE', `/domains/${domain.id}`);
  }
};

const suite = (): void => {
  afterAll(takeAway);
  jest.setTimeout(60_000);

  test('makes accounts that work, and changes nothing the second time', async () => {
    const first = await bootstrap();
    expect(valueOf(first, 'OS_USERNAME')).toBe(`svc-${id}`);
    const service = {
      user: `svc-${id}`,
      domain: 'Default',
      secret: valueOf(first, 'OS_PASSWORD'),
      scope: project('service'),
    };
    expect(await signIn(service)).toMatchObject({
      status: 201,
      roles: expect.arrayContaining(['admin', 'service']),
    });
    const trustees = {
      user: 'jeroboam_domain_admin',
      domain: `trust-${id}`,
      secret: valueOf(first, 'JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD'),
      scope: { domain: { name: `trust-${id}` } },
    };
    expect(await signIn(trustees)).toMatchObject({
      status: 201,
      roles: expect.arrayContaining(['admin']),
    });

    const second = await bootstrap();
    expect(second).toContain('# OS_PASSWORD is as it was');
    expect(await signIn(service)).toMatchObject({ status: 201 });
  });

  test('sets a password that is given', async () => {
    const lines = await bootstrap({ JEROBOAM_SERVICE_PASSWORD: "it's new" });
    expect(lines).toContain(`OS_PASSWORD='it'\\''s new'`);
    const service = { user: `svc-${id}`, domain: 'Default', secret: "it's new" };
    expect(await signIn({ ...service, scope: project('service') })).toMatchObject({ status: 201 });
  });

  test('says what is wrong in a line', async () => {
    await expect(bootstrap({ OS_PASSWORD: 'wrong' })).rejects.toThrow('Keystone refused admin');
  });
};

if (JEROBOAM_REAL_CLOUD === '1') describe('setting up a cloud', suite);
else it.todo('setting up a cloud: only with JEROBOAM_REAL_CLOUD=1');
