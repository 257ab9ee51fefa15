import { categoryOf, type Recorded } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader, type Scalar } from '@jeroboam/eventing/row-store';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import { isPresent, type Nodegroup, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { parsed } from './page.js';

/** Nodes that cost the same. */
export interface NodeCount {
  readonly kind: 'master' | 'worker';
  readonly flavorId: string | null;
  readonly nodes: number;
}

/** A time in which a cluster's nodes did not change. `to` is `null` while it lasts. */
export interface Interval {
  readonly from: string;
  readonly to: string | null;
  readonly counts: readonly NodeCount[];
}

/** What a cluster has had of nodes in all its life. Outlives the cluster. */
export interface UsageRow {
  readonly clusterId: string;
  readonly name: string;
  readonly projectId: string;
  /** Oldest first, without gaps. */
  readonly intervals: readonly Interval[];
  /** As its decider sees it; `null` once it is deleted. */
  readonly cluster: PresentCluster | null;
  /** Of the last event taken: none counts twice. */
  readonly revision: number;
}

/**
 * Nodes of each cluster over time, from its request to its deletion, as the events tell it: the size
 * asked for while a change is under way, the size seen when it has ended.
 */
export const usage: View<UsageRow> = {
  name: 'usage.v1',
  categories: ['cluster'],
  columns: { project_id: 'TEXT', began_ms: 'INTEGER', ended_ms: 'INTEGER' },
  keys: ({ stream, type }) =>
    categoryOf(stream) === 'cluster' && type !== 'HealthChanged'
      ? [stream.slice('cluster-'.length)]
      : [],
  evolve: (row, recorded) =>
    row && (row.cluster === null || recorded.revision <= row.revision)
      ? row
      : after(row, recorded as Recorded<ClusterEvent>),
  index: ({ projectId, intervals }) => ({
    project_id: projectId,
    began_ms: Date.parse(intervals[0]?.from ?? ''),
    ended_ms: endOf(intervals.at(-1)),
  }),
};

/** The row after an event that is new to it. */
const after = (row: UsageRow | null, event: Recorded<ClusterEvent>): UsageRow | null => {
  const { type, data, revision } = event;
  if (type === 'ClusterDeleted') {
    return (
      row && { ...row, intervals: continued(row.intervals, data.at, null), cluster: null, revision }
    );
  }
  const cluster = evolve(row?.cluster ?? { status: 'absent' }, event as Message as ClusterEvent);
  if (!isPresent(cluster)) return row;
  const { uuid, name, projectId } = cluster.spec;
  const intervals = continued(row?.intervals ?? [], data.at, countsOf(cluster.nodegroups));
  return { clusterId: uuid, name, projectId, intervals, cluster, revision };
};

/** The last interval goes on, or ends and the next begins; `null`: none begins. */
const continued = (
  intervals: readonly Interval[],
  at: string,
  counts: readonly NodeCount[] | null,
): readonly Interval[] => {
  const last = intervals.at(-1);
  if (!last) return counts ? [{ from: at, to: null, counts }] : [];
  if (counts && isSame(last.counts, counts)) return intervals;
  // Clocks of two hosts may differ: an interval is never negative.
  const end = Date.parse(at) > Date.parse(last.from) ? at : last.from;
  const closed = [...intervals.slice(0, -1), { ...last, to: end }];
  return counts ? [...closed, { from: end, to: null, counts }] : closed;
};

const countsOf = (nodegroups: readonly Nodegroup[]): readonly NodeCount[] => {
  const counts = new Map<string, NodeCount>();
  for (const { role, flavorId, nodeCount } of nodegroups) {
    const kind = role === 'master' ? 'master' : 'worker';
    const key = `${kind} ${flavorId ?? ''}`;
    const nodes = (counts.get(key)?.nodes ?? 0) + nodeCount;
    counts.set(key, { kind, flavorId, nodes });
  }
  return [...counts.values()];
};

const isSame = (a: readonly NodeCount[], b: readonly NodeCount[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

const endOf = (interval: Interval | undefined): number | null =>
  interval?.to ? Date.parse(interval.to) : null;

/** Nodes times seconds, by kind and flavor. */
export interface NodeSeconds {
  readonly kind: 'master' | 'worker';
  readonly flavorId: string | null;
  readonly nodeSeconds: number;
}

/** What a cluster used in the time asked for. */
export interface ClusterUsage {
  readonly clusterId: string;
  readonly name: string;
  readonly projectId: string;
  /** Sum of {@link ClusterUsage.parts}. */
  readonly nodeSeconds: number;
  readonly parts: readonly NodeSeconds[];
}

/** A time from `fromMs` (included) to `toMs` (not included), in ms since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Use within the span. An interval that lasts counts up to its end. */
export const usageWithin = (row: UsageRow, span: Span): ClusterUsage => {
  const parts = new Map<string, NodeSeconds>();
  for (const interval of row.intervals) {
    const seconds = secondsWithin(interval, span);
    if (seconds === 0) continue;
    for (const { kind, flavorId, nodes } of interval.counts) {
      const key = `${kind} ${flavorId ?? ''}`;
      const nodeSeconds = (parts.get(key)?.nodeSeconds ?? 0) + nodes * seconds;
      parts.set(key, { kind, flavorId, nodeSeconds });
    }
  }
  const { clusterId, name, projectId } = row;
  const used = [...parts.values()].filter(({ nodeSeconds }) => nodeSeconds > 0);
  const nodeSeconds = used.reduce((sum, part) => sum + part.nodeSeconds, 0);
  return { clusterId, name, projectId, nodeSeconds, parts: used };
};

const secondsWithin = (interval: Interval, { fromMs, toMs }: Span): number => {
  const begin = Math.max(Date.parse(interval.from), fromMs);
  const end = Math.min(endOf(interval) ?? toMs, toMs);
  return Math.max(0, end - begin) / 1000;
};

export interface UsageQuery extends Span {
  /** `null`: all projects. */
  readonly projectId: string | null;
  /** Cluster after which the page begins. */
  readonly afterClusterId: string | null;
  readonly limit: number;
}

/** Clusters that were there in the span, in the order of their uuids. */
export const usageOf = (reader: RowReader, query: UsageQuery): readonly ClusterUsage[] => {
  const conditions: (readonly [string, Scalar])[] = [
    ['began_ms < ?', query.toMs],
    ['(ended_ms IS NULL OR ended_ms > ?)', query.fromMs],
  ];
  if (query.projectId !== null) conditions.push(['project_id = ?', query.projectId]);
  if (query.afterClusterId !== null) conditions.push(['key > ?', query.afterClusterId]);
  return reader
    .all(
      `SELECT body FROM ${tableOf(usage.name)} WHERE ${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY key LIMIT ?`,
      [...conditions.map(([, value]) => value), query.limit],
    )
    .map(({ body }) => usageWithin(parsed(body) as UsageRow, query));
};
