import type { EventStore } from '@jeroboam/eventing/event-store';
import { handle, type Handler } from '@jeroboam/eventing/handle';
import type { Message } from '@jeroboam/eventing/message';
import type { Decider } from '@jeroboam/eventing/decider';
import { clusterTemplate } from '@jeroboam/domain/cluster-template/decider';
import { cluster } from '@jeroboam/domain/cluster/decider';
import { project } from '@jeroboam/domain/project/decider';
import type { Metrics } from '@jeroboam/platform/metrics/metrics';
import { timed } from '@jeroboam/platform/metrics/timed';

export interface Surroundings {
  readonly store: EventStore;
  readonly metrics: Pick<Metrics, 'commands'>;
  /** Resolves when reads of this replica show what stands at the position, and the others know of it. */
  readonly shown: (position: bigint) => Promise<void>;
}

const sending = <State, Command extends Message, Event extends Message>(
  { store, metrics, shown }: Surroundings,
  category: string,
  decider: Decider<State, Command, Event>,
): Handler<State, Command, Event> => {
  const send = handle(store, category, decider);
  return async (id, command, metadata) => {
    const labels = { command: command.type };
    const outcome = await timed(metrics.commands, labels, () => send(id, command, metadata));
    if (outcome.appended !== null) await shown(outcome.appended.position);
    return outcome;
  };
};

/** Where commands of users go. Each answers once its events can be read. */
export const aggregatesOf = (around: Surroundings) => ({
  cluster: sending(around, 'cluster', cluster),
  clusterTemplate: sending(around, 'clusterTemplate', clusterTemplate),
  project: sending(around, 'project', project),
});

export type Aggregates = ReturnType<typeof aggregatesOf>;
