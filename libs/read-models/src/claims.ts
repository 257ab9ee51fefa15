import { categoryOf } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader } from '@jeroboam/eventing/row-store';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import { clusters } from './clusters.js';

/** A place under a project's quota that a cluster has taken, or is about to take. */
export interface ClaimRow {
  readonly clusterId: string;
  readonly projectId: string;
  readonly at: string;
}

/** Claims in force, by cluster. */
export const claims: View<ClaimRow> = {
  name: 'claims.v1',
  categories: ['project'],
  columns: { project_id: 'TEXT', at: 'TEXT' },
  keys(recorded) {
    const event = recorded as Message as ProjectEvent;
    const isClaim = event.type === 'ClusterClaimed' || event.type === 'ClaimReleased';
    return categoryOf(recorded.stream) === 'project' && isClaim ? [event.data.clusterId] : [];
  },
  evolve(row, recorded) {
    const event = recorded as Message as ProjectEvent;
    if (event.type === 'ClaimReleased') return null;
    if (event.type !== 'ClusterClaimed') return row;
    const { clusterId, at } = event.data;
    return { clusterId, projectId: recorded.stream.slice('project-'.length), at };
  },
  index: ({ projectId, at }) => ({ project_id: projectId, at }),
};

/** Claims made before that time (ISO-8601) for which there is no cluster: it was deleted, or never came. */
export const claimsWithoutCluster = (reader: RowReader, before: string): readonly ClaimRow[] =>
  reader
    .all(
      `SELECT claim.key, claim.project_id, claim.at FROM ${tableOf(claims.name)} claim
       WHERE claim.at < ? AND NOT EXISTS
         (SELECT 1 FROM ${tableOf(clusters.name)} cluster WHERE cluster.key = claim.key)`,
      [before],
    )
    .map(({ key, project_id, at }) => ({
      clusterId: String(key),
      projectId: String(project_id),
      at: String(at),
    }));

/** Places taken under a project's quota. */
export const countClaims = (reader: RowReader, projectId: string): number => {
  const [row] = reader.all(
    `SELECT count(*) AS n FROM ${tableOf(claims.name)} WHERE project_id = ?`,
    [projectId],
  );
  return Number(row?.['n'] ?? 0);
};
