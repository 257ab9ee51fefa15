import { join } from 'node:path';
import { connectCloud } from '@jeroboam/openstack/cloud';
import { createContext } from '@jeroboam/platform/bootstrap/nest';
import type { Surroundings } from '@jeroboam/platform/bootstrap/run-with-health';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { SystemClock } from '@jeroboam/platform/ids/clock';
import { newId } from '@jeroboam/platform/ids/ids';
import { HeartbeatPublisher } from '@jeroboam/platform/membership/heartbeat-publisher';
import { HeartbeatTracker } from '@jeroboam/platform/membership/heartbeat-tracker';
import { Nats } from '@jeroboam/platform/nats/nats';
import { NotificationStream } from '@jeroboam/platform/nats/notification-stream';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { claims } from '@jeroboam/read-models/claims';
import { clusters } from '@jeroboam/read-models/clusters';
import { composeHealthWatch, composeLifecycle, lifecycleSettings } from './compose.js';
import { ConductorModule } from './conductor.module.js';
import type { Config } from './config.js';
import { CadfReactor } from './notifications/cadf.reactor.js';
import { Ownership } from './ownership.js';
import { Reports } from './reports.js';

const NAME = 'conductor';
/** Under load, rows are committed so often and no more: a cluster is not begun by the millisecond. */
const GATHER_MS = 25;
const HEARTBEAT = 'jeroboam.heartbeat.conductor';

/** Connects to the log, NATS and the cloud, and keeps clusters moving. @returns how to stop. */
export const serve = async (
  config: Config,
  { log, metrics, health }: Surroundings,
): Promise<() => Promise<void>> => {
  const clock = new SystemClock();
  const store = new EventStoreDbEventStore({ connectionString: config.eventStore.url });
  const nats = await Nats.connect(config.nats, NAME, log);
  const cloud = connectCloud(cloudConfig(config));
  const rows = SqliteRowStore.open(join(config.dataDir, NAME, 'rows.sqlite'));
  const readModel = new ReadModel({
    name: NAME,
    store,
    rows,
    views: [clusters, claims],
    gatherMs: GATHER_MS,
    log,
    metrics,
  });
  const self = { id: newId(), host: config.host, startedAt: clock.now() };
  const tracker = new HeartbeatTracker(nats, {
    subject: HEARTBEAT,
    self: { ...self, reportCount: 0 },
  });
  const ownership = new Ownership(tracker, self.id);
  health.add(nats).add(readModel);
  const reports = await Reports.of({ store, host: config.host, clock, log });
  const requester = new NatsRequester(nats, metrics);
  const world = { store, rows, commits: readModel, cloud, requester, ownership, clock, log };
  const outlet = await NotificationStream.ensure(nats);
  const module = ConductorModule.of({
    readModel,
    tracker,
    publisher: new HeartbeatPublisher(nats, {
      subject: HEARTBEAT,
      reportCount: () => reports.count,
      ...self,
    }),
    reports,
    lifecycle: composeLifecycle(await lifecycleSettings(config), world),
    healthWatch: composeHealthWatch(world, config.healthIntervalSeconds),
    notifications: new CadfReactor({ store, outlet, ownership, clock, log }),
  });
  const app = await createContext(module, log);
  return async () => {
    await app.close();
    rows.close();
    await Promise.all([nats.close(), store.close(), cloud.close()]);
  };
};

const cloudConfig = ({ account, trusteeDomain }: Config) => ({
  ...account,
  password: account.password.reveal(),
  region: account.regionName,
  trustees: {
    domainName: trusteeDomain.name,
    adminName: trusteeDomain.adminName,
    adminPassword: trusteeDomain.adminPassword.reveal(),
  },
});
