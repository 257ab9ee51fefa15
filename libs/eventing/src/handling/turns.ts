import type { Handler } from '../handle.js';
import type { Group, Request } from './judgement.js';
import type { Message } from '../message.js';

/** More would make one append too large, and those at its end wait for all before them. */
const LARGEST_GROUP = 64;

/**
 * Takes commands, and gives `turn` what has come for each stream, one group after the other: what waits
 * while one is under way is the next.
 */
export const inTurns = <State, Command extends Message, Event extends Message>(
  category: string,
  turn: (stream: string, group: Group<State, Command, Event>) => Promise<void>,
): Handler<State, Command, Event> => {
  const waiting = new Map<string, Request<State, Command, Event>[]>();

  const drain = async (stream: string, queue: Request<State, Command, Event>[]): Promise<void> => {
    while (queue.length > 0) await turn(stream, queue.splice(0, LARGEST_GROUP));
    waiting.delete(stream);
  };

  return (id, command, metadata) =>
    new Promise((resolve, reject) => {
      const stream = `${category}-${id}`;
      const request = { command, metadata, resolve, reject };
      const queue = waiting.get(stream);
      if (queue) {
        queue.push(request);
        return;
      }
      const begun = [request];
      waiting.set(stream, begun);
      void drain(stream, begun);
    });
};
