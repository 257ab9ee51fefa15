import type { Message, Metadata } from './message.js';

/** An event as it stands in the log. */
export interface Recorded<E extends Message = Message> {
  readonly id: string;
  readonly stream: string;
  /** Number of the event in its stream, from 0. */
  readonly revision: number;
  /** Number in the whole log: grows, has gaps. */
  readonly position: bigint;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: Metadata;
  /** ISO-8601 time at which the store took it. */
  readonly recordedAt: string;
}

/** What the writer believes of the stream: its last revision, or that it is not there. */
export type ExpectedRevision = number | 'no-stream' | 'any';

/** An event to be stored. Its id derives from the command and its place: it is never stored twice. */
export interface Proposed extends Message {
  readonly metadata: Metadata;
  /** Place among the events of its command, from 0. */
  readonly index: number;
}

/** The events one command led to, to be stored. */
export const proposed = (events: readonly Message[], metadata: Metadata): readonly Proposed[] =>
  events.map(({ type, data }, index) => ({ type, data, metadata, index }));

export interface Append {
  readonly stream: string;
  /** Of one command or of several. A repeated append is acknowledged, not doubled. */
  readonly events: readonly Proposed[];
  readonly expected: ExpectedRevision;
}

/** Where an append ended. */
export interface Appended {
  readonly revision: number;
  readonly position: bigint;
}

/** Some events in log order, and how far the log has been looked through. */
export interface Batch {
  readonly events: readonly Recorded[];
  /** Everything at or before it has been delivered or passed over. */
  readonly position: bigint;
  /** True once the subscription has reached the end of the log and follows it live. */
  readonly live: boolean;
}

export interface Subscription {
  /** Deliver what comes after it; `null` is the start of the log. */
  readonly after: bigint | null;
  /** Only streams of these categories: the part of the name before the first dash. */
  readonly categories: readonly string[];
  readonly signal: AbortSignal;
}

/** What the log holds after a position. */
export interface Ahead {
  /** Position of the last event of the asked categories, `null` when none of them follows. */
  readonly last: bigint | null;
  /** Up to here there is no other. At least the position asked from. */
  readonly end: bigint;
}

/**
 * The log. The one port behind which EventStoreDB, the embedded store and the in-memory store stand;
 * `event-store.contract.ts` says what each must do.
 *
 * Errors: {@link VersionConflict} of `append`, {@link StoreUnavailable} of any.
 */
export abstract class EventStore {
  /** All events of one append are stored, or none. Durable when it resolves. */
  abstract append(request: Append): Promise<Appended>;
  /** Events of a stream from a revision on, oldest first. A stream that is not there has none. */
  abstract read(stream: string, from?: number): Promise<readonly Recorded[]>;
  /**
   * Events of the log in order, for ever: history, then live, in batches of at most 512. Bridges
   * losses of the connection by itself; ends when the signal aborts.
   */
  abstract subscribe(subscription: Subscription): AsyncIterable<Batch>;
  /** Position of the last event in the log, `null` when it is empty. */
  abstract head(): Promise<bigint | null>;
  /**
   * How far the categories go, seen from a position (-1: the start). Nothing that was acknowledged before
   * the call is left out. Reads all that follows the position: for who is nearly there.
   */
  abstract lookAhead(after: bigint, categories: readonly string[]): Promise<Ahead>;
}

/** The stream has moved on since the writer read it. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
  ) {
    super(`${stream} is no longer at revision ${expected}`);
  }
}

/** The store did not answer in time, or could not be reached. Whether the append was taken is unknown. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** `cluster` of `cluster-1a2b…`. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
};
