import type { EventStore, Recorded } from '@jeroboam/eventing/event-store';
import type { Actor, Message } from '@jeroboam/eventing/message';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import { isPresent, type ClusterState } from '@jeroboam/domain/cluster/state';
import type { Occurrence } from './cadf.js';

/** Clusters whose past is remembered; of others the stream is read again. */
const REMEMBERED = 512;

/** A cluster after an event. */
interface Past {
  readonly revision: number;
  readonly before: ClusterState;
  readonly after: ClusterState;
  /** Who began each operation in hand, by its id. */
  readonly initiators: ReadonlyMap<string, Actor | null>;
  /** Who began what the event belongs to. */
  readonly initiator: Actor | null;
}

const NOTHING: Past = {
  revision: -1,
  before: { status: 'absent' },
  after: { status: 'absent' },
  initiators: new Map(),
  initiator: null,
};

/** Says of an event of a cluster what had become of the cluster then, and who began it. */
export class Chronicle {
  private readonly pasts = new Map<string, Past>();

  constructor(private readonly store: Pick<EventStore, 'read'>) {}

  /** `null` when there was no cluster, before or after. */
  async of(recorded: Recorded): Promise<Occurrence | null> {
    // Before its first event there is nothing to read.
    const known = recorded.revision === 0 ? NOTHING : this.pasts.get(recorded.stream);
    const past =
      known?.revision === recorded.revision - 1 ? next(known, recorded) : await this.read(recorded);
    this.keep(recorded.stream, past);
    const cluster = isPresent(past.after) ? past.after : past.before;
    return isPresent(cluster) ? { recorded, cluster, initiator: past.initiator } : null;
  }

  private async read({ stream, revision }: Recorded): Promise<Past> {
    const events = await this.store.read(stream);
    return events.filter((event) => event.revision <= revision).reduce(next, NOTHING);
  }

  private keep(stream: string, past: Past): void {
    this.pasts.delete(stream);
    this.pasts.set(stream, past);
    const [oldest] = this.pasts.keys();
    if (this.pasts.size > REMEMBERED && oldest !== undefined) this.pasts.delete(oldest);
  }
}

const next = ({ after: before, initiators }: Past, recorded: Recorded): Past => {
  // What stands in a stream of this category was written through its decider.
  const event = recorded as Message as ClusterEvent;
  const after = evolve(before, event);
  const { actor } = recorded.metadata;
  const operationId = 'operationId' in event.data ? event.data.operationId : '';
  const known = initiators.get(operationId);
  const inHand = isPresent(after) ? after.operations.map(({ id }) => id) : [];
  return {
    revision: recorded.revision,
    before,
    after,
    initiators: new Map(inHand.map((id) => [id, initiators.get(id) ?? actor])),
    initiator: known === undefined ? actor : known,
  };
};
