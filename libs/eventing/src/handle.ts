import type { Decider } from './decider.js';
import {
  proposed,
  StoreUnavailable,
  VersionConflict,
  type Appended,
  type EventStore,
} from './event-store.js';
import { judge, settle, unchanged, type Group, type Judgement } from './handling/judgement.js';
import type { Message, Metadata } from './message.js';
import { RememberedStates, type Loaded } from './handling/remembered-states.js';
import { inTurns } from './handling/turns.js';

/** What a command led to. */
export interface Outcome<State, Event extends Message> {
  readonly events: readonly Event[];
  readonly state: State;
  /** Where the append ended that its events were part of; `null` when it had none. */
  readonly appended: Appended | null;
}

/** What a sender knows of the stream. */
export interface Opening {
  /** Its id has just been made up: nobody can have written to it, and it need not be read. */
  readonly opens?: boolean;
}

/** Sends a command to one aggregate. Throws `Refused` and whatever the store throws. */
export type Handler<State, Command extends Message, Event extends Message> = (
  id: string,
  command: Command & Opening,
  metadata: Metadata,
) => Promise<Outcome<State, Event>>;

const MAX_ATTEMPTS = 5;

/**
 * Load, decide, append, for one category of streams. Commands to one stream are decided in the order
 * they came, those that wait for a turn together: each on what the one before it leaves, and all their
 * events in one append. Commands of other processes are met by the expected revision: on a
 * conflict it decides again, at most 5 times.
 *
 * States are kept in memory, so a stream is read once and then only its tail. What a remembered
 * state refuses, or finds done already, is decided again on a fresh one.
 */
export const handle = <State, Command extends Message, Event extends Message>(
  store: EventStore,
  category: string,
  decider: Decider<State, Command, Event>,
): Handler<State, Command, Event> => {
  type Commands = Group<State, Command, Event>;
  const states = new RememberedStates(store, decider);

  const append = async (decided: Decided<State, Command, Event>): Promise<Appended | null> => {
    const appended = await appendJudged(store, decided);
    if (appended) states.keep(decided.stream, decided.judgement.after);
    return appended;
  };

  /** On the state that is known first: most commands need no read at all. */
  const isDoneFromMemory = async (stream: string, group: Commands): Promise<boolean> => {
    const opens = group.every(({ command }) => command.opens);
    const known = states.of(stream) ?? (opens ? states.absent : null);
    if (!known) return false;
    const judgement = judge(decider, known, group);
    if (judgement.verdicts.some(({ events }) => events.length === 0)) return false;
    try {
      const appended = await append({ stream, group, known, judgement });
      if (appended) settle(group, judgement.verdicts, appended);
      return appended !== null;
    } catch (error) {
      if (error instanceof VersionConflict) return false;
      throw error;
    }
  };

  const run = async (stream: string, group: Commands): Promise<void> => {
    if (await isDoneFromMemory(stream, group)) return;
    for (let attempts = 1; ; attempts++) {
      try {
        const known = await states.refreshed(stream);
        const judgement = judge(decider, known, group);
        const appended = await append({ stream, group, known, judgement });
        settle(group, appended ? judgement.verdicts : unchanged(judgement, known), appended);
        return;
      } catch (error) {
        if (!(error instanceof VersionConflict) || attempts === MAX_ATTEMPTS) throw error;
      }
    }
  };

  return inTurns(category, (stream, group: Commands) =>
    run(stream, group).catch((error: unknown) => runEach(error, group, (one) => run(stream, one))),
  );
};

interface Decided<State, Command, Event extends Message> {
  readonly stream: string;
  readonly group: Group<State, Command, Event>;
  readonly known: Loaded<State>;
  readonly judgement: Judgement<State, Event>;
}

/** `null` when there is nothing to append, or it stood in the stream before. */
const appendJudged = async <State, Command extends Message, Event extends Message>(
  store: EventStore,
  { stream, group, known, judgement }: Decided<State, Command, Event>,
): Promise<Appended | null> => {
  const events = group.flatMap(({ metadata }, index) =>
    proposed(judgement.verdicts[index]?.events ?? [], metadata),
  );
  if (events.length === 0) return null;
  const expected = known.revision < 0 ? 'no-stream' : known.revision;
  const appended = await store.append({ stream, events, expected });
  // A repetition is acknowledged with its old place: before, or after what is known here.
  if (appended.revision <= known.revision) return null;
  if (appended.revision !== judgement.after.revision) throw new VersionConflict(stream, expected);
  return appended;
};

/** What the store refuses of several commands, such as too much at once, it may take of each. */
const runEach = async <State, Command, Event extends Message>(
  error: unknown,
  group: Group<State, Command, Event>,
  run: (one: Group<State, Command, Event>) => Promise<void>,
): Promise<void> => {
  const isOfEach = error instanceof VersionConflict || error instanceof StoreUnavailable;
  for (const request of group) {
    if (group.length === 1 || isOfEach) request.reject(error);
    else await run([request]).catch(request.reject);
  }
};
