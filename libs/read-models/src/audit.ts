import { categoryOf, type Recorded } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader, type Scalar } from '@jeroboam/eventing/row-store';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import type { ClusterTemplateEvent } from '@jeroboam/domain/cluster-template/events';
import { parsed } from './page.js';

/** What an event happened to. `authority` has the uuid of its cluster. */
export type AuditedType = 'cluster' | 'clusterTemplate' | 'project' | 'authority';

/** One event of the log, as an auditor reads it. */
export interface AuditRow {
  readonly eventId: string;
  /** Place in the log, decimal: it may be more than a number holds. */
  readonly position: string;
  /** When the log took it, ISO-8601. */
  readonly at: string;
  /** Type of the event, `ClusterRequested`. */
  readonly action: string;
  readonly resourceType: AuditedType;
  readonly resourceId: string;
  /** Whose the resource is; where nothing tells, the project of who did it. */
  readonly projectId: string | null;
  /** Who did it; `null` where a service of ours did. */
  readonly userId: string | null;
  readonly requestId: string | null;
  readonly correlationId: string;
}

const AUDITED: readonly AuditedType[] = ['cluster', 'clusterTemplate', 'project', 'authority'];

const resourceOf = ({ stream }: Recorded): readonly [type: AuditedType, id: string] | null => {
  const type = AUDITED.find((each) => each === categoryOf(stream));
  return type ? [type, stream.slice(type.length + 1)] : null;
};

const NOBODY = { projectId: null, userId: null, requestId: null };

/** All events of clusters, templates, projects and authorities, by event id. */
export const audit: View<AuditRow> = {
  name: 'audit.v1',
  categories: AUDITED,
  columns: {
    position: 'INTEGER',
    at_ms: 'INTEGER',
    resource_id: 'TEXT',
    project_id: 'TEXT',
    user_id: 'TEXT',
  },
  keys: (event) => (resourceOf(event) ? [event.id] : []),
  evolve(row, event) {
    const resource = resourceOf(event);
    if (!resource) return row;
    const [resourceType, resourceId] = resource;
    const { actor, correlationId } = event.metadata;
    const done = actor ?? NOBODY;
    return {
      eventId: event.id,
      position: String(event.position),
      at: event.recordedAt,
      action: event.type,
      resourceType,
      resourceId,
      projectId: resourceType === 'project' ? resourceId : done.projectId,
      userId: done.userId,
      requestId: done.requestId,
      correlationId,
    };
  },
  index: ({ position, at, resourceId, projectId, userId }) => ({
    position: BigInt(position),
    at_ms: Date.parse(at),
    resource_id: resourceId,
    project_id: projectId,
    user_id: userId,
  }),
};

/** The project a cluster or a template was made in. Outlives both. */
export interface OwnerRow {
  readonly projectId: string | null;
}

/** Whose a resource is, by its uuid: most events do not say. */
export const owners: View<OwnerRow> = {
  name: 'owners.v1',
  categories: ['cluster', 'clusterTemplate'],
  columns: { project_id: 'TEXT' },
  keys(event) {
    const isFirst = event.type === 'ClusterRequested' || event.type === 'TemplateCreated';
    const resource = isFirst ? resourceOf(event) : null;
    return resource ? [resource[1]] : [];
  },
  evolve(row, recorded) {
    const event = recorded as Message as ClusterEvent | ClusterTemplateEvent;
    if (event.type === 'ClusterRequested') return { projectId: event.data.cluster.projectId };
    if (event.type === 'TemplateCreated') return { projectId: event.data.projectId };
    return row;
  },
  index: ({ projectId }) => ({ project_id: projectId }),
};

/** What is wanted of the audit; `null` wants all. */
export interface AuditQuery {
  readonly projectId: string | null;
  readonly resourceId: string | null;
  readonly userId: string | null;
  /** In ms since 1970; included. */
  readonly fromMs: number | null;
  /** Not included. */
  readonly toMs: number | null;
  /** Only what comes after it in the log. */
  readonly afterPosition: bigint | null;
  readonly limit: number;
}

const EVENTS = tableOf(audit.name);
const OWNERS = tableOf(owners.name);

/** Rows in the order of the log. */
export const auditOf = (reader: RowReader, query: AuditQuery): readonly AuditRow[] => {
  const conditions = conditionsOf(query);
  const filter =
    conditions.length > 0 ? `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}` : '';
  return reader
    .all(
      `SELECT event.body, coalesce(owner.project_id, event.project_id) AS project_id
       FROM ${EVENTS} event LEFT JOIN ${OWNERS} owner ON owner.key = event.resource_id
       ${filter} ORDER BY event.position LIMIT ?`,
      [...conditions.flatMap(({ values }) => values), query.limit],
    )
    .map(({ body, project_id }) => ({
      ...(parsed(body) as AuditRow),
      projectId: project_id === null ? null : String(project_id),
    }));
};

interface Condition {
  readonly sql: string;
  readonly values: readonly Scalar[];
}

const conditionsOf = (query: AuditQuery): readonly Condition[] => {
  const plain: readonly (readonly [string, Scalar])[] = [
    ['event.resource_id = ?', query.resourceId],
    ['event.user_id = ?', query.userId],
    ['event.at_ms >= ?', query.fromMs],
    ['event.at_ms < ?', query.toMs],
    ['event.position > ?', query.afterPosition],
  ];
  const wanted = plain.filter(([, value]) => value !== null);
  const conditions = wanted.map(([sql, value]) => ({ sql, values: [value] }));
  return query.projectId === null ? conditions : [ofProject(query.projectId), ...conditions];
};

/** Two ways, each with an index: through the owner, or by the event where there is none. */
const ofProject = (projectId: string): Condition => ({
  sql: `(event.resource_id IN (SELECT key FROM ${OWNERS} WHERE project_id = ?)
         OR (event.project_id = ? AND owner.project_id IS NULL))`,
  values: [projectId, projectId],
});
