import { categoryOf } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader, type Scalar } from '@jeroboam/eventing/row-store';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { within, type Scope } from './clusters.js';
import { page, parsed } from './page.js';

/** A cluster that is, or was. */
export interface ClusterIdRow {
  readonly uuid: string;
  readonly projectId: string;
  readonly userId: string;
  /** ISO-8601. */
  readonly requestedAt: string;
  /** ISO-8601; `null` while it is there. */
  readonly deletedAt: string | null;
}

const uuidOf = (stream: string): string => stream.slice('cluster-'.length);

/** All clusters there ever were, for questions about the past: their streams tell the rest. */
export const clusterIds: View<ClusterIdRow> = {
  name: 'cluster-ids.v1',
  categories: ['cluster'],
  columns: {
    project_id: 'TEXT',
    user_id: 'TEXT',
    requested_ms: 'INTEGER',
    deleted_ms: 'INTEGER',
  },
  keys: ({ stream, type }) =>
    categoryOf(stream) === 'cluster' && (type === 'ClusterRequested' || type === 'ClusterDeleted')
      ? [uuidOf(stream)]
      : [],
  evolve(row, recorded) {
    const event = recorded as Message as ClusterEvent;
    if (event.type === 'ClusterRequested') {
      const { projectId, userId } = event.data.cluster;
      const uuid = uuidOf(recorded.stream);
      return row ?? { uuid, projectId, userId, requestedAt: event.data.at, deletedAt: null };
    }
    if (event.type !== 'ClusterDeleted' || row === null) return row;
    return { ...row, deletedAt: row.deletedAt ?? event.data.at };
  },
  index: ({ projectId, userId, requestedAt, deletedAt }) => ({
    project_id: projectId,
    user_id: userId,
    requested_ms: Date.parse(requestedAt),
    deleted_ms: deletedAt === null ? null : Date.parse(deletedAt),
  }),
};

const TABLE = tableOf(clusterIds.name);

/** The cluster of that uuid, deleted or not; `null` when it never was, or is out of scope. */
export const knownCluster = (
  reader: RowReader,
  scope: Scope,
  uuid: string,
): ClusterIdRow | null => {
  const conditions: readonly (readonly [string, Scalar])[] = [['key = ?', uuid], ...within(scope)];
  const [row] = reader.all(
    `SELECT body FROM ${TABLE} WHERE ${conditions.map(([sql]) => sql).join(' AND ')}`,
    conditions.map(([, value]) => value),
  );
  return row ? (parsed(row['body']) as ClusterIdRow) : null;
};

export interface IdsAt {
  /** In ms since 1970. */
  readonly atMs: number;
  readonly sortDir: 'asc' | 'desc';
  /** Uuid after which the page begins. */
  readonly markerKey: string | null;
  /** -1: all. */
  readonly limit: number;
}

/** Uuids of the clusters there were at that time, by age. */
export const clusterIdsAt = (
  reader: RowReader,
  scope: Scope,
  { atMs, ...query }: IdsAt,
): readonly string[] => {
  const where: readonly (readonly [string, Scalar])[] = [
    ...within(scope),
    ['requested_ms <= ?', atMs],
    ['coalesce(deleted_ms, 1e18) > ?', atMs],
  ];
  return page(
    reader,
    { table: TABLE, select: 'key', where, sortKeys: {} },
    { ...query, sortKey: 'id' },
  ).map(({ key }) => String(key));
};
