import { BoundedMap } from '../log/bounded-map.js';
import type { EventLog, StreamState } from '../log/event-log.js';
import { LINK_TYPE, type StoredEvent } from '../log/stored-event.js';
import type { EventFilter } from './event-filter.js';
import { StreamDeleted } from './refusals.js';
import {
  isMetastream,
  METADATA_OF_METASTREAM,
  metastreamOf,
  NO_METADATA,
  originalOf,
  parseStreamMetadata,
  visible,
  type StreamMetadata,
} from './stream-metadata.js';

export interface StreamRead {
  readonly stream: string;
  /** First revision to give: `Infinity` is the last one there is. */
  readonly from: number;
  readonly backwards: boolean;
}

export interface AllRead {
  /** Forwards it is given too, backwards it is not. `Infinity` is the end. */
  readonly from: number;
  readonly backwards: boolean;
  readonly filter: EventFilter | undefined;
}

/** Some events, and how far the log has been looked through. */
export interface Page {
  readonly events: readonly StoredEvent[];
  /** How many events were looked at. */
  readonly considered: number;
  /** Position of the last event looked at. */
  readonly position: number;
}

interface CachedMetadata {
  /** A rolled back transaction makes the log forget its states: identity tells them apart. */
  readonly metastream: StreamState;
  readonly revision: number;
  readonly metadata: StreamMetadata;
}

const CACHED_METADATA = 10_000;
const text = new TextDecoder();

/** The rules of reading: what is hidden, what is gone, where links lead. */
export class StreamReader {
  readonly #log: EventLog;
  readonly #clock: () => number;
  readonly #metadata = new BoundedMap<string, CachedMetadata>(CACHED_METADATA);

  constructor(log: EventLog, clock: () => number) {
    this.#log = log;
    this.#clock = clock;
  }

  isTombstoned(stream: string): boolean {
    const owner = isMetastream(stream) ? originalOf(stream) : stream;
    return this.#log.stream(owner)?.tombstoned === true;
  }

  metadataOf(stream: string): StreamMetadata {
    if (isMetastream(stream)) return METADATA_OF_METASTREAM;
    const metastream = this.#log.stream(metastreamOf(stream));
    if (!metastream) return NO_METADATA;
    const cached = this.#metadata.get(stream);
    if (cached?.metastream === metastream && cached.revision === metastream.last) {
      return cached.metadata;
    }
    const raw = this.rawMetadataOf(stream);
    const metadata = raw ? parseStreamMetadata(raw) : NO_METADATA;
    this.#metadata.set(stream, { metastream, revision: metastream.last, metadata });
    return metadata;
  }

  /** The JSON a client wrote, or the server when it deleted the stream. */
  rawMetadataOf(stream: string): Uint8Array | undefined {
    const metastream = this.#log.stream(metastreamOf(stream));
    return metastream && this.#log.atRevision(metastream, metastream.last)?.data;
  }

  /** The stream with what can be read of it, `undefined` when there is none. */
  find(stream: string): StreamState | undefined {
    if (this.isTombstoned(stream)) throw new StreamDeleted(stream);
    const state = this.#log.stream(stream);
    if (!state || state.last < 0 || this.metadataOf(stream).softDeleted) return undefined;
    return state;
  }

  /** Events of a stream page by page; `undefined` when there is no such stream. */
  readStream(read: StreamRead): Iterable<readonly StoredEvent[]> | undefined {
    const state = this.find(read.stream);
    return state && this.#streamPages(state, read);
  }

  *#streamPages(state: StreamState, { from, backwards }: StreamRead) {
    const { firstRevision, since } = visible(
      this.metadataOf(state.name),
      state.last,
      this.#clock(),
    );
    let low = backwards ? firstRevision : Math.max(from, firstRevision);
    let high = backwards ? Math.min(from, state.last) : state.last;
    while (low <= high) {
      const range = { stream: state, from: low, to: high, since, backwards };
      const events = this.#log.readStream(range);
      const last = events.at(-1);
      if (!last) return;
      yield events;
      if (backwards) high = last.revision - 1;
      else low = last.revision + 1;
    }
  }

  /** Events of the log page by page, up to the head it has now. */
  *readAll({ from, backwards, filter }: AllRead): Iterable<readonly StoredEvent[]> {
    if (backwards) return yield* this.#allBackwards(Math.min(from, this.#log.head + 1), filter);
    const head = this.#log.head;
    for (let after = from - 1; after < head;) {
      const page = this.allAfter(after, filter, head);
      if (page.considered === 0) return;
      yield page.events;
      after = page.position;
    }
  }

  *#allBackwards(before: number, filter: EventFilter | undefined) {
    for (;;) {
      const events = this.#log.readBefore(before);
      const last = events.at(-1);
      if (!last) return;
      yield filter ? events.filter(filter) : events;
      before = last.position;
    }
  }

  /** The next events after a position that pass the filter. Nothing considered: the end. */
  allAfter(position: number, filter?: EventFilter, to: number = this.#log.head): Page {
    if (!filter) {
      const events = this.#log.readAfter(position, to);
      const last = events.at(-1)?.position ?? position;
      return { events, considered: events.length, position: last };
    }
    const scanned = this.#log.scanAfter(position, to);
    const wanted = scanned.filter(filter).slice(0, MATCHES);
    const all = wanted.length < MATCHES;
    const last = (all ? scanned : wanted).at(-1)?.position ?? position;
    return {
      events: wanted.flatMap((header) => this.#log.at(header.position) ?? []),
      considered: last - position,
      position: last,
    };
  }

  /** The next visible events of a stream after a revision; none while the stream is not there. */
  streamAfter(stream: string, revision: number): readonly StoredEvent[] {
    for (const events of this.readStream({ stream, from: revision + 1, backwards: false }) ?? []) {
      return events;
    }
    return [];
  }

  /** The event a link leads to: `undefined` when it is gone. Undefined for what is no link, too. */
  target(link: StoredEvent): StoredEvent | undefined {
    if (link.type !== LINK_TYPE) return undefined;
    const [, revision = '', stream = ''] = /^(\d+)@(.+)$/su.exec(text.decode(link.data)) ?? [];
    const state = stream ? this.#log.stream(stream) : undefined;
    if (!state || this.isTombstoned(stream)) return undefined;
    return this.#log.atRevision(state, Number(revision));
  }
}

/** A page of a filtered read holds at most so many events. */
const MATCHES = 256;
