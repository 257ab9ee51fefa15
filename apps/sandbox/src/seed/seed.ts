import type { Cloud, Owner } from '../cloud.js';
import { hashed, matches } from '../keystone/passwords.js';
import type { Role } from '../keystone/types.js';
import { seedResources } from './resources.js';
import { SERVICES } from '../http/services.js';
import { hexId } from '../time.js';

const ROLES = [
  'admin',
  'member',
  'reader',
  'service',
  'creator',
  'observer',
  'audit',
  'key-manager:service-admin',
  'heat_stack_owner',
  'heat_stack_user',
  'load-balancer_member',
  'load-balancer_admin',
];

const USER_ROLES = ['member', 'reader', 'creator', 'heat_stack_owner', 'load-balancer_member'];
const ADMIN_ROLES = [
  'admin',
  'member',
  'reader',
  'creator',
  'heat_stack_owner',
  'load-balancer_admin',
];

interface SeededUser {
  readonly name: string;
  readonly project: string;
  readonly roles: readonly string[];
}

const USERS: readonly SeededUser[] = [
  { name: 'admin', project: 'admin', roles: ADMIN_ROLES },
  { name: 'demo', project: 'demo', roles: USER_ROLES },
  { name: 'alt_demo', project: 'alt_demo', roles: USER_ROLES },
  { name: 'demo_reader', project: 'demo', roles: ['reader'] },
  { name: 'jeroboam', project: 'service', roles: ['admin', 'service'] },
];

/** Domains, and the user who administers each. */
const DOMAINS = [
  ['heat', 'heat_domain_admin'],
  ['jeroboam', 'jeroboam_domain_admin'],
] as const;

/** Brings in what a fresh cloud has and is not there yet; the password follows the settings. */
export const seed = (cloud: Cloud): void => {
  cloud.documents.transaction(() => {
    const roles = new Map(ROLES.map((name) => [name, ensureRole(cloud, name)]));
    const { directory } = cloud.keystone;
    if (!directory.domains.get('default'))
      directory.createDomain('Default', 'The default domain', 'default');
    for (const name of ['admin', 'demo', 'alt_demo', 'service']) ensureProject(cloud, name);
    for (const user of USERS) seedUser(cloud, user, roles);
    for (const [name, admin] of DOMAINS) seedDomain(cloud, { name, admin, roles });
    seedCatalog(cloud);
    const owners = new Map<string, Owner>();
    for (const { name, project } of USERS.slice(0, 3))
      owners.set(name, ownerOf(cloud, name, project));
    seedResources(cloud, owners);
  });
};

const ensureRole = ({ keystone }: Cloud, name: string): Role =>
  keystone.directory.roleNamed(name) ?? keystone.directory.createRole(name);

const ensureProject = ({ keystone }: Cloud, name: string): void => {
  if (keystone.directory.projectNamed(name, 'default')) return;
  const description = name === 'admin' ? 'Bootstrap project for initializing the cloud.' : '';
  keystone.directory.createProject({
    name,
    domain_id: 'default',
    description,
    parent_id: 'default',
  });
};

const ensureUser = ({ keystone, settings }: Cloud, name: string, domainId: string): string => {
  const { directory } = keystone;
  const known = directory.userNamed(name, domainId);
  if (!known) {
    const email = `${name}@sandbox.invalid`;
    return directory.createUser({ name, domain_id: domainId, password: settings.password, email })
      .id;
  }
  if (!matches(settings.password, known.password_hash))
    directory.users.patch(known, { password_hash: hashed(settings.password) });
  return known.id;
};

const seedUser = (cloud: Cloud, user: SeededUser, roles: ReadonlyMap<string, Role>): void => {
  const { directory } = cloud.keystone;
  const id = ensureUser(cloud, user.name, 'default');
  const project = directory.projectNamed(user.project, 'default');
  for (const name of user.roles) {
    const role = roles.get(name);
    if (role && project) directory.grant(id, role.id, `project:${project.id}`);
    if (role && name === 'admin') directory.grant(id, role.id, 'system');
  }
};

const seedDomain = (
  cloud: Cloud,
  wish: { name: string; admin: string; roles: ReadonlyMap<string, Role> },
): void => {
  const { directory } = cloud.keystone;
  const domain = directory.domainNamed(wish.name) ?? directory.createDomain(wish.name);
  const role = wish.roles.get('admin');
  if (role)
    directory.grant(ensureUser(cloud, wish.admin, domain.id), role.id, `domain:${domain.id}`);
};

const ownerOf = ({ keystone }: Cloud, user: string, project: string): Owner => ({
  userId: keystone.directory.userNamed(user, 'default')?.id ?? '',
  projectId: keystone.directory.projectNamed(project, 'default')?.id ?? '',
});

const seedCatalog = (cloud: Cloud): void => {
  for (const { name, types, prefix, version } of SERVICES)
    for (const type of types)
      ensureService(cloud, { name, type, url: `$(base_url)s${prefix}${version}` });
  ensureService(cloud, {
    name: 'jeroboam',
    type: 'container-infra',
    url: '$(container_infra_url)s',
  });
};

const ensureService = (
  cloud: Cloud,
  wish: { readonly name: string; readonly type: string; readonly url: string },
): void => {
  const { services, endpoints } = cloud.keystone.directory;
  if (services.where('type', wish.type).length > 0) return;
  const id = hexId();
  services.put({ id, name: wish.name, type: wish.type, description: '', enabled: true });
  for (const face of ['public', 'internal', 'admin'])
    endpoints.put({
      id: hexId(),
      service_id: id,
      interface: face,
      region_id: cloud.settings.region,
      url: wish.url,
      enabled: true,
    });
};
