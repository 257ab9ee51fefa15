import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  proposed,
  StoreUnavailable,
  type Batch,
  type Subscription,
} from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { View } from '@jeroboam/eventing/projector';
import { SilentLog } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { SqliteRowStore } from '../sqlite/sqlite-row-store.js';
import { ReadModel, type ReadModelOptions } from './read-model.js';

const times: View<number> = {
  name: 'times.v1',
  columns: {},
  categories: ['word'],
  keys: (event) => [event.data as string],
  evolve: (row) => (row ?? 0) + 1,
  index: () => ({}),
};

/** Fails as often as asked before it delivers. */
class FaultyEventStore extends InMemoryEventStore {
  faults: Error[] = [];
  override async *subscribe(subscription: Subscription): AsyncIterable<Batch> {
    const fault = this.faults.shift();
    if (fault) throw fault;
    yield* super.subscribe(subscription);
  }
}

describe('ReadModel', () => {
  let store: FaultyEventStore;
  let rows: SqliteRowStore;
  let metrics: Metrics;
  let model: ReadModel;
  let commands = 0;

  const append = (word: string) =>
    store.append({
      stream: 'word-1',
      events: proposed([{ type: 'Said', data: word }], {
        correlationId: 'r',
        causationId: 'r',
        commandId: `c${commands++}`,
        actor: null,
      }),
      expected: 'any',
    });
  const build = (options: Partial<ReadModelOptions> = {}) =>
    new ReadModel({
      name: 'words',
      store,
      rows,
      views: [times],
      log: new SilentLog(),
      metrics,
      maxFaults: 3,
      retryDelayMs: 1,
      ...options,
    });

  beforeEach(() => {
    store = new FaultyEventStore(() => new Date().toISOString());
    rows = SqliteRowStore.open(':memory:');
    metrics = new Metrics('api');
    model = build();
  });
  afterEach(async () => {
    await model.close();
    rows.close();
  });

  it('has caught up when it is started', async () => {
    await append('a');
    await append('a');
    expect(model.check()).toEqual({ healthy: false, detail: 'catching-up' });
    await model.onModuleInit();
    expect(rows.get('times.v1', 'a')).toBe(2);
    expect(model.check()).toEqual({ healthy: true, detail: 'live' });
  });

  it('starts on an empty log', async () => {
    await model.start();
    expect(model.live).toBe(true);
  });

  it('lets a writer wait for its own event', async () => {
    await model.start();
    const { position } = await append('a');
    expect(await model.waitFor(position, 1000)).toBe(true);
    expect(rows.get('times.v1', 'a')).toBe(1);
    expect(await model.waitFor(position, 0)).toBe(true);
  });

  it('does not wait longer than asked', async () => {
    await model.start();
    expect(await model.waitFor(1000n, 5)).toBe(false);
  });

  it('lets nobody wait once it is closed', async () => {
    await model.start();
    const waiting = model.waitFor(1000n, 60_000);
    await model.close();
    expect(await waiting).toBe(false);
    expect(model.check()).toEqual({ healthy: false, detail: 'closed' });
  });

  it('tells of commits until asked not to', async () => {
    await model.start();
    const told: bigint[] = [];
    const stop = model.onCommit((position) => told.push(position));
    await model.waitFor((await append('a')).position, 1000);
    stop();
    await model.waitFor((await append('b')).position, 1000);
    expect(told).toEqual([0n]);
  });

  it('tells with each commit which rows it changed', async () => {
    await model.start();
    const told: unknown[] = [];
    model.onCommit((_position, _live, changes) =>
      told.push(changes.map(({ view, key, row }) => ({ view, key, row }))),
    );
    await model.waitFor((await append('a')).position, 1000);
    expect(told).toEqual([[{ view: 'times.v1', key: 'a', row: 1 }]]);
  });

  it('gathers what comes within a while into one commit', async () => {
    model = build({ gatherMs: 20 });
    await model.start();
    const told: number[] = [];
    model.onCommit((_position, _live, changes) => told.push(changes.length));
    await append('a');
    await append('b');
    const { position } = await append('c');
    expect(await model.waitFor(position, 1000)).toBe(true);
    expect(told).toEqual([3]);
  });

  it('does not wait for more once it is closed', async () => {
    model = build({ gatherMs: 3_600_000 });
    await model.start();
    await model.close();
    expect(model.check()).toEqual({ healthy: false, detail: 'closed' });
  });

  it('survives a few faults', async () => {
    await append('a');
    store.faults = [new Error('first'), new Error('second')];
    await model.start();
    expect(rows.get('times.v1', 'a')).toBe(1);
    expect(model.check()).toEqual({ healthy: true, detail: 'live' });
  });

  it('gives up after too many, and names the last', async () => {
    store.faults = [new Error('first'), new Error('second'), new Error('third')];
    await expect(model.start()).rejects.toThrow('read model words cannot be filled: third');
    expect(model.check()).toEqual({ healthy: false, detail: 'broken: third' });
  });

  it('waits for a store that is away however long it takes', async () => {
    store.faults = Array.from({ length: 6 }, () => new StoreUnavailable('away'));
    await model.start();
    expect(model.live).toBe(true);
  });

  it('breaks when a view throws at every try', async () => {
    const throws = (): readonly string[] => {
      throw new Error('bug');
    };
    model = build({ views: [{ ...times, keys: throws }] });
    await append('a');
    await expect(model.start()).rejects.toThrow('bug');
  });

  it('empties the rows when the log ends before their checkpoint', async () => {
    await append('a');
    rows.prepare([times]);
    const stale = { view: 'times.v1', key: 'a', row: 7, columns: {} };
    rows.commit([stale], ['times.v1'], 99n);
    await model.start();
    expect(rows.get('times.v1', 'a')).toBe(1);
  });

  it('keeps the rows when the log goes on', async () => {
    await append('a');
    await append('b');
    rows.prepare([times]);
    const kept = { view: 'times.v1', key: 'a', row: 7, columns: {} };
    rows.commit([kept], ['times.v1'], 0n);
    await model.start();
    expect(rows.get('times.v1', 'a')).toBe(7);
    expect(rows.get('times.v1', 'b')).toBe(1);
  });

  it('measures how far behind it is', async () => {
    await model.start();
    await model.waitFor((await append('a')).position, 1000);
    const text = await metrics.registry.metrics();
    expect(text).toContain('jeroboam_projection_live{model="words",service="api"} 1');
    expect(text).toContain('jeroboam_projection_lag_seconds_count{service="api",model="words"} 1');
  });
});
