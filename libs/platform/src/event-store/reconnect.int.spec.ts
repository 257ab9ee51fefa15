import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  proposed,
  StoreUnavailable,
  type Batch,
  type EventStore,
} from '@jeroboam/eventing/event-store';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { EventStoreDbEventStore } from './event-store-db-event-store.js';

// The server is started again several times, maybe on a busy machine.
jest.setTimeout(60_000);

const ROUNDS = 3;
const APPENDS = 40;

let dataDir: string;
let server: EventStoreProcess;
let store: EventStoreDbEventStore;
let lost: unknown[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  server = await EventStoreProcess.start({ dataDir });
  lost = [];
  store = new EventStoreDbEventStore({
    connectionString: server.connectionString,
    onLost: (error) => lost.push(error),
  });
});
afterEach(async () => {
  await store.close();
  await server.kill();
  await rm(dataDir, { recursive: true });
});

const restart = async () => {
  await server.kill();
  server = await EventStoreProcess.start({ dataDir, port: server.port });
};

const write = (to: EventStore, stream: string, number: number) =>
  to.append({
    stream,
    events: proposed([{ type: 'Counted', data: { number } }], {
      correlationId: 'r',
      causationId: 'c',
      commandId: `${stream}/${number}`,
      actor: null,
    }),
    expected: 'any',
  });

const numbers = (batch: Batch) =>
  batch.events.map(({ data }) => (data as { number: number }).number);

describe('a store whose server is killed', () => {
  it('goes on with a subscription where it was', async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    await write(store, 'counter-1', 1);
    let restarted: Promise<unknown> | undefined;
    const asked = { after: null, categories: ['counter'], signal: abort.signal };
    for await (const batch of store.subscribe(asked)) {
      seen.push(...numbers(batch));
      if (batch.live && seen.length === 1) {
        restarted ??= restart().then(() => write(store, 'counter-1', 2));
      }
      if (seen.length === 2) break;
    }
    await restarted;
    expect(seen).toEqual([1, 2]);
    expect(lost.length).toBeGreaterThan(0);
  });

  it('stores each append once, whenever the server died', async () => {
    const writers = [0, 1, 2, 3, 4, 5, 6, 7];
    for (let round = 0; round < ROUNDS; round++) {
      let restarted: Promise<void> | undefined;
      const writeSome = async (writer: number) => {
        for (let index = 0; index < APPENDS; index++) {
          await write(store, `counter-${writer}`, round * APPENDS + index);
          if (index === 5) restarted ??= restart();
        }
      };
      await Promise.all(writers.map(writeSome));
      await restarted;
    }
    for (const writer of writers) {
      const events = await store.read(`counter-${writer}`);
      const written = events.map(({ data }) => (data as { number: number }).number);
      expect(written).toEqual(Array.from({ length: ROUNDS * APPENDS }, (_, index) => index));
    }
  });

  it('does not wait for one that hangs, and stores once what was sent to it', async () => {
    const hasty = new EventStoreDbEventStore({
      connectionString: server.connectionString,
      patience: { attemptMs: 200, totalMs: 600 },
    });
    await write(hasty, 'counter-1', 0);
    process.kill(server.pid ?? 0, 'SIGSTOP');
    await expect(write(hasty, 'counter-1', 1)).rejects.toThrow(StoreUnavailable);
    await expect(hasty.read('counter-1')).rejects.toThrow(StoreUnavailable);
    process.kill(server.pid ?? 0, 'SIGCONT');
    const again = await write(store, 'counter-1', 1);
    expect(again.revision).toBe(1);
    expect(await store.read('counter-1')).toHaveLength(2);
    await hasty.close();
  });

  it('says so when the server stays away', async () => {
    const hasty = new EventStoreDbEventStore({
      connectionString: server.connectionString,
      patience: { attemptMs: 100, totalMs: 300 },
    });
    await server.kill();
    await expect(write(hasty, 'counter-1', 1)).rejects.toThrow(StoreUnavailable);
    await expect(hasty.read('counter-1')).rejects.toThrow(StoreUnavailable);
    await expect(hasty.head()).rejects.toThrow(StoreUnavailable);
    await hasty.close();
  });
});
