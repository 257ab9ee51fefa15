import { DatabaseSync } from 'node:sqlite';
import { makeRoom } from './wal-room.js';

const VERSION = 1;

/*
 * Large columns come last: a scan for the filter columns then leaves their overflow pages alone.
 */
const TABLES = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    tombstoned INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL REFERENCES streams (id),
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    created INTEGER NOT NULL,
    json INTEGER NOT NULL,
    type TEXT NOT NULL,
    metadata BLOB NOT NULL,
    data BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE INDEX events_by_id ON events (id);
  PRAGMA user_version = ${VERSION};
`;

/** Pages after which the write-ahead log is moved into the file and begins anew. */
const WAL_PAGES = 8192;
/** As many pages, each with the header of its frame, and those of the last commit. */
const WAL_BYTES = (WAL_PAGES + 256) * (4096 + 24);

/**
 * Opens the log's file, or makes it. The lock is exclusive: a second server on the same file fails
 * here. `synchronous = FULL` makes every commit wait for the disk. A small commit writes four pages
 * of 4 KiB: the write-ahead log is moved into the file after some 2,000 of them, not after 250.
 */
export const openDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  try {
    database.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -8192;
      PRAGMA wal_autocheckpoint = ${WAL_PAGES};
      PRAGMA journal_size_limit = 67108864;
    `);
    const row = database.prepare('PRAGMA user_version').get();
    if (row?.['user_version'] === 0) database.exec(`BEGIN; ${TABLES} COMMIT;`);
    else if (row?.['user_version'] !== VERSION) {
      throw new Error(`${file} was written by another version of this server`);
    }
    // With an exclusive lock the file is claimed by the first write only.
    database.exec('BEGIN IMMEDIATE; COMMIT;');
    makeRoom(`${file}-wal`, WAL_BYTES);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};
