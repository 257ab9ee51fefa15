import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ProposedEvent } from '../log/stored-event.js';
import { EventStore } from '../streams/event-store.js';
import { Checkpoints } from './checkpoints.js';
import { allSource } from './source.js';
import { Subscription } from './subscription.js';

const proposed = (type: string): ProposedEvent => ({
  id: randomBytes(16),
  type,
  json: false,
  metadata: new Uint8Array(),
  data: new Uint8Array(),
});

const open = (interval = Infinity) => {
  const store = new EventStore({ file: ':memory:' });
  const abort = new AbortController();
  const told: string[] = [];
  let hold: Promise<void> | undefined;
  const write = async (stream: string, ...types: string[]) => {
    const events = types.map(proposed);
    await store.commits.submit(() => store.writer.append({ stream, events, expected: 'any' }));
  };
  const run = () =>
    new Subscription(store.commits, {
      source: allSource(store.reader, ({ stream }) => stream === 'mine'),
      checkpoints: new Checkpoints(interval),
      after: 0,
      signal: abort.signal,
      subscriber: {
        event: ({ type }) => told.push(type),
        checkpoint: (position) => told.push(`at ${position}`),
        caughtUp: () => told.push('live'),
        fellBehind: () => told.push('behind'),
        ready: () => hold ?? Promise.resolve(),
      },
    }).run();
  const block = () => {
    let release: () => void = () => undefined;
    hold = new Promise((resolve) => {
      release = () => {
        hold = undefined;
        resolve();
      };
    });
    return release;
  };
  return { write, run, abort, told, block };
};

/** Lets everything run that waits for nothing but its turn. */
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('Subscription', () => {
  it('gives history, says that it is over, and goes on', async () => {
    const { write, run, abort, told } = open();
    await write('mine', 'a');
    await write('other', 'x');
    const running = run();
    await settled();
    await write('mine', 'b', 'c');
    await settled();
    abort.abort();
    await running;
    expect(told).toEqual(['a', 'live', 'b', 'c']);
  });

  it('gives checkpoints while nothing is for it, and at the end of history', async () => {
    const { write, run, abort, told } = open(3);
    await write('other', 'x', 'y');
    const running = run();
    await settled();
    await write('other', 'x');
    await write('other', 'y', 'z');
    await settled();
    abort.abort();
    await running;
    expect(told).toEqual(['at 2', 'live', 'at 5']);
  });

  it('reads what was committed while its client was busy', async () => {
    const { write, run, abort, told, block } = open();
    const running = run();
    await settled();
    const release = block();
    await write('mine', 'a');
    await settled();
    await write('mine', 'b');
    await write('other', 'x');
    await write('mine', 'c');
    expect(told).toEqual(['live', 'a']);
    release();
    await settled();
    await write('mine', 'd');
    await settled();
    abort.abort();
    await running;
    expect(told).toEqual(['live', 'a', 'b', 'c', 'd']);
  });

  it('says that it is behind when its client stays behind, and when it no longer is', async () => {
    const { write, run, abort, told, block } = open();
    const running = run();
    await settled();
    const release = block();
    await write('mine', 'a');
    await settled();
    const many = Array.from({ length: 300 }, () => 'm');
    for (let n = 0; n < 5; n++) await write('mine', ...many);
    release();
    await settled();
    abort.abort();
    await running;
    expect(told.filter((word) => word === 'm')).toHaveLength(1500);
    expect(told.filter((word) => word !== 'm')).toEqual(['live', 'a', 'behind', 'live']);
  });
});
