import { categoryOf } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader, type Scalar } from '@jeroboam/eventing/row-store';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import {
  isPresent,
  masters,
  sizeOf,
  workers,
  type PresentCluster,
} from '@jeroboam/domain/cluster/state';
import { page, parsed, type PageQuery, type SortKeys } from './page.js';

/** A cluster as its decider sees it. */
export type ClusterRow = PresentCluster;

/** What a list of clusters shows of each. */
export interface ClusterSummary {
  readonly uuid: string;
  readonly name: string;
  readonly templateId: string;
  readonly keypair: string | null;
  readonly nodeCount: number;
  readonly masterCount: number;
  readonly dockerVolumeSize: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly masterFlavorId: string | null;
  readonly flavorId: string | null;
  readonly createTimeoutMinutes: number;
  readonly stackId: string | null;
  readonly status: string;
  readonly healthStatus: string | null;
}

/** All clusters of all projects, by uuid. A deleted one is not there. */
export const clusters: View<ClusterRow> = {
  name: 'clusters.v1',
  categories: ['cluster'],
  columns: {
    project_id: 'TEXT',
    user_id: 'TEXT',
    name: 'TEXT',
    template_id: 'TEXT',
    status: 'TEXT',
    node_count: 'INTEGER',
    summary: 'JSON',
  },
  keys: ({ stream }) => (categoryOf(stream) === 'cluster' ? [stream.slice('cluster-'.length)] : []),
  evolve(row, event) {
    const after = evolve(row ?? { status: 'absent' }, event as Message as ClusterEvent);
    return isPresent(after) ? after : null;
  },
  index: (row) => ({
    project_id: row.spec.projectId,
    user_id: row.spec.userId,
    name: row.spec.name,
    template_id: row.spec.template.uuid,
    status: row.status,
    node_count: sizeOf(row.nodegroups),
    summary: JSON.stringify(summaryOf(row)),
  }),
};

/** What lists show of the cluster. */
export const summaryOf = (row: ClusterRow): ClusterSummary => ({
  uuid: row.spec.uuid,
  name: row.spec.name,
  templateId: row.spec.template.uuid,
  keypair: row.spec.keypair,
  nodeCount: sizeOf(workers(row)),
  masterCount: sizeOf(masters(row)),
  dockerVolumeSize: row.spec.dockerVolumeSize,
  labels: row.spec.labels,
  masterFlavorId: row.spec.masterFlavorId,
  flavorId: row.spec.flavorId,
  createTimeoutMinutes: row.spec.createTimeoutMinutes,
  stackId: row.stackId,
  status: row.status,
  healthStatus: row.healthStatus,
});

const TABLE = tableOf(clusters.name);

/** Sort keys of the API, with the SQL that gives their value. */
export const CLUSTER_SORT_KEYS: SortKeys = {
  id: 'seq',
  uuid: 'key',
  project_id: 'project_id',
  user_id: 'user_id',
  name: 'name',
  cluster_template_id: 'template_id',
  status: 'status',
  keypair: `json_extract(body, '$.spec.keypair')`,
  docker_volume_size: `json_extract(body, '$.spec.dockerVolumeSize')`,
  labels: `json_extract(body, '$.spec.labels')`,
  master_flavor_id: `json_extract(body, '$.spec.masterFlavorId')`,
  flavor_id: `json_extract(body, '$.spec.flavorId')`,
  stack_id: `json_extract(body, '$.stackId')`,
  api_address: `json_extract(body, '$.apiAddress')`,
  status_reason: `json_extract(body, '$.statusReason')`,
  health_status: `json_extract(body, '$.healthStatus')`,
  health_status_reason: `json_extract(body, '$.healthReason')`,
  create_timeout: `json_extract(body, '$.spec.createTimeoutMinutes')`,
  discovery_url: `json_extract(body, '$.discoveryUrl')`,
  coe_version: `json_extract(body, '$.coeVersion')`,
  container_version: `json_extract(body, '$.containerVersion')`,
  // Authorities are kept by their service: no cluster has a reference, and all sort alike.
  ca_cert_ref: 'NULL',
  magnum_cert_ref: 'NULL',
  etcd_ca_cert_ref: 'NULL',
  front_proxy_ca_cert_ref: 'NULL',
  fixed_network: `json_extract(body, '$.spec.fixedNetwork')`,
  fixed_subnet: `json_extract(body, '$.spec.fixedSubnet')`,
  floating_ip_enabled: `json_extract(body, '$.spec.floatingIpEnabled')`,
  master_lb_enabled: `json_extract(body, '$.spec.masterLbEnabled')`,
  created_at: `json_extract(body, '$.createdAt')`,
  updated_at: `json_extract(body, '$.updatedAt')`,
};

