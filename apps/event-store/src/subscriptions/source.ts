import type { StoredEvent } from '../log/stored-event.js';
import { TOMBSTONE_TYPE } from '../log/stored-event.js';
import type { EventFilter } from '../streams/event-filter.js';
import { StreamDeleted } from '../streams/refusals.js';
import type { Page, StreamReader } from '../streams/stream-reader.js';

/** What a subscription follows: the log or one stream. */
export interface Source {
  /** What comes after a position of the log. Nothing considered: the end is reached. */
  after(position: number): Page;
  /** Which of these newly committed events belong to it. */
  select(events: readonly StoredEvent[]): readonly StoredEvent[];
}

export const allSource = (reader: StreamReader, filter: EventFilter | undefined): Source => ({
  after: (position) => reader.allAfter(position, filter),
  select: (events) => (filter ? events.filter(filter) : events),
});

/** Follows one stream from after a revision. It need not be there yet; a tombstone ends it. */
export const streamSource = (reader: StreamReader, stream: string, revision: number): Source => {
  let passed = revision;
  const pass = (events: readonly StoredEvent[]) => {
    for (const event of events) {
      if (event.type === TOMBSTONE_TYPE) throw new StreamDeleted(stream);
      passed = event.revision;
    }
    return events;
  };
  return {
    after: (position) => {
      const events = pass(reader.streamAfter(stream, passed));
      const last = events.at(-1)?.position ?? position;
      return { events, considered: events.length, position: Math.max(position, last) };
    },
    select: (events) =>
      pass(events.filter((event) => event.stream === stream && event.revision > passed)),
  };
};
