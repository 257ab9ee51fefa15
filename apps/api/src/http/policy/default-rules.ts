/** A rule as the service ships it. */
export interface DefaultRule {
  readonly name: string;
  readonly check: string;
  /** Only tokens of a project pass; those of a domain or the system do not. */
  readonly projectOnly: boolean;
  /** Holds as well while older defaults are still honoured. */
  readonly deprecatedCheck?: string;
  /** Older name: what a policy file says under it counts for this rule. */
  readonly deprecatedName?: string;
}

const block = (name: string, check: string, deprecatedCheck?: string): DefaultRule => ({
  name,
  check,
  projectOnly: false,
  ...(deprecatedCheck === undefined ? {} : { deprecatedCheck }),
});

const admin = 'rule:context_is_admin';
const owner = 'rule:admin_or_owner';
const ownerNotCluster = 'rule:admin_or_owner and rule:deny_cluster_user';
const userOrCluster = 'rule:admin_or_user_or_cluster_user';

/** What the rules of operations are made of. */
const blocks: readonly DefaultRule[] = [
  block('context_is_admin', 'role:admin'),
  block('admin_api', admin),
  block('admin_or_owner', 'is_admin:True or project_id:%(project_id)s'),
  block('admin_or_user', 'is_admin:True or user_id:%(user_id)s'),
  block('is_user', 'user_id:%(user_id)s'),
  block('cluster_user', 'user_id:%(trustee_user_id)s'),
  block('deny_cluster_user', 'not domain_id:%(trustee_domain_id)s'),
  block('user_or_cluster_user', 'rule:is_user or rule:cluster_user'),
  block('admin_or_user_or_cluster_user', `${admin} or rule:user_or_cluster_user`),
  block('project_member', 'role:member and project_id:%(project_id)s'),
  block('project_reader', 'role:reader and project_id:%(project_id)s'),
  block('admin_or_project_reader', `${admin} or rule:project_reader`, owner),
  block('admin_or_project_member', `${admin} or rule:project_member`, owner),
  ...['member', 'reader'].flatMap((role) => [
    block(
      `admin_or_project_${role}_user`,
      `${admin} or (rule:project_${role} and rule:is_user)`,
      'rule:admin_or_user',
    ),
    block(
      `admin_or_project_${role}_user_or_cluster_user`,
      `rule:admin_or_project_${role}_user or (rule:project_${role} and rule:cluster_user)`,
      userOrCluster,
    ),
    block(
      `project_${role}_deny_cluster_user`,
      `rule:project_${role} and rule:deny_cluster_user`,
      ownerNotCluster,
    ),
    block(
      `admin_or_project_${role}_deny_cluster_user`,
      `${admin} or rule:project_${role}_deny_cluster_user`,
      ownerNotCluster,
    ),
  ]),
  block(
    'admin_or_project_member_cluster_user',
    `${admin} or (rule:project_member and rule:cluster_user)`,
  ),
];

const operations =
  (check: string, projectOnly: boolean) =>
  (resource: string, ...names: readonly string[]): readonly DefaultRule[] =>
    names.map((name) => ({
      name: `${resource}:${name}`,
      check,
      projectOnly,
      ...olderName(resource, name),
    }));

/** Rules of the routes that bear the older names: there were none for what came later. */
const older: Readonly<Record<string, { readonly resource: string; readonly names: string[] }>> = {
  cluster: { resource: 'bay', names: ['create', 'delete', 'detail', 'get', 'get_all', 'update'] },
  clustertemplate: {
    resource: 'baymodel',
    names: ['create', 'delete', 'detail', 'get', 'get_all', 'update', 'publish'],
  },
};

const olderName = (resource: string, name: string): Pick<DefaultRule, 'deprecatedName'> => {
  const of = older[resource];
  return of?.names.includes(name) ? { deprecatedName: `${of.resource}:${name}` } : {};
};

const reader = operations('rule:admin_or_project_reader_deny_cluster_user', true);
const member = operations('rule:admin_or_project_member_deny_cluster_user', true);
const writingUser = operations('rule:admin_or_project_member_user_or_cluster_user', true);
// The cluster's own user has no role, as its token is not for a project.
const certificates = (role: string) =>
  operations(`rule:admin_or_project_${role}_user_or_cluster_user or rule:cluster_user`, true);
const memberOnly = operations('rule:project_member_deny_cluster_user', true);
const forAdmin = operations(admin, false);

/** What each operation needs. Those that end in `_all_projects` open other projects to an admin. */
const perOperation: readonly DefaultRule[] = [
  ...member('clustertemplate', 'create', 'update', 'delete'),
  ...reader('clustertemplate', 'get', 'get_all', 'detail'),
  ...forAdmin('clustertemplate', 'publish', 'get_one_all_projects', 'get_all_all_projects'),
  ...forAdmin(
    'clustertemplate',
    'detail_all_projects',
    'update_all_projects',
    'delete_all_projects',
  ),

  ...member('cluster', 'create', 'update', 'delete', 'resize', 'upgrade'),
  ...reader('cluster', 'get', 'get_all', 'detail'),
  ...writingUser('cluster', 'update_health_status'),
  ...forAdmin('cluster', 'get_one_all_projects', 'get_all_all_projects', 'detail_all_projects'),
  ...forAdmin('cluster', 'update_all_projects', 'delete_all_projects', 'upgrade_all_projects'),
  ...forAdmin('cluster', 'resize_all_projects'),

  ...reader('nodegroup', 'get', 'get_all'),
  ...member('nodegroup', 'create', 'update', 'delete'),
  ...forAdmin('nodegroup', 'get_one_all_projects', 'get_all_all_projects', 'create_all_projects'),
  ...forAdmin('nodegroup', 'update_all_projects', 'delete_all_projects'),

  ...certificates('reader')('certificate', 'get'),
  ...certificates('member')('certificate', 'create'),
  ...member('certificate', 'rotate_ca'),
  ...forAdmin('certificate', 'get_all_projects', 'create_all_projects', 'rotate_ca_all_projects'),

  ...memberOnly('credential', 'rotate'),
  ...forAdmin('credential', 'rotate_all_projects'),

  ...member('federation', 'create', 'update', 'delete'),
  ...reader('federation', 'get', 'get_all', 'detail'),

  ...reader('quota', 'get'),
  ...forAdmin('quota', 'get_all', 'create', 'update', 'delete'),
  ...reader('stats', 'get_all'),
  ...forAdmin('magnum-service', 'get_all'),
];

export const defaultRules: readonly DefaultRule[] = [...blocks, ...perOperation];
