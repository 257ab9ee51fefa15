import { fold, Refused, type Decider } from './decider.js';
import { VersionConflict, type Appended, type EventStore, type Recorded } from './event-store.js';
import type { Message, Metadata } from './message.js';

/** What a command led to. */
export interface Outcome<State, Event extends Message> {
  readonly events: readonly Event[];
  readonly state: State;
  /** Where the append ended; `null` when nothing was appended. */
  readonly appended: Appended | null;
}

/** What a sender knows of the stream. */
export interface Opening {
  /** Its id has just been made up: nobody can have written to it, and it need not be read. */
  readonly opens?: boolean;
}

/** Sends a command to one aggregate. Throws {@link Refused} and whatever the store throws. */
export type Handler<State, Command extends Message, Event extends Message> = (
  id: string,
  command: Command & Opening,
  metadata: Metadata,
) => Promise<Outcome<State, Event>>;

interface Loaded<State> {
  readonly state: State;
  readonly revision: number;
  /** Ids of the commands that have appended to this stream lately. */
  readonly commandIds: ReadonlySet<string>;
}

const MAX_ATTEMPTS = 5;
const CACHED_STREAMS = 4096;
const REMEMBERED_COMMANDS = 256;

/**
 * Load, decide, append, for one category of streams. Commands to one stream wait for each other;
 * those of other processes are met by the expected revision: on a conflict it decides again, at
 * most 5 times.
 *
 * States are kept in memory, so a stream is read once and then only its tail. What a remembered
 * state refuses, or finds done already, is decided again on a fresh one.
 */
export const handle = <State, Command extends Message, Event extends Message>(
  store: EventStore,
  category: string,
  decider: Decider<State, Command, Event>,
): Handler<State, Command, Event> => {
  const memory = remembering(store, decider);
  const turns = new Map<string, Promise<unknown>>();

  const attempt = async (
    request: Request<Command>,
    known: Loaded<State>,
  ): Promise<Outcome<State, Event>> => {
    const { stream, command, metadata } = request;
    if (known.commandIds.has(metadata.commandId)) return unchanged(known.state);
    const events = decider.decide(command, known.state);
    if (events.length === 0) return unchanged(known.state);
    const expected = known.revision < 0 ? 'no-stream' : known.revision;
    const appended = await store.append({ stream, events, expected, metadata });
    // A repetition is acknowledged with its old place: before, or after what is known here.
    if (appended.revision <= known.revision) return unchanged(known.state);
    if (appended.revision !== known.revision + events.length) {
      throw new VersionConflict(stream, expected);
    }
    const state = fold(decider, events, known.state);
    const commandIds = recent(known.commandIds, [metadata.commandId]);
    memory.keep(stream, { state, revision: appended.revision, commandIds });
    return { events, state, appended };
  };

  /** On the state that is known first: most commands need no read at all. */
  const fromMemory = async (request: Request<Command>): Promise<Outcome<State, Event> | null> => {
    const known = memory.of(request.stream) ?? (request.command.opens ? memory.absent : null);
    if (!known) return null;
    try {
      const outcome = await attempt(request, known);
      return outcome.appended ? outcome : null;
    } catch (error) {
      if (error instanceof Refused || error instanceof VersionConflict) return null;
      throw error;
    }
  };

  const run = async (request: Request<Command>): Promise<Outcome<State, Event>> => {
    const quick = await fromMemory(request);
    if (quick) return quick;
    for (let attempts = 1; ; attempts++) {
      try {
        return await attempt(request, await memory.refreshed(request.stream));
      } catch (error) {
        if (!(error instanceof VersionConflict) || attempts === MAX_ATTEMPTS) throw error;
      }
    }
  };

  return (id, command, metadata) => {
    const stream = `${category}-${id}`;
    return inTurn(turns, stream, () => run({ stream, command, metadata }));
  };
};

interface Request<Command> {
  readonly stream: string;
  readonly command: Command & Opening;
  readonly metadata: Metadata;
}

/** States of streams lately used, the least recent forgotten first. */
const remembering = <State, Command extends Message, Event extends Message>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
) => {
  const remembered = new Map<string, Loaded<State>>();
  const absent: Loaded<State> = {
    state: decider.initialState,
    revision: -1,
    commandIds: new Set(),
  };

  const keep = (stream: string, loaded: Loaded<State>): void => {
    remembered.delete(stream);
    remembered.set(stream, loaded);
    if (remembered.size > CACHED_STREAMS) remembered.delete(remembered.keys().next().value ?? '');
  };

  const refreshed = async (stream: string): Promise<Loaded<State>> => {
    const known = remembered.get(stream) ?? absent;
    const fresh = advance(decider, known, await store.read(stream, known.revision + 1));
    if (fresh.revision >= 0) keep(stream, fresh);
    return fresh;
  };

  return { absent, of: (stream: string) => remembered.get(stream), keep, refreshed };
};

const unchanged = <State, Event extends Message>(state: State): Outcome<State, Event> => ({
  events: [],
  state,
  appended: null,
});

const advance = <State, Command extends Message, Event extends Message>(
  decider: Decider<State, Command, Event>,
  known: Loaded<State>,
  news: readonly Recorded[],
): Loaded<State> => {
  const last = news.at(-1);
  if (!last) return known;
  return {
    // What stands in a stream of this category was written through this decider.
    state: news.reduce(
      (state, event) => decider.evolve(state, event as Message as Event),
      known.state,
    ),
    revision: last.revision,
    commandIds: recent(
      known.commandIds,
      news.map((event) => event.metadata.commandId),
    ),
  };
};

const recent = (known: ReadonlySet<string>, news: readonly string[]): ReadonlySet<string> => {
  const all = new Set(known);
  for (const id of news) all.add(id);
  for (const oldest of all) if (all.size > REMEMBERED_COMMANDS) all.delete(oldest);
  return all;
};

/** One after the other for each key; a failure does not hold up the next. */
const inTurn = <T>(
  turns: Map<string, Promise<unknown>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> => {
  const before = turns.get(key) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(key, mine);
  const tidy = () => {
    if (turns.get(key) === mine) turns.delete(key);
  };
  mine.then(tidy, tidy);
  return mine;
};
