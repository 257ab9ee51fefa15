import { fold, type Decider } from '../decider.js';
import type { EventStore, Recorded } from '../event-store.js';
import type { Message } from '../message.js';

/** What is known of a stream. */
export interface Loaded<State> {
  readonly state: State;
  /** Of the last event, -1 when there is none. */
  readonly revision: number;
  /** Ids of the commands that have appended to this stream lately. */
  readonly commandIds: ReadonlySet<string>;
}

const CACHED_STREAMS = 4096;
const REMEMBERED_COMMANDS = 256;

/** States of streams lately used, the least recent forgotten first: a stream is read once, then its tail. */
export class RememberedStates<State, Command extends Message, Event extends Message> {
  /** Of a stream that is not there. */
  readonly absent: Loaded<State>;
  private readonly remembered = new Map<string, Loaded<State>>();

  constructor(
    private readonly store: Pick<EventStore, 'read'>,
    private readonly decider: Decider<State, Command, Event>,
  ) {
    this.absent = { state: decider.initialState, revision: -1, commandIds: new Set() };
  }

  /** As it was when it was last used here; others may have written to it since. */
  of(stream: string): Loaded<State> | undefined {
    return this.remembered.get(stream);
  }

  keep(stream: string, loaded: Loaded<State>): void {
    this.remembered.delete(stream);
    this.remembered.set(stream, loaded);
    if (this.remembered.size > CACHED_STREAMS)
      this.remembered.delete(this.remembered.keys().next().value ?? '');
  }

  /** As it is in the store. */
  async refreshed(stream: string): Promise<Loaded<State>> {
    const known = this.remembered.get(stream) ?? this.absent;
    const fresh = this.advanced(known, await this.store.read(stream, known.revision + 1));
    if (fresh.revision >= 0) this.keep(stream, fresh);
    return fresh;
  }

  private advanced(known: Loaded<State>, news: readonly Recorded[]): Loaded<State> {
    const last = news.at(-1);
    if (!last) return known;
    return {
      // What stands in a stream of this category was written through this decider.
      state: fold(this.decider, news as readonly Message[] as readonly Event[], known.state),
      revision: last.revision,
      commandIds: withRecent(
        known.commandIds,
        news.map(({ metadata }) => metadata.commandId),
      ),
    };
  }
}

/** The ids with newer ones added, as many as are remembered. */
export const withRecent = (
  known: ReadonlySet<string>,
  newer: readonly string[],
): ReadonlySet<string> => {
  const all = new Set(known);
  for (const id of newer) all.add(id);
  for (const oldest of all) {
    if (all.size <= REMEMBERED_COMMANDS) break;
    all.delete(oldest);
  }
  return all;
};
