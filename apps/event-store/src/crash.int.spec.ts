import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { collect } from './testing/reading.js';

jest.setTimeout(120_000);

const ROUNDS = 4;
const WRITERS = 32;

let dataDir: string;
let server: EventStoreProcess;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  server = await EventStoreProcess.start({ dataDir });
});
afterEach(async () => {
  await server.kill();
  await rm(dataDir, { recursive: true });
});

/** Appends without pause until the server is gone. Adds the ids it acknowledged. */
const writeUntilGone = async (
  client: EventStoreDBClient,
  stream: string,
  acknowledged: Set<string>,
) => {
  for (;;) {
    const events = [1, 2].map((half) =>
      jsonEvent({ id: randomUUID(), type: 'Written', data: { half } }),
    );
    try {
      await client.appendToStream(stream, events);
    } catch {
      return;
    }
    for (const { id } of events) acknowledged.add(id);
  }
};

const killWhen = async (enough: () => boolean) => {
  while (!enough()) await new Promise((resolve) => setImmediate(resolve));
  await server.kill();
};

it('loses nothing it acknowledged, doubles nothing, and tears no append, however often it is killed', async () => {
  const acknowledged = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const goal = acknowledged.size + randomInt(200, 800);
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      writeUntilGone(client, `crash-${writer}`, acknowledged),
    );
    await killWhen(() => acknowledged.size >= goal);
    await Promise.all(writers);
    await client.dispose();
    server = await EventStoreProcess.start({ dataDir });
  }
  const client = EventStoreDBClient.connectionString(server.connectionString);
  const events = await collect(client.readAll());
  const ids = events.map(({ event }) => event?.id ?? '');
  const stored = new Set(ids);
  expect(stored.size).toBe(ids.length);
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
  const last = new Map<string, number>();
  for (const { event } of events) {
    const { streamId = '', revision = -1n } = event ?? {};
    expect(Number(revision)).toBe((last.get(streamId) ?? -1) + 1);
    last.set(streamId, Number(revision));
  }
  // Two events an append: a stream that ends after the first of them holds half of one.
  expect([...last.values()].filter((revision) => revision % 2 === 0)).toEqual([]);
  await client.dispose();
});
