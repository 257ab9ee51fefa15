import { closeSync, existsSync, fstatSync, openSync, writeSync } from 'node:fs';

const ZEROS = Buffer.alloc(1 << 20);

/**
 * Lets a write-ahead log have its size before it is needed. While it grows, each wait for the disk is one
 * for the file system's journal too, and with it for whatever all other processes have just written: up to
 * hundreds of milliseconds. What is overwritten waits for itself alone.
 *
 * Zeros are no frames, so SQLite reads on as if they were not there. To be called with the database
 * open and its lock held, between two statements; a file of a database in memory is not there.
 *
 * @param wal path of the file
 * @param bytes size it is to have at least
 */
export const makeRoom = (wal: string, bytes: number): void => {
  if (!existsSync(wal)) return;
  const file = openSync(wal, 'r+');
  try {
    let { size } = fstatSync(file);
    while (size < bytes)
      size += writeSync(file, ZEROS, 0, Math.min(ZEROS.length, bytes - size), size);
  } catch {
    // No room on the disk: the log grows as it is written, and a writer hears of it when it cannot.
  } finally {
    closeSync(file);
  }
};
