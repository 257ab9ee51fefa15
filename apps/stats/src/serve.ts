import { join } from 'node:path';
import type { INestMicroservice } from '@nestjs/common';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { createMicroservice } from '@jeroboam/platform/bootstrap/nest';
import type { Surroundings } from '@jeroboam/platform/bootstrap/run-with-health';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { SystemClock, type Clock } from '@jeroboam/platform/ids/clock';
import { Nats } from '@jeroboam/platform/nats/nats';
import { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { NatsTransport } from '@jeroboam/platform/rpc/nats-transport';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { audit, owners } from '@jeroboam/read-models/audit';
import { claims } from '@jeroboam/read-models/claims';
import { clusters } from '@jeroboam/read-models/clusters';
import { quotas } from '@jeroboam/read-models/quotas';
import { usage } from '@jeroboam/read-models/usage';
import type { Config } from './config.js';
import { StatsModule } from './stats.module.js';

const NAME = 'stats';
/** Under load, rows are committed so often and no more: nobody counts clusters by the millisecond. */
const GATHER_MS = 25;
/** How long a request waits for what was written just before it. */
const FRESHNESS_MS = 1000;

/** What answers are made from: real in `serve`, made up in specs. */
export interface World {
  readonly store: EventStore;
  readonly nats: Nats;
  readonly rows: SqliteRowStore;
  readonly clock: Clock;
}

/** Connects to the log and to NATS, and answers requests. @returns how to stop. */
export const serve = async (config: Config, around: Surroundings): Promise<() => Promise<void>> => {
  const store = new EventStoreDbEventStore({ connectionString: config.eventStore.url });
  const nats = await Nats.connect(config.nats, NAME, around.log);
  around.health.add(nats);
  const rows = SqliteRowStore.open(join(config.dataDir, NAME, 'rows.sqlite'), (reason) => {
    around.log.warn('rows were damaged and are filled anew', { reason });
  });
  const app = await answering({ store, nats, rows, clock: new SystemClock() }, around);
  return async () => {
    await app.close();
    rows.close();
    await Promise.all([nats.close(), store.close()]);
  };
};

/** Resolves once the rows are filled and requests are taken. */
export const answering = async (
  { store, nats, rows, clock }: World,
  { log, metrics, health }: Surroundings,
): Promise<INestMicroservice> => {
  const views = [clusters, quotas, claims, usage, audit, owners];
  const readModel = new ReadModel({
    name: NAME,
    store,
    rows,
    views,
    log,
    metrics,
    gatherMs: GATHER_MS,
  });
  health.add(readModel);
  const fresh = new FreshReads(readModel, { log, timeoutMs: FRESHNESS_MS });
  const module = StatsModule.of({ readModel, fresh, rows, clock });
  const transport = new NatsTransport({ nats, queue: NAME, log, metrics });
  const app = await createMicroservice(module, transport, log);
  await app.listen();
  return app;
};
