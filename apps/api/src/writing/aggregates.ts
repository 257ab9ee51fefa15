import type { Decider } from '@jeroboam/eventing/decider';
import { setTimeout as sleep } from 'node:timers/promises';
import { VersionConflict, type EventStore } from '@jeroboam/eventing/event-store';
import { handle, type Handler } from '@jeroboam/eventing/handle';
import type { Message } from '@jeroboam/eventing/message';
import { clusterTemplate } from '@jeroboam/domain/cluster-template/decider';
import { cluster } from '@jeroboam/domain/cluster/decider';
import { project } from '@jeroboam/domain/project/decider';
import type { Metrics } from '@jeroboam/platform/metrics/metrics';
import { timed } from '@jeroboam/platform/metrics/timed';

export interface Surroundings {
  readonly store: EventStore;
  readonly metrics: Pick<Metrics, 'commands'>;
  /** Resolves when reads of this replica show what stands at the position; the others ask the log. */
  readonly shown: (position: bigint) => Promise<void>;
}

/** A command for what the sender has seen: `onlyIf` throws a `Refused` when the state is another. */
export type Conditional<State, Command extends Message> = Command & {
  readonly onlyIf?: (state: State) => void;
};

/** The condition is judged on the very state the events are appended to. */
const conditional = <State, Command extends Message, Event extends Message>(
  decider: Decider<State, Command, Event>,
): Decider<State, Conditional<State, Command>, Event> => ({
  initialState: decider.initialState,
  decide(command, state) {
    command.onlyIf?.(state);
    return decider.decide(command, state);
  },
  evolve: (state, event) => decider.evolve(state, event),
});

const measured = <State, Command extends Message, Event extends Message>(
  { store, metrics }: Surroundings,
  category: string,
  decider: Decider<State, Command, Event>,
): Handler<State, Conditional<State, Command>, Event> => {
  const send = handle(store, category, conditional(decider));
  return (id, command, metadata) =>
    timed(metrics.commands, { command: command.type }, () => send(id, command, metadata));
};

const showing =
  <State, Command extends Message, Event extends Message>(
    { shown }: Surroundings,
    send: Handler<State, Command, Event>,
  ): Handler<State, Command, Event> =>
  async (id, command, metadata) => {
    const outcome = await send(id, command, metadata);
    if (outcome.appended !== null) await shown(outcome.appended.position);
    return outcome;
  };

const ROUNDS = 12;
const PAUSE_MS = 10;

/**
 * Goes on where others of many replicas were always quicker: all of a project claim on one stream, and
 * node groups that are made or deleted at once are all of one cluster.
 */
const persistent =
  <State, Command extends Message, Event extends Message>(
    send: Handler<State, Command, Event>,
  ): Handler<State, Command, Event> =>
  async (id, command, metadata) => {
    for (let round = 1; ; round++) {
      try {
        return await send(id, command, metadata);
      } catch (error) {
        if (!(error instanceof VersionConflict) || round === ROUNDS) throw error;
        await sleep(Math.random() * PAUSE_MS * round);
      }
    }
  };

/** Where commands of users go. Each answers once its events can be read, but for `claims`. */
export const aggregatesOf = (around: Surroundings) => {
  const projects = measured(around, 'project', project);
  return {
    cluster: showing(around, persistent(measured(around, 'cluster', cluster))),
    clusterTemplate: showing(around, measured(around, 'clusterTemplate', clusterTemplate)),
    project: showing(around, projects),
    /** For claims and their release, which nobody reads. */
    claims: persistent(projects),
  };
};

export type Aggregates = ReturnType<typeof aggregatesOf>;
