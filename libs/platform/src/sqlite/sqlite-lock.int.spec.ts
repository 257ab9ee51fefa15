import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Child } from '@jeroboam/testing/child';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { SqliteRowStore } from './sqlite-row-store.js';

/** Another process that has the file open, as a second replica with the same folder would. */
const occupy = (file: string): Promise<Child> =>
  Child.start({
    name: 'occupant',
    command: process.execPath,
    args: [
      '--eval',
      `const { DatabaseSync } = require('node:sqlite');
       const database = new DatabaseSync(${JSON.stringify(file)});
       database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
       setInterval(() => database.isOpen, 1000);
       console.log('ready');`,
    ],
    env: {},
    ready: /ready/,
  });

describe('a file of rows', () => {
  let folder: TempFolder;
  let file: string;
  let occupant: Child;

  beforeEach(async () => {
    folder = tempFolder();
    file = join(folder.path, 'rows.sqlite');
    occupant = await occupy(file);
  });
  afterEach(async () => {
    await occupant.kill();
    folder.remove();
  });

  it('belongs to one process, and stays whole when another wants it', () => {
    expect(() => SqliteRowStore.open(file)).toThrow(`${file} is in use by another process`);
  }, 15_000);

  it('is free once that process has crashed', async () => {
    await occupant.kill();
    const store = SqliteRowStore.open(file);
    store.prepare([{ name: 'box.v1', columns: {} }]);
    expect(store.checkpoint('box.v1')).toBeNull();
    store.close();
  });
});
