/**
 * The embedded event store, by the stock client in this process: durable appends, reads, and what a
 * crash costs. The client takes as much of a core as the server, so both are measured together.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import type { Bench, Measure } from './measure/bench.ts';
import { EventStoreServer } from './measure/event-store-server.ts';

const RUNS = 5;
const SEQUENTIAL = 1000;
const CONCURRENT = 10_000;
const WRITERS = 64;
const READS = 20_000;
const CRASHES = 20;

/** About 330 bytes with its metadata, as a small event of ours. */
const newEvent = (): EventData =>
  jsonEvent({
    id: randomUUID(),
    type: 'NodegroupResized',
    data: { nodegroupId: randomUUID(), nodeCount: 3, requestId: `req-${randomUUID()}` },
    metadata: { $correlationId: randomUUID(), $causationId: randomUUID(), actor: 'bench' },
  });

interface Session {
  readonly server: EventStoreServer;
  readonly client: EventStoreDBClient;
  readonly dataDir: string;
}

const perSecond = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return (count * 1000) / (performance.now() - started);
};

const repeat = async (work: () => Promise<number>): Promise<number[]> => {
  const values: number[] = [];
  for (let run = 0; run < RUNS; run++) values.push(await work());
  return values;
};

const sequentialAppends = ({ client }: Session): Promise<number> =>
  perSecond(SEQUENTIAL, async () => {
    const stream = `sequential-${randomUUID()}`;
    for (let n = 0; n < SEQUENTIAL; n++) await client.appendToStream(stream, newEvent());
  });

const concurrentAppends = ({ client }: Session): Promise<number> =>
  perSecond(CONCURRENT, async () => {
    let left = CONCURRENT;
    const write = async () => {
      const stream = `concurrent-${randomUUID()}`;
      while (left-- > 0) await client.appendToStream(stream, newEvent());
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
  });

const drain = async (events: AsyncIterable<unknown>): Promise<void> => {
  let count = 0;
  const iterator = events[Symbol.asyncIterator]();
  while (!(await iterator.next()).done) count++;
  if (count !== READS) throw new Error(`read ${count} events of ${READS}`);
};

const fillStream = async ({ client }: Session, stream: string): Promise<void> => {
  for (let n = 0; n < READS; n += 500) {
    await client.appendToStream(stream, Array.from({ length: 500 }, newEvent));
  }
};

async function* rates(session: Session): AsyncIterable<Measure> {
  const { client } = session;
  await sequentialAppends(session); // compiles both sides
  yield {
    what: 'appends, one after the other',
    values: await repeat(() => sequentialAppends(session)),
    unit: '/s',
    goal: { relation: '≥', value: 1000 },
  };
  yield {
    what: `appends, ${WRITERS} at once`,
    values: await repeat(() => concurrentAppends(session)),
    unit: '/s',
    goal: { relation: '≥', value: 5000 },
  };
  yield {
    what: 'processor time of the server an append, of 64 at once',
    values: await repeat(async () => {
      const before = session.server.processorUs();
      await concurrentAppends(session);
      return (session.server.processorUs() - before) / CONCURRENT;
    }),
    unit: 'µs',
  };
  const stream = `read-${randomUUID()}`;
  await fillStream(session, stream);
  yield {
    what: 'events read, one stream',
    values: await repeat(() => perSecond(READS, () => drain(client.readStream(stream)))),
    unit: '/s',
    goal: { relation: '≥', value: 20_000 },
  };
  yield {
    what: 'events read, whole log',
    values: await repeat(() => perSecond(READS, () => drain(client.readAll({ maxCount: READS })))),
    unit: '/s',
    goal: { relation: '≥', value: 20_000 },
  };
}

/** Appends until the server is gone; adds the ids of what was acknowledged. */
const writeUntilGone = async (client: EventStoreDBClient, acknowledged: Set<string>) => {
  const stream = `crash-${randomUUID()}`;
  for (;;) {
    const event = newEvent();
    try {
      await client.appendToStream(stream, event);
    } catch {
      return;
    }
    acknowledged.add(event.id);
  }
};

const crashOnce = async ({ server, client }: Session, acknowledged: Set<string>): Promise<void> => {
  const goal = acknowledged.size + randomInt(300, 1500);
  const writers = Array.from({ length: WRITERS }, () => writeUntilGone(client, acknowledged));
  while (acknowledged.size < goal) await new Promise((resolve) => setImmediate(resolve));
  await server.kill();
  await Promise.all(writers);
};

const idsInLog = async ({ client }: Session): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { event } of client.readAll()) if (event) ids.push(event.id);
  return ids;
};

async function* crashes(): AsyncIterable<Measure> {
  const acknowledged = new Set<string>();
  const restartsMs: number[] = [];
  let session = await open();
  for (let round = 0; round < CRASHES; round++) {
    await crashOnce(session, acknowledged);
    await session.client.dispose();
    session = await open(session.dataDir);
    restartsMs.push(session.server.startedMs);
  }
  const stored = await idsInLog(session);
  await close(session);
  const present = new Set(stored);
  const lost = [...acknowledged].filter((id) => !present.has(id)).length;
  const none = { relation: '=', value: 0 } as const;
  const after = `over ${CRASHES} times kill -9, ${acknowledged.size} acknowledged`;
  yield { what: `events lost ${after}`, values: [lost], unit: '', goal: none };
  yield {
    what: 'events doubled',
    values: [stored.length - present.size],
    unit: '',
    goal: none,
  };
  yield { what: 'restart after a crash', values: restartsMs, unit: 'ms' };
}

const open = async (
  dataDir: string | Promise<string> = mkdtemp(join(tmpdir(), 'bench-')),
): Promise<Session> => {
  const directory = await dataDir;
  const server = await EventStoreServer.start(directory);
  const client = EventStoreDBClient.connectionString(server.url);
  return { server, client, dataDir: directory };
};

const close = async ({ server, client, dataDir }: Session): Promise<void> => {
  await client.dispose();
  await server.kill();
  await rm(dataDir, { recursive: true });
};

const memory = (what: string, { server }: Session): Measure[] => {
  const used = server.memoryMiB();
  return used === undefined ? [] : [{ what, values: [used], unit: 'MiB' }];
};

const startsMs = async (): Promise<number[]> =>
  repeat(async () => {
    const session = await open();
    await close(session);
    return session.server.startedMs;
  });

async function* run(): AsyncIterable<Measure> {
  const goal = { relation: '≤', value: 300 } as const;
  yield { what: 'start, empty log', values: await startsMs(), unit: 'ms', goal };
  const session = await open();
  yield* memory('memory after the start', session);
  yield* rates(session);
  yield* memory('memory after all this', session);
  await close(session);
  yield* crashes();
}

export const bench: Bench = { title: 'Embedded event store', run };
