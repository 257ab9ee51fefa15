import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUTH_URL, HOME } from './layout.ts';

/** Users of the sandbox, each with a project of the same name. */
const USERS = ['admin', 'demo', 'alt_demo'] as const;

/**
 * Writes `openrc` and `clouds.yaml` for the `openstack` client.
 *
 * @returns path of the openrc
 */
export const writeCredentials = (password: string): string => {
  mkdirSync(HOME, { recursive: true });
  const openrc = join(HOME, 'openrc');
  writeFileSync(openrc, openrcOf(password), { mode: 0o600 });
  writeFileSync(join(HOME, 'clouds.yaml'), cloudsOf(password), { mode: 0o600 });
  return openrc;
};

const openrcOf = (password: string): string =>
  `# Source it: the administrator of the sandbox. As a plain user: JEROBOAM_AS=demo . ${join(HOME, 'openrc')}
unset OS_CLOUD OS_TOKEN OS_TRUST_ID OS_SYSTEM_SCOPE
export OS_AUTH_TYPE=password OS_IDENTITY_API_VERSION=3
export OS_AUTH_URL=${AUTH_URL} OS_REGION_NAME=RegionOne OS_INTERFACE=public
export OS_USERNAME=\${JEROBOAM_AS:-admin} OS_PROJECT_NAME=\${JEROBOAM_AS:-admin} OS_PASSWORD=${password}
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
`;

const cloudsOf = (password: string): string =>
  `# For OS_CLIENT_CONFIG_FILE: \`openstack --os-cloud jeroboam …\` is the administrator.
clouds:
${USERS.map((user) => cloudOf(user, password)).join('')}`;

const cloudOf = (user: string, password: string): string =>
  `  ${user === 'admin' ? 'jeroboam' : `jeroboam-${user.replace('_', '-')}`}:
    region_name: RegionOne
    interface: public
    identity_api_version: 3
    auth:
      auth_url: ${AUTH_URL}
      username: ${user}
      password: ${password}
      project_name: ${user}
      user_domain_name: Default
      project_domain_name: Default
`;

/** Key from which the passwords of the clusters' trustees are derived. Made once, kept from then on. */
export const secretKey = (): string => {
  const file = join(HOME, 'secret.key');
  mkdirSync(HOME, { recursive: true });
  if (!existsSync(file))
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
};
