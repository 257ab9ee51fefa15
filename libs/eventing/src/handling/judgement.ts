import { fold, type Decider } from '../decider.js';
import type { Appended } from '../event-store.js';
import type { Opening, Outcome } from '../handle.js';
import type { Message, Metadata } from '../message.js';
import { withRecent, type Loaded } from './remembered-states.js';

/** A command that waits for its turn at a stream. */
export interface Request<State, Command, Event extends Message> {
  readonly command: Command & Opening;
  readonly metadata: Metadata;
  readonly resolve: (outcome: Outcome<State, Event>) => void;
  readonly reject: (error: unknown) => void;
}

/** Commands to one stream that are decided together, in the order they came. */
export type Group<State, Command, Event extends Message> = readonly Request<
  State,
  Command,
  Event
>[];

/** What a decider says to one command; `error` when it refuses. */
export interface Verdict<State, Event extends Message> {
  readonly events: readonly Event[];
  readonly state: State;
  readonly error?: unknown;
}

/** What a decider says to a group, and what is known of the stream once that is appended. */
export interface Judgement<State, Event extends Message> {
  readonly verdicts: readonly Verdict<State, Event>[];
  readonly after: Loaded<State>;
}

/** Each command on what those before it leave. One that is refused leaves it as it is. */
export const judge = <State, Command extends Message, Event extends Message>(
  decider: Decider<State, Command, Event>,
  known: Loaded<State>,
  group: Group<State, Command, Event>,
): Judgement<State, Event> => {
  let { state, revision } = known;
  const done: string[] = [];
  const verdicts = group.map(({ command, metadata }): Verdict<State, Event> => {
    const { commandId } = metadata;
    if (known.commandIds.has(commandId) || done.includes(commandId)) return { events: [], state };
    try {
      const events = decider.decide(command, state);
      if (events.length > 0) done.push(commandId);
      state = fold(decider, events, state);
      revision += events.length;
      return { events, state };
    } catch (error) {
      return { events: [], state, error };
    }
  });
  return { verdicts, after: { state, revision, commandIds: withRecent(known.commandIds, done) } };
};

/** Nothing was appended: there was nothing to append, or it had been appended before. */
export const unchanged = <State, Event extends Message>(
  { verdicts }: Judgement<State, Event>,
  { state }: Loaded<State>,
): readonly Verdict<State, Event>[] => verdicts.map(({ error }) => ({ events: [], state, error }));

/** Tells each sender. */
export const settle = <State, Command, Event extends Message>(
  group: Group<State, Command, Event>,
  verdicts: readonly Verdict<State, Event>[],
  appended: Appended | null,
): void => {
  group.forEach((request, index) => {
    const verdict = verdicts[index];
    if (!verdict) return;
    const { events, state, error } = verdict;
    if (error !== undefined) request.reject(error);
    else request.resolve({ events, state, appended: events.length > 0 ? appended : null });
  });
};
