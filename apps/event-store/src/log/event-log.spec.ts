import { describe, expect, it } from '@jest/globals';
import { EventLog } from './event-log.js';
import type { ProposedEvent } from './stored-event.js';

const proposed = (type: string, bytes = 0): ProposedEvent => ({
  id: Buffer.alloc(16, type),
  type,
  json: true,
  metadata: new Uint8Array(),
  data: new Uint8Array(bytes),
});

const open = () => new EventLog(':memory:');
const write = (log: EventLog, stream: string, ...types: string[]) => {
  log.transaction(() =>
    log.append(
      stream,
      types.map((type) => proposed(type)),
      1000,
    ),
  );
};
const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe('EventLog', () => {
  it('numbers events in the log and in their streams', () => {
    const log = open();
    write(log, 'a', 'A0', 'A1');
    write(log, 'b', 'B0');
    write(log, 'a', 'A2');
    const places = log
      .readAfter(0, 99)
      .map(({ position, stream, revision }) => [position, stream, revision]);
    expect(places).toEqual([
      [1, 'a', 0],
      [2, 'a', 1],
      [3, 'b', 0],
      [4, 'a', 2],
    ]);
    expect(log.head).toBe(4);
    expect(log.stream('a')).toMatchObject({ last: 2, tombstoned: false });
    expect(log.stream('c')).toBeUndefined();
  });

  it('forgets all of a transaction that fails', () => {
    const log = open();
    write(log, 'a', 'A0');
    const failing = () => {
      log.transaction(() => {
        log.append('a', [proposed('A1')], 1000);
        log.append('b', [proposed('B0')], 1000);
        log.tombstone('a');
        throw new Error('disk full');
      });
    };
    expect(failing).toThrow('disk full');
    expect(log.head).toBe(1);
    expect(log.stream('a')).toMatchObject({ last: 0, tombstoned: false });
    expect(log.stream('b')).toBeUndefined();
    write(log, 'a', 'A1');
    expect(types(log.readAfter(0, 99))).toEqual(['A0', 'A1']);
  });

  it('reads parts of a stream both ways', () => {
    const log = open();
    write(log, 'a', 'A0', 'A1', 'A2', 'A3');
    const stream = log.stream('a')!;
    const range = { stream, from: 1, to: 2, since: 0, backwards: false };
    expect(types(log.readStream(range))).toEqual(['A1', 'A2']);
    expect(types(log.readStream({ ...range, backwards: true }))).toEqual(['A2', 'A1']);
    expect(types(log.readStream({ ...range, since: 1001 }))).toEqual([]);
  });

  it('bounds a page by events and by bytes', () => {
    const log = open();
    const small = Array.from({ length: 600 }, () => proposed('S'));
    const large = Array.from({ length: 5 }, () => proposed('L', 400 * 1024));
    log.transaction(() => log.append('a', [...small, ...large], 1000));
    expect(log.readAfter(0, 999)).toHaveLength(512);
    expect(log.readAfter(600, 999)).toHaveLength(3);
    expect(log.readBefore(606)).toHaveLength(3);
  });

  it('finds events by id within a stream', () => {
    const log = open();
    write(log, 'a', 'X', 'Y');
    write(log, 'b', 'Y');
    const id = proposed('Y').id;
    expect(log.revisionOf(log.stream('a')!, id)).toBe(1);
    expect(log.revisionOf(log.stream('b')!, id)).toBe(0);
    expect(log.revisionOf(log.stream('b')!, proposed('X').id)).toBeUndefined();
  });
});
