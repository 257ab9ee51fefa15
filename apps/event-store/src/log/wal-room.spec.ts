import { copyFileSync, existsSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempFolder, type TempFolder } from '@jeroboam/testing/temp-folder';
import { EventLog } from './event-log.js';
import { makeRoom } from './wal-room.js';

const ROOM = 8192 * 4120;

describe('the room of the write-ahead log', () => {
  let folder: TempFolder;
  const opened: EventLog[] = [];
  const open = (file: string): EventLog => {
    const log = new EventLog(file);
    opened.push(log);
    return log;
  };
  const write = (log: EventLog, count: number): void => {
    for (let n = 0; n < count; n++) {
      const event = {
        ...{ id: Buffer.alloc(16, n + 1), type: 'Said', json: true },
        ...{ metadata: new Uint8Array(), data: new Uint8Array(100) },
      };
      log.transaction(() => log.append('a', [event], 1000));
    }
  };

  beforeEach(() => {
    folder = tempFolder('wal-room-');
  });
  afterEach(() => {
    for (const log of opened.splice(0)) log.close();
    folder.remove();
  });

  it('is there from the start, and does not grow with what is written', () => {
    const file = join(folder.path, 'log.sqlite');
    const log = open(file);
    const { size } = statSync(`${file}-wal`);
    expect(size).toBeGreaterThanOrEqual(ROOM);
    write(log, 100);
    expect(statSync(`${file}-wal`).size).toBe(size);
  });

  it.each([
    ['as it was', null],
    ['from before there was room', 1_000_000],
  ])('is made behind what a crash has left, %s', (_, walBytes) => {
    const [file, left] = [join(folder.path, 'log.sqlite'), join(folder.path, 'left.sqlite')];
    const log = open(file);
    write(log, 50);
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, left + suffix);
    if (walBytes !== null) truncateSync(`${left}-wal`, walBytes);
    const again = open(left);
    expect(again.stream('a')).toMatchObject({ last: 49 });
    expect(statSync(`${left}-wal`).size).toBeGreaterThanOrEqual(ROOM);
    write(again, 1);
    expect(again.head).toBe(51);
  });

  it('is not made for what is in memory', () => {
    const missing = join(folder.path, 'missing-wal');
    makeRoom(missing, 1000);
    expect(existsSync(missing)).toBe(false);
  });
});
