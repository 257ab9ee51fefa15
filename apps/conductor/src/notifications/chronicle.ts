import { categoryOf, type Recorded } from '@jeroboam/eventing/event-store';
import type { Actor, Message } from '@jeroboam/eventing/message';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import { isPresent, type ClusterState } from '@jeroboam/domain/cluster/state';
import type { Occurrence } from './cadf.js';

/** Folds the log of clusters, to say of each event what cluster it is of and who began it. */
export class Chronicle {
  private readonly clusters = new Map<string, ClusterState>();
  /** Who began each operation, by its id. */
  private readonly initiators = new Map<string, Actor | null>();

  /** `null` for what is of no cluster that is known. */
  take(recorded: Recorded): Occurrence | null {
    if (categoryOf(recorded.stream) !== 'cluster') return null;
    const event = recorded as Message as ClusterEvent;
    const before = this.clusters.get(recorded.stream) ?? { status: 'absent' };
    const after = evolve(before, event);
    const initiator = this.initiatorOf(event, recorded);
    this.keep(recorded.stream, after, before);
    const cluster = isPresent(after) ? after : before;
    return isPresent(cluster) ? { recorded, cluster, initiator } : null;
  }

  private initiatorOf({ data }: ClusterEvent, { metadata }: Recorded): Actor | null {
    if (!('operationId' in data)) return metadata.actor;
    const known = this.initiators.get(data.operationId);
    if (known !== undefined) return known;
    this.initiators.set(data.operationId, metadata.actor);
    return metadata.actor;
  }

  private keep(stream: string, after: ClusterState, before: ClusterState): void {
    if (isPresent(after)) {
      this.clusters.set(stream, after);
      return;
    }
    this.clusters.delete(stream);
    if (!isPresent(before)) return;
    for (const id of before.operationIds) this.initiators.delete(id);
  }
}
