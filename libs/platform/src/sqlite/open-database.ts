import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How long to wait for a predecessor that is still closing its files, in ms. */
const BUSY_TIMEOUT_MS = 5000;
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOT_A_DATABASE = 26;

/**
 * A SQLite database for data that can be made again: a crash of the machine may lose the last commits,
 * never tear one. A damaged file is moved to `<file>.corrupt` and a new one begun.
 */
export const openDatabase = (file: string, onCorrupt: (reason: string) => void): DatabaseSync => {
  mkdirSync(dirname(file), { recursive: true });
  try {
    return opened(file);
  } catch (error) {
    if (!isCorruption(error)) throw readable(file, error);
    onCorrupt(`${file} is damaged and is filled again: ${String(error)}`);
    setAside(file);
    return opened(file);
  }
};

const opened = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    // One process owns the file: two projectors in it would undo each other's checkpoints.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec('PRAGMA temp_store = MEMORY');
    const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (verdict !== 'ok') throw new Corruption(String(verdict));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

class Corruption extends Error {
  override readonly name = 'Corruption';
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;

const isCorruption = (error: unknown): boolean => {
  const code = codeOf(error);
  return error instanceof Corruption || code === SQLITE_CORRUPT || code === SQLITE_NOT_A_DATABASE;
};

const readable = (file: string, error: unknown): unknown =>
  codeOf(error) === SQLITE_BUSY
    ? new Error(`${file} is in use by another process`, { cause: error })
    : error;

const setAside = (file: string): void => {
  renameSync(file, `${file}.corrupt`);
  // A journal of the damaged file must not be played into the new one.
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
};