/** Whose things are looked at: a project's, a user's (for a token without a project), or everybody's. */
export interface Scope {
  readonly projectId?: string;
  readonly userId?: string;
}

/** A row with its number, which grows with the order of creation. */
export interface Numbered<Row> {
  readonly seq: number;
  readonly row: Row;
}

/** The conditions of a scope, for tables with `project_id` and `user_id`. */
export const within = ({ projectId, userId }: Scope): readonly (readonly [string, Scalar])[] => {
  if (projectId !== undefined) return [['project_id = ?', projectId]];
  return userId === undefined ? [] : [['user_id = ?', userId]];
};

/** One page of summaries. */
export const listClusterSummaries = (
  reader: RowReader,
  scope: Scope,
  query: PageQuery,
): readonly ClusterSummary[] =>
  page(
    reader,
    { table: TABLE, select: 'summary', where: within(scope), sortKeys: CLUSTER_SORT_KEYS },
    query,
  ).map(
    // What stands in the column was written by `index`.
    ({ summary }) => parsed(summary) as ClusterSummary,
  );

/** One page of clusters, whole. */
export const listClusters = (
  reader: RowReader,
  scope: Scope,
  query: PageQuery,
): readonly Numbered<ClusterRow>[] =>
  page(
    reader,
    { table: TABLE, select: 'seq, body', where: within(scope), sortKeys: CLUSTER_SORT_KEYS },
    query,
  ).map(numbered);

/** The cluster of that uuid; `null` when it is not there or out of scope. */
export const clusterByUuid = (
  reader: RowReader,
  scope: Scope,
  uuid: string,
): Numbered<ClusterRow> | null => first(find(reader, [['key = ?', uuid], ...within(scope)]));

/** Clusters of that name: more than one makes the name ambiguous. At most two are given. */
export const clustersByName = (
  reader: RowReader,
  scope: Scope,
  name: string,
): readonly Numbered<ClusterRow>[] => find(reader, [['name = ?', name], ...within(scope)]);

/** How many clusters, of any project, were made from the template. */
export const countClustersOfTemplate = (reader: RowReader, templateId: string): number =>
  Number(
    reader.all(`SELECT count(*) AS n FROM ${TABLE} WHERE template_id = ?`, [templateId])[0]?.[
      'n'
    ] ?? 0,
  );

/**
 * Whether a project has so many clusters or more. It is asked for each creation, so it looks at no more
 * than those, and at none where there have never been so many in all.
 */
export const hasClusters = (reader: RowReader, projectId: string, atLeast: number): boolean => {
  if (atLeast <= 0) return true;
  const ofProject = `SELECT 1 FROM ${TABLE} WHERE project_id = ? LIMIT 1 OFFSET ?`;
  const [row] = reader.all(
    `SELECT CASE WHEN (SELECT max(seq) FROM ${TABLE}) >= ? THEN (${ofProject}) END AS found`,
    [atLeast, projectId, atLeast - 1],
  );
  return row?.['found'] === 1;
};

/** Clusters and nodes (masters included), of one project or of all. */
export const countClusters = (
  reader: RowReader,
  projectId: string | null,
): { readonly clusters: number; readonly nodes: number } => {
  const where = projectId === null ? '' : 'WHERE project_id = ?';
  const [row] = reader.all(
    `SELECT count(*) AS clusters, coalesce(sum(node_count), 0) AS nodes FROM ${TABLE} ${where}`,
    projectId === null ? [] : [projectId],
  );
  return { clusters: Number(row?.['clusters'] ?? 0), nodes: Number(row?.['nodes'] ?? 0) };
};

/** Clusters with an operation in hand, or that a health check may look at. */
export const clustersInStatus = (
  reader: RowReader,
  statuses: readonly string[],
): readonly Numbered<ClusterRow>[] =>
  reader
    .all(
      `SELECT seq, body FROM ${TABLE} WHERE status IN (${statuses.map(() => '?').join(', ')}) ORDER BY seq`,
      statuses,
    )
    .map(numbered);

const find = (
  reader: RowReader,
  conditions: readonly (readonly [string, Scalar])[],
): readonly Numbered<ClusterRow>[] =>
  reader
    .all(
      `SELECT seq, body FROM ${TABLE} WHERE ${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY seq LIMIT 2`,
      conditions.map(([, value]) => value),
    )
    .map(numbered);

const numbered = (row: Readonly<Record<string, Scalar>>): Numbered<ClusterRow> => ({
  seq: Number(row['seq']),
  row: parsed(row['body']) as ClusterRow,
});

const first = <T>(items: readonly T[]): T | null => items[0] ?? null;
