import type { EventStore, Recorded } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import { isPresent, type ClusterState, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { knownCluster, type ClusterIdRow } from '@jeroboam/read-models/cluster-ids';
import type { RowReader } from '@jeroboam/eventing/row-store';
import type { Scope } from '@jeroboam/read-models/clusters';
import type { RequestContext } from '../http/auth/request-context.js';
import { isUuidLike } from '../http/body/scalars.js';
import { findCluster, noCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import type { ResourceParts } from '../resource-parts.js';

type Store = Pick<EventStore, 'read'>;

/** An event of a cluster, with the states it lies between. */
export interface Turn {
  readonly recorded: Recorded;
  readonly event: ClusterEvent;
  readonly before: ClusterState;
  readonly after: ClusterState;
}

/** All that happened to a cluster, oldest first. */
export const turnsOf = async (store: Store, uuid: string): Promise<readonly Turn[]> => {
  let state: ClusterState = { status: 'absent' };
  return (await store.read(`cluster-${uuid}`)).map((recorded) => {
    // What stands in the stream of a cluster was written through its decider.
    const event = recorded as Message as ClusterEvent;
    const before = state;
    state = evolve(before, event);
    return { recorded, event, before, after: state };
  });
};

/** The cluster as it was; `null` when it was not there then. */
export const clusterAt = async (
  store: Store,
  uuid: string,
  atMs: number,
): Promise<PresentCluster | null> => {
  const turns = await turnsOf(store, uuid);
  const later = turns.findIndex(({ event }) => Date.parse(event.data.at) > atMs);
  const state = turns.at(later < 0 ? -1 : later - 1)?.after;
  if (later === 0 || state === undefined || !isPresent(state)) return null;
  return state;
};

const findKnown = (reader: RowReader, scope: Scope, ident: string): ClusterIdRow => {
  const uuid = isUuidLike(ident) ? ident : findCluster(reader, scope, ident).row.spec.uuid;
  const known = knownCluster(reader, scope, uuid);
  if (known === null) throw noCluster(ident);
  return known;
};

/** The cluster of that uuid, deleted or not, or of that name, for whom may look at it. 404, 409, 403. */
export const knownFor = (
  { policy, reads }: Pick<ResourceParts, 'policy' | 'reads'>,
  caller: RequestContext,
  ident: string,
): ClusterIdRow => {
  const scope = scopeOf(policy, caller, 'cluster:get_one_all_projects');
  const known = findKnown(reads.rows, scope, ident);
  const target = { project_id: known.projectId, user_id: known.userId };
  policy.enforce(caller, 'cluster:get', target);
  return known;
};
