import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { eventStoreContract } from '@jeroboam/eventing/event-store.contract';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { EventStoreDbEventStore } from './event-store-db-event-store.js';

let dataDir: string;
let server: EventStoreProcess;
let store: EventStoreDbEventStore;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'event-store-'));
  server = await EventStoreProcess.start({ dataDir });
  store = new EventStoreDbEventStore({ connectionString: server.connectionString });
});
afterAll(async () => {
  await store.close();
  await server.stop();
  await rm(dataDir, { recursive: true });
});

eventStoreContract('EventStoreDbEventStore', () => Promise.resolve(store));
