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

const owner = 'rule:admin_or_owner';
const ownerNotCluster = 'rule:admin_or_owner and rule:deny_cluster_user';
const userOrCluster = 'rule:admin_or_user or rule:cluster_user';

/** What the rules of operations are made of. */
const blocks: readonly DefaultRule[] = [
  block('context_is_admin', 'role:admin'),
  block('admin_api', 'rule:context_is_admin'),
  block('admin_or_owner', 'is_admin:True or project_id:%(project_id)s'),
  block('admin_or_user', 'is_admin:True or user_id:%(user_id)s'),
  block('is_user', 'user_id:%(user_id)s'),
  block('cluster_user', 'user_id:%(trustee_user_id)s'),
  block('deny_cluster_user', 'not domain_id:%(trustee_domain_id)s'),
  block('user_or_cluster_user', 'rule:is_user or rule:cluster_user'),
  block('project_member', 'role:member and project_id:%(project_id)s'),
  block('project_reader', 'role:reader and project_id:%(project_id)s'),
  block('admin_or_project_reader', 'rule:context_is_admin or rule:project_reader', owner),
  block('admin_or_project_member', 'rule:context_is_admin or rule:project_member', owner),
  block(
    'admin_or_project_member_user',
    'rule:context_is_admin or (rule:project_member and rule:user_or_cluster_user)',
    userOrCluster,
  ),
  block(
    'admin_or_project_reader_user',
    'rule:context_is_admin or (rule:project_reader and rule:user_or_cluster_user)',
    userOrCluster,
  ),
  block('admin_or_project_member_user_or_cluster_user', 'rule:admin_or_project_member_user'),
  block('admin_or_project_reader_user_or_cluster_user', 'rule:admin_or_project_reader_user'),
  block('project_member_deny_cluster_user', 'rule:project_member and rule:deny_cluster_user'),
  block('project_reader_deny_cluster_user', 'rule:project_reader and rule:deny_cluster_user'),
  block(
    'admin_or_project_member_deny_cluster_user',
    'rule:context_is_admin or rule:project_member_deny_cluster_user',
    ownerNotCluster,
  ),
  block(
    'admin_or_project_reader_deny_cluster_user',
    'rule:context_is_admin or rule:project_reader_deny_cluster_user',
    ownerNotCluster,
  ),
];

const operations =
  (check: string, projectOnly: boolean) =>
  (resource: string, ...names: readonly string[]): readonly DefaultRule[] =>
    names.map((name) => ({ name: `${resource}:${name}`, check, projectOnly }));

const reader = operations('rule:admin_or_project_reader_deny_cluster_user', true);
const member = operations('rule:admin_or_project_member_deny_cluster_user', true);
const readingUser = operations('rule:admin_or_project_reader_user', true);
const writingUser = operations('rule:admin_or_project_member_user', true);
const memberOnly = operations('rule:project_member_deny_cluster_user', true);
const admin = operations('rule:context_is_admin', false);

/** What each operation needs. Those that end in `_all_projects` open other projects to an admin. */
const perOperation: readonly DefaultRule[] = [
  ...member('clustertemplate', 'create', 'update', 'delete'),
  ...reader('clustertemplate', 'get', 'get_all', 'detail'),
  ...admin('clustertemplate', 'publish', 'get_one_all_projects', 'get_all_all_projects'),
  ...admin('clustertemplate', 'detail_all_projects', 'update_all_projects', 'delete_all_projects'),

  ...member('cluster', 'create', 'update', 'delete', 'resize', 'upgrade'),
  ...reader('cluster', 'get', 'get_all', 'detail'),
  ...writingUser('cluster', 'update_health_status'),
  ...admin('cluster', 'get_one_all_projects', 'get_all_all_projects', 'detail_all_projects'),
  ...admin('cluster', 'update_all_projects', 'delete_all_projects', 'upgrade_all_projects'),
  ...admin('cluster', 'resize_all_projects'),

  ...reader('nodegroup', 'get', 'get_all'),
  ...member('nodegroup', 'create', 'update', 'delete'),
  ...admin('nodegroup', 'get_one_all_projects', 'get_all_all_projects', 'create_all_projects'),
  ...admin('nodegroup', 'update_all_projects', 'delete_all_projects'),

  ...readingUser('certificate', 'get'),
  ...writingUser('certificate', 'create'),
  ...member('certificate', 'rotate_ca'),
  ...admin('certificate', 'get_all_projects', 'create_all_projects', 'rotate_ca_all_projects'),

  ...memberOnly('credential', 'rotate'),
  ...admin('credential', 'rotate_all_projects'),

  ...member('federation', 'create', 'update', 'delete'),
  ...reader('federation', 'get', 'get_all', 'detail'),

  ...reader('quota', 'get'),
  ...admin('quota', 'get_all', 'create', 'update', 'delete'),
  ...reader('stats', 'get_all'),
  ...admin('magnum-service', 'get_all'),
];

export const defaultRules: readonly DefaultRule[] = [...blocks, ...perOperation];
