import type { Decider } from '@jeroboam/eventing/decider';
import type { Message } from '@jeroboam/eventing/message';
import type { ConductorEvent } from './events.js';

type DataOf<Type extends ConductorEvent['type']> = Extract<ConductorEvent, { type: Type }>['data'];

export type ConductorCommand =
  | Message<'RegisterConductor', DataOf<'ConductorRegistered'>>
  | Message<'MarkConductorSeen', DataOf<'ConductorSeen'>>;

export interface ConductorState {
  readonly registered: boolean;
  /** As it was marked last. */
  readonly reportCount: number;
}

/** A conductor is registered once, however often it starts, and its count only grows. */
export const conductor: Decider<ConductorState, ConductorCommand, ConductorEvent> = {
  initialState: { registered: false, reportCount: 0 },
  decide(command, { registered, reportCount }) {
    switch (command.type) {
      case 'RegisterConductor':
        return registered ? [] : [{ type: 'ConductorRegistered', data: command.data }];
      case 'MarkConductorSeen':
        return command.data.reportCount > reportCount
          ? [{ type: 'ConductorSeen', data: command.data }]
          : [];
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ConductorRegistered':
        return { ...state, registered: true };
      case 'ConductorSeen':
        return { ...state, reportCount: event.data.reportCount };
      default:
        return state;
    }
  },
};
