import type { EventHeader } from '../log/stored-event.js';
import { InvalidRequest } from './refusals.js';

/** Which events of the log a reader wants. */
export type EventFilter = (event: EventHeader) => boolean;

export interface FilterExpression {
  readonly on: 'stream' | 'type';
  /** Used when there are no prefixes. */
  readonly regex: string;
  readonly prefixes: readonly string[];
}

export const compileFilter = ({ on, regex, prefixes }: FilterExpression): EventFilter => {
  if (prefixes.length > 0) {
    return (event) => prefixes.some((prefix) => event[on].startsWith(prefix));
  }
  const pattern = compileRegex(regex);
  return (event) => pattern.test(event[on]);
};

const compileRegex = (regex: string): RegExp => {
  try {
    return new RegExp(regex, 'u');
  } catch {
    throw new InvalidRequest(`not a regular expression: ${regex}`);
  }
};
