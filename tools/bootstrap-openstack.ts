/**
 * Makes what the services need to be part of an OpenStack: a service account, a domain for
 * trustees with its administrator, and the catalog entry. Safe to run again. Run as an
 * administrator of the cloud (the usual OS_ variables); `--help` tells the options.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:9511/v1' },
    user: { type: 'string', default: 'jeroboam' },
    project: { type: 'string', default: 'service' },
    'trustee-domain': { type: 'string', default: 'jeroboam' },
    'trustee-admin': { type: 'string', default: 'jeroboam_domain_admin' },
    help: { type: 'boolean', default: false },
  },
});

const HELP = `npm run openstack:bootstrap -- [options]

  --url URL               where clients reach the API, with /v1 (${options.url})
  --user NAME             service account (${options.user})
  --project NAME          project of the service account (${options.project})
  --trustee-domain NAME   domain of the users that clusters' nodes are (${options['trustee-domain']})
  --trustee-admin NAME    its administrator (${options['trustee-admin']})

Environment: OS_AUTH_URL, OS_USERNAME, OS_PASSWORD, OS_PROJECT_NAME, OS_USER_DOMAIN_NAME,
OS_PROJECT_DOMAIN_NAME of an administrator, OS_REGION_NAME; NODE_EXTRA_CA_CERTS for a private CA.
JEROBOAM_SERVICE_PASSWORD and JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD set the passwords. Without
them new users get random ones and users that are there keep theirs.

Prints the environment of the services on standard output.
`;

type Json = Record<string, unknown>;

/** A resource of Keystone's: all that matters of it here. */
interface Entity {
  readonly id: string;
  readonly url?: string;
  readonly interface?: string;
}

const env = (name: string, fallback?: string): string => {
  const value = process.env[name] ?? fallback;
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
};

const authUrl = (): string =>
  env('OS_AUTH_URL')
    .replace(/\/+$/, '')
    .replace(/(\/v3)?$/, '/v3');

const authenticate = async (): Promise<string> => {
  const domain = (name: string) => ({ name: env(name, 'Default') });
  const response = await fetch(`${authUrl()}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: {
              name: env('OS_USERNAME'),
              password: env('OS_PASSWORD'),
              domain: domain('OS_USER_DOMAIN_NAME'),
            },
          },
        },
        scope: {
          project: { name: env('OS_PROJECT_NAME'), domain: domain('OS_PROJECT_DOMAIN_NAME') },
        },
      },
    }),
  });
  const token = response.headers.get('x-subject-token');
  if (!token) throw new Error(`Keystone refused ${env('OS_USERNAME')}: ${await response.text()}`);
  return token;
};

type Call = (method: string, path: string, body?: Json) => Promise<Json>;

const caller =
  (token: string): Call =>
  async (method, path, body) => {
    const response = await fetch(authUrl() + path, {
      method,
      headers: { 'x-auth-token': token, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Json);
  };

const log = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** The one of that kind with those members: found, else made. */
const ensure = async (
  call: Call,
  kind: string,
  { find, make = {} }: { find: Record<string, string>; make?: Json },
): Promise<Entity & { made: boolean }> => {
  const query = new URLSearchParams(find).toString();
  const [found] = (await call('GET', `/${kind}s?${query}`))[`${kind}s`] as Entity[];
  const label = `${kind} ${find.name ?? find.type ?? ''}`;
  if (found) {
    log(`there    ${label}`);
    return { ...found, made: false };
  }
  const created = (await call('POST', `/${kind}s`, { [kind]: { ...find, ...make } }))[kind];
  log(`made     ${label}`);
  return { ...(created as Entity), made: true };
};

/** A user with a password that is known, or `null` for one that keeps its own. */
const ensureUser = async (
  call: Call,
  find: { name: string; domain_id: string },
  wanted: string | undefined,
): Promise<{ id: string; password: string | null }> => {
  const password = wanted ?? randomBytes(18).toString('base64url');
  const user = await ensure(call, 'user', { find, make: { password } });
  if (user.made) return { id: user.id, password };
  if (wanted !== undefined) await call('PATCH', `/users/${user.id}`, { user: { password } });
  return { id: user.id, password: wanted ?? null };
};

const ensureServiceAccount = async (call: Call, roles: readonly Entity[]) => {
  const project = await ensure(call, 'project', {
    find: { name: options.project, domain_id: 'default' },
  });
  const find = { name: options.user, domain_id: 'default' };
  const user = await ensureUser(call, find, process.env.JEROBOAM_SERVICE_PASSWORD);
  for (const role of roles) {
    await call('PUT', `/projects/${project.id}/users/${user.id}/roles/${role.id}`);
  }
  return user.password;
};

const ensureTrusteeDomain = async (call: Call, admin: Entity) => {
  const domain = await ensure(call, 'domain', { find: { name: options['trustee-domain'] } });
  const find = { name: options['trustee-admin'], domain_id: domain.id };
  const wanted = process.env.JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD;
  const user = await ensureUser(call, find, wanted);
  await call('PUT', `/domains/${domain.id}/users/${user.id}/roles/${admin.id}`);
  return user.password;
};

const ensureCatalog = async (call: Call, region: string) => {
  const find = { type: 'container-infra' };
  const service = await ensure(call, 'service', { find, make: { name: 'jeroboam' } });
  const query = `service_id=${service.id}&region_id=${region}`;
  const { endpoints } = await call('GET', `/endpoints?${query}`);
  for (const side of ['public', 'internal', 'admin']) {
    const wanted = { service_id: service.id, interface: side, url: options.url, region_id: region };
    const found = (endpoints as Entity[]).find((endpoint) => endpoint.interface === side);
    if (!found) await call('POST', '/endpoints', { endpoint: wanted });
    else if (found.url !== options.url) {
      await call('PATCH', `/endpoints/${found.id}`, { endpoint: { url: options.url } });
    }
    log(`endpoint ${side} ${options.url}`);
  }
};

const quoted = (text: string): string =>
  /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

const secretLine = (name: string, password: string | null): string =>
  password === null ? `# ${name} is as it was` : `${name}=${quoted(password)}`;

const bootstrap = async (): Promise<void> => {
  const region = env('OS_REGION_NAME', 'RegionOne');
  const call = caller(await authenticate());
  const admin = await ensure(call, 'role', { find: { name: 'admin' } });
  const service = await ensure(call, 'role', { find: { name: 'service' } });
  const password = await ensureServiceAccount(call, [admin, service]);
  const trusteePassword = await ensureTrusteeDomain(call, admin);
  await ensureCatalog(call, region);
  process.stdout.write(
    [
      `OS_AUTH_URL=${quoted(authUrl())}`,
      `OS_USERNAME=${quoted(options.user)}`,
      secretLine('OS_PASSWORD', password),
      `OS_PROJECT_NAME=${quoted(options.project)}`,
      'OS_USER_DOMAIN_NAME=Default',
      'OS_PROJECT_DOMAIN_NAME=Default',
      `OS_REGION_NAME=${quoted(region)}`,
      `JEROBOAM_TRUSTEE_DOMAIN_NAME=${quoted(options['trustee-domain'])}`,
      `JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME=${quoted(options['trustee-admin'])}`,
      secretLine('JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD', trusteePassword),
      '',
    ].join('\n'),
  );
};

if (options.help) process.stdout.write(HELP);
else {
  await bootstrap().catch((error: unknown) => {
    log(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
