import { expect } from '@jest/globals';
import { fold, Refused, type Decider } from './decider.js';
import type { Message } from './message.js';

/**
 * Tests of a decider: `given(cluster, events).when(command).then(expected)`. `then` sends the command
 * once more and demands that nothing happens, as the same request may come twice.
 */
export const given = <State, Command extends Message, Event extends Message>(
  decider: Decider<State, Command, Event>,
  history: readonly Event[],
) => {
  const state = fold(decider, history);
  return {
    when: (command: Command) => ({
      then: (expected: readonly Event[]): void => {
        const events = decider.decide(command, state);
        expect(events).toEqual(expected);
        expect(decider.decide(command, fold(decider, events, state))).toEqual([]);
      },
      refused: (code: Refused['code'], message: string | RegExp): void => {
        const decide = () => decider.decide(command, state);
        expect(decide).toThrow(Refused);
        expect(decide).toThrow(message);
        expect(decide).toThrow(expect.objectContaining({ code }));
      },
    }),
    state,
  };
};
