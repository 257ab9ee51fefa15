import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import { BoundedMap } from './bounded-map.js';
import { openDatabase } from './schema.js';
import type { EventHeader, ProposedEvent, StoredEvent } from './stored-event.js';

/** What the log knows of a stream. */
export interface StreamState {
  readonly id: number;
  readonly name: string;
  /** Revision of its last event, -1 before the first. */
  last: number;
  tombstoned: boolean;
}

/** A part of a stream, in the order of reading. */
export interface StreamRange {
  readonly stream: StreamState;
  /** First and last revision wanted. */
  readonly from: number;
  readonly to: number;
  /** Leave out what is older, milliseconds since 1970. */
  readonly since: number;
  readonly backwards: boolean;
}

/** One page is at most so many rows, and ends after the row that passes so many bytes. */
const PAGE_ROWS = 512;
const PAGE_BYTES = 1024 * 1024;
const SCAN_ROWS = 1024;
const KNOWN_STREAMS = 10_000;

const COLUMNS = `e.position, s.name AS stream, e.revision, e.id, e.created, e.json, e.type,
  e.metadata, e.data FROM events e JOIN streams s ON s.id = e.stream`;

/** The events on disk: a SQLite file. Calls block; writes belong inside {@link transaction}. */
export class EventLog {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #streams = new BoundedMap<string, StreamState>(KNOWN_STREAMS);
  #head: number;

  constructor(file: string) {
    this.#database = openDatabase(file);
    this.#head = this.#readHead();
  }

  /** Position of the last event, 0 when there is none. */
  get head(): number {
    return this.#head;
  }

  close(): void {
    this.#database.close();
  }

  /** All writes of `work` are on disk when this returns, or none is in the log and it throws. */
  transaction(work: () => void): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      this.#streams.clear();
      this.#head = this.#readHead();
      throw error;
    }
  }

  stream(name: string): StreamState | undefined {
    const known = this.#streams.get(name);
    if (known) return known;
    const row = this.#prepare(
      `SELECT id, tombstoned, (SELECT max(revision) FROM events WHERE stream = streams.id) AS last
       FROM streams WHERE name = ?`,
    ).get(name);
    if (!row) return undefined;
    const state: StreamState = {
      id: Number(row['id']),
      name,
      last: Number(row['last'] ?? -1),
      tombstoned: row['tombstoned'] === 1,
    };
    this.#streams.set(name, state);
    return state;
  }

  /** Adds events at the end of a stream. */
  append(name: string, events: readonly ProposedEvent[], created: number): StoredEvent[] {
    const stream = this.stream(name) ?? this.#createStream(name);
    const insert = this.#prepare(`INSERT INTO events
      (position, stream, revision, id, created, json, type, metadata, data)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    return events.map((event) => {
      const position = ++this.#head;
      const revision = ++stream.last;
      const { id, type, json, metadata, data } = event;
      insert.run(position, stream.id, revision, id, created, json ? 1 : 0, type, metadata, data);
      return { position, stream: name, revision, id, created, json, type, metadata, data };
    });
  }

  /** Closes a stream for ever. */
  tombstone(name: string): void {
    const stream = this.stream(name) ?? this.#createStream(name);
    this.#prepare('UPDATE streams SET tombstoned = 1 WHERE id = ?').run(stream.id);
    stream.tombstoned = true;
  }

  /** The first page of a part of a stream. */
  readStream({ stream, from, to, since, backwards }: StreamRange): StoredEvent[] {
    const order = backwards ? 'DESC' : 'ASC';
    const select = this.#prepare(`SELECT ${COLUMNS} WHERE e.stream = ?
      AND e.revision BETWEEN ? AND ? AND e.created >= ? ORDER BY e.revision ${order} LIMIT ?`);
    return page(select.iterate(stream.id, from, to, since, PAGE_ROWS));
  }

  /** The first page of the events after a position, up to and with another. */
  readAfter(position: number, to: number): StoredEvent[] {
    const select = this.#prepare(
      `SELECT ${COLUMNS} WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`,
    );
    return page(select.iterate(position, to, PAGE_ROWS));
  }

  /** The first page of the events before a position, newest first. */
  readBefore(position: number): StoredEvent[] {
    const select = this.#prepare(
      `SELECT ${COLUMNS} WHERE e.position < ? ORDER BY e.position DESC LIMIT ?`,
    );
    return page(select.iterate(position, PAGE_ROWS));
  }

  /** What a filter needs of the next thousand events after a position. */
  scanAfter(position: number, to: number): EventHeader[] {
    return this.#prepare(
      `SELECT e.position, s.name AS stream, e.type FROM events e JOIN streams s ON s.id = e.stream
       WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?`,
    )
      .all(position, to, SCAN_ROWS)
      .map((row) => ({
        position: Number(row['position']),
        stream: String(row['stream']),
        type: String(row['type']),
      }));
  }

  at(position: number): StoredEvent | undefined {
    const row = this.#prepare(`SELECT ${COLUMNS} WHERE e.position = ?`).get(position);
    return row && toEvent(row);
  }

  atRevision(stream: StreamState, revision: number): StoredEvent | undefined {
    const row = this.#prepare(`SELECT ${COLUMNS} WHERE e.stream = ? AND e.revision = ?`).get(
      stream.id,
      revision,
    );
    return row && toEvent(row);
  }

  /** Revision at which a stream holds the event of this id. */
  revisionOf(stream: StreamState, id: Uint8Array): number | undefined {
    // Left to itself SQLite walks through the stream, since that is in the order asked for.
    const row = this.#prepare(
      `SELECT revision FROM events INDEXED BY events_by_id
       WHERE id = ? AND stream = ? ORDER BY revision LIMIT 1`,
    ).get(id, stream.id);
    return row && Number(row['revision']);
  }

  #createStream(name: string): StreamState {
    const { lastInsertRowid } = this.#prepare('INSERT INTO streams (name) VALUES (?)').run(name);
    const state = { id: Number(lastInsertRowid), name, last: -1, tombstoned: false };
    this.#streams.set(name, state);
    return state;
  }

  #readHead(): number {
    return Number(this.#prepare('SELECT max(position) AS head FROM events').get()?.['head'] ?? 0);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

const page = (rows: Iterable<Record<string, SQLOutputValue>>): StoredEvent[] => {
  const events: StoredEvent[] = [];
  let bytes = 0;
  for (const row of rows) {
    const event = toEvent(row);
    events.push(event);
    bytes += event.data.length + event.metadata.length;
    if (bytes > PAGE_BYTES) break;
  }
  return events;
};

const NOTHING = new Uint8Array();
const bytesOf = (value: SQLOutputValue | undefined) =>
  value instanceof Uint8Array ? value : NOTHING;

const toEvent = (row: Record<string, SQLOutputValue>): StoredEvent => ({
  position: Number(row['position']),
  stream: String(row['stream']),
  revision: Number(row['revision']),
  id: bytesOf(row['id']),
  created: Number(row['created']),
  json: row['json'] === 1,
  type: String(row['type']),
  metadata: bytesOf(row['metadata']),
  data: bytesOf(row['data']),
});
