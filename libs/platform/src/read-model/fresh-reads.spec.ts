import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Ahead } from '@jeroboam/eventing/event-store';
import { FreshReads, type FreshReadsOptions } from './fresh-reads.js';

/** A log that answers when it is told to, and rows that have come so far. */
class Model {
  reached = 0n;
  readonly waits: number[] = [];
  readonly looks: { readonly from: bigint; answer(ahead: Ahead | Error): void }[] = [];

  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    this.waits.push(timeoutMs);
    return Promise.resolve(position <= this.reached);
  }

  lookAhead(from: bigint): Promise<Ahead> {
    return new Promise((resolve, reject) => {
      const answer = (ahead: Ahead | Error) => {
        if (ahead instanceof Error) reject(ahead);
        else resolve(ahead);
      };
      this.looks.push({ from, answer });
    });
  }
}

describe('FreshReads', () => {
  let model: Model;
  let told: string[];
  beforeEach(() => {
    model = new Model();
    told = [];
  });

  const over = (options: Omit<FreshReadsOptions, 'log'> = {}) => {
    const tell = (message: string) => void told.push(message);
    return new FreshReads(model, { log: { info: tell, warn: tell }, ...options });
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const looked = async (reads: FreshReads, ahead: Ahead | Error): Promise<boolean> => {
    const ready = reads.ready();
    model.looks.at(-1)?.answer(ahead);
    return ready;
  };

  it('are ready once the rows have come as far as the log goes', async () => {
    const reads = over();
    model.reached = 7n;
    expect(await looked(reads, { last: 7n, end: 9n })).toBe(true);
    expect(await looked(reads, { last: null, end: 9n })).toBe(true);
    expect(await looked(reads, { last: 10n, end: 10n })).toBe(false);
  });

  it('look on from where they have looked', async () => {
    const reads = over();
    await looked(reads, { last: 7n, end: 9n });
    await looked(reads, { last: null, end: 12n });
    await looked(reads, { last: null, end: 12n });
    expect(model.looks.map(({ from }) => from)).toEqual([-1n, 9n, 12n]);
  });

  it('still wait for what an earlier look has found', async () => {
    const reads = over();
    expect(await looked(reads, { last: 5n, end: 5n })).toBe(false);
    expect(await looked(reads, { last: null, end: 6n })).toBe(false);
    model.reached = 5n;
    expect(await looked(reads, { last: null, end: 6n })).toBe(true);
  });

  it('share a look that has begun after them, never one that had begun before', async () => {
    const reads = over();
    const done: string[] = [];
    const read = (name: string) => void reads.ready().then(() => done.push(name));
    read('a');
    read('b');
    read('c');
    await turn();
    expect(model.looks).toHaveLength(1);
    model.looks[0]?.answer({ last: null, end: 1n });
    await turn();
    expect([done, model.looks.length]).toEqual([['a'], 2]);
    model.looks[1]?.answer({ last: null, end: 1n });
    await turn();
    expect([done, model.looks.length]).toEqual([['a', 'b', 'c'], 2]);
  });

  it('ask nobody while no other replica writes', async () => {
    const peers = { none: true };
    const reads = over({ peers });
    expect(await reads.ready()).toBe(true);
    expect(model.looks).toEqual([]);
    peers.none = false;
    expect(await looked(reads, { last: 5n, end: 5n })).toBe(false);
  });

  it('wait for a position in vain only once', async () => {
    const reads = over({ timeoutMs: 300 });
    for (const last of [8n, null, 9n]) await looked(reads, { last, end: 9n });
    expect(model.waits).toEqual([300, 0, 300]);
  });

  it.each<[string, (reads: FreshReads) => Promise<boolean>]>([
    ['fails', (reads) => looked(reads, new Error('away'))],
    ['does not answer', (reads) => reads.ready()],
  ])('do without a log that %s, for a while', async (_, attempt) => {
    const reads = over({ timeoutMs: 20, blindMs: 60 });
    expect(await attempt(reads)).toBe(false);
    expect(await reads.ready()).toBe(false);
    expect(model.looks).toHaveLength(1);
    await sleep(80);
    expect(await looked(reads, { last: null, end: 0n })).toBe(true);
    expect(told).toEqual([
      'reads cannot be compared with the log',
      'reads are compared with the log again',
    ]);
  });
});
