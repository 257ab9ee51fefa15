import { randomBytes } from 'node:crypto';
import type { EventLog, StreamState } from '../log/event-log.js';
import type { Written } from '../log/group-commit.js';
import { METADATA_TYPE, TOMBSTONE_TYPE, type ProposedEvent } from '../log/stored-event.js';
import { judge, type StreamFacts } from './expectation.js';
import { StreamDeleted, WrongExpectedRevision, type ExpectedRevision } from './refusals.js';
import { metastreamOf, revivedMetadata, SOFT_DELETED } from './stream-metadata.js';
import type { StreamReader } from './stream-reader.js';

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly ProposedEvent[];
}

export interface Appended {
  /** Revision of the last event, -1 when the stream has none. */
  readonly revision: number;
  /** Position of the last event, `undefined` when nothing was appended. */
  readonly position: number | undefined;
}

/** The rules of writing. Its methods run inside the log's transaction, and refuse before they write. */
export class StreamWriter {
  readonly #log: EventLog;
  readonly #reader: StreamReader;
  readonly #clock: () => number;

  constructor(log: EventLog, reader: StreamReader, clock: () => number) {
    this.#log = log;
    this.#reader = reader;
    this.#clock = clock;
  }

  append(request: AppendRequest): Written<Appended> {
    const facts = this.#facts(request.stream);
    const repetition = this.#repetition(request, facts);
    if (repetition) return { result: repetition, events: [] };
    const revival = facts.softDeleted ? this.#revive(request.stream, facts.last + 1) : [];
    const events = this.#log.append(request.stream, request.events, this.#clock());
    const last = events.at(-1);
    return {
      result: { revision: last?.revision ?? facts.last, position: last?.position },
      events: [...revival, ...events],
    };
  }

  /** Hides the events of a stream; it can be written again. Gives the position of the deletion. */
  softDelete(stream: string, expected: ExpectedRevision): Written<number> {
    const facts = this.#facts(stream);
    if (facts.last < 0) throw new WrongExpectedRevision(stream, expected, facts.last);
    this.#demand(stream, expected, facts);
    return placed(this.#log.append(metastreamOf(stream), [metadata(SOFT_DELETED)], this.#clock()));
  }

  /** Closes a stream for ever. Gives the position of the deletion. */
  tombstone(stream: string, expected: ExpectedRevision): Written<number> {
    const facts = this.#facts(stream);
    this.#demand(stream, expected, facts);
    const events = this.#log.append(stream, [proposed(TOMBSTONE_TYPE, NOTHING)], this.#clock());
    this.#log.tombstone(stream);
    return placed(events);
  }

  #facts(stream: string): StreamFacts {
    if (this.#reader.isTombstoned(stream)) throw new StreamDeleted(stream);
    const metadata = this.#reader.metadataOf(stream);
    return {
      last: this.#log.stream(stream)?.last ?? -1,
      softDeleted: metadata.softDeleted,
      born: metadata.softDeleted ? 0 : metadata.truncateBefore,
      hasMetadata: this.#log.stream(metastreamOf(stream)) !== undefined,
    };
  }

  /** Refuses what the expectation forbids; gives the place of events that are there already. */
  #repetition(request: AppendRequest, facts: StreamFacts): Appended | undefined {
    const { stream, expected } = request;
    const verdict = judge(expected, facts);
    switch (verdict.kind) {
      case 'met':
        return undefined;
      case 'deleted':
        throw new StreamDeleted(stream);
      case 'unmet':
        throw new WrongExpectedRevision(stream, expected, facts.last);
      case 'behind':
        return this.#sameAt(verdict.revision, request, facts);
      case 'met-unless-repeated': {
        const revision = this.#revisionOfFirst(request);
        return revision === undefined ? undefined : this.#sameAt(revision, request, facts);
      }
    }
  }

  #revisionOfFirst({ stream, events }: AppendRequest): number | undefined {
    const state = this.#log.stream(stream);
    return state && events[0] && this.#log.revisionOf(state, events[0].id);
  }

  #sameAt(revision: number, request: AppendRequest, facts: StreamFacts): Appended {
    const { stream, events, expected } = request;
    const state = this.#log.stream(stream);
    const last = state && this.#lastOfSame(state, revision, events);
    if (!last) throw new WrongExpectedRevision(stream, expected, facts.last);
    return last;
  }

  #lastOfSame(
    stream: StreamState,
    revision: number,
    events: readonly ProposedEvent[],
  ): Appended | undefined {
    let last: Appended | undefined;
    for (const [index, event] of events.entries()) {
      const stored = this.#log.atRevision(stream, revision + index);
      if (!stored || Buffer.compare(stored.id, event.id) !== 0) return undefined;
      last = { revision: stored.revision, position: stored.position };
    }
    return last;
  }

  #demand(stream: string, expected: ExpectedRevision, facts: StreamFacts): void {
    const { kind } = judge(expected, facts);
    if (kind === 'deleted') throw new StreamDeleted(stream);
    if (kind === 'unmet' || kind === 'behind') {
      throw new WrongExpectedRevision(stream, expected, facts.last);
    }
  }

  #revive(stream: string, firstRevision: number) {
    const present = this.#reader.rawMetadataOf(stream) ?? NOTHING;
    const revived = metadata(revivedMetadata(present, firstRevision));
    return this.#log.append(metastreamOf(stream), [revived], this.#clock());
  }
}

const NOTHING = new Uint8Array();

const proposed = (type: string, data: Uint8Array): ProposedEvent => ({
  id: randomBytes(16),
  type,
  json: data.length > 0,
  metadata: NOTHING,
  data,
});

const metadata = (data: Uint8Array) => proposed(METADATA_TYPE, data);

const placed = (events: Written<number>['events']): Written<number> => ({
  result: events.at(-1)?.position ?? 0,
  events,
});
