import type { Message } from './message.js';

/**
 * All rules of one aggregate. `decide` answers a command with events, `[]` when it changes nothing,
 * or throws {@link Refused}. `evolve` is total and never throws.
 */
export interface Decider<State, Command extends Message, Event extends Message> {
  readonly initialState: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}

/** Why a command was refused, for whoever turns it into an answer. */
export type RefusalCode =
  | 'invalid'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'quota-exceeded'
  /** The `Idempotency-Key` came with another body before. */
  | 'key-reused';

/** A rule of the domain says no. The message is for the user. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}

/** State after these events. */
export const fold = <State, Command extends Message, Event extends Message>(
  decider: Decider<State, Command, Event>,
  events: readonly Event[],
  from: State = decider.initialState,
): State => events.reduce((state, event) => decider.evolve(state, event), from);
