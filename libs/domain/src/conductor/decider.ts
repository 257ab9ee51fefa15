import type { Decider } from '@jeroboam/eventing/decider';
import type { Message } from '@jeroboam/eventing/message';
import type { ConductorEvent } from './events.js';

export type ConductorCommand = Message<'RegisterConductor', ConductorEvent['data']>;

export interface ConductorState {
  readonly registered: boolean;
}

/** A conductor is registered once, however often it starts. */
export const conductor: Decider<ConductorState, ConductorCommand, ConductorEvent> = {
  initialState: { registered: false },
  decide: ({ data }, { registered }) => (registered ? [] : [{ type: 'ConductorRegistered', data }]),
  evolve: (state, { type }: Message) =>
    type === 'ConductorRegistered' ? { registered: true } : state,
};
