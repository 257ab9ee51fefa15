import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { eventStoreContract } from '@jeroboam/eventing/event-store.contract';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { EventStoreDbEventStore } from './event-store-db-event-store.js';

/** Another server to hold to the contract; without it the embedded one is started. */
const given = process.env['JEROBOAM_EVENTSTORE_TEST_URL'];

let dataDir: string;
let server: EventStoreProcess | undefined;
let store: EventStoreDbEventStore;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  if (!given) server = await EventStoreProcess.start({ dataDir });
  const connectionString = given ?? server?.connectionString ?? '';
  store = new EventStoreDbEventStore({ connectionString });
});
afterAll(async () => {
  await store.close();
  await server?.stop();
  await rm(dataDir, { recursive: true });
});

eventStoreContract('EventStoreDbEventStore', () => Promise.resolve(store));
