import { join } from 'node:path';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { connectCloud } from '@jeroboam/openstack/cloud';
import type { CloudConfig } from '@jeroboam/openstack/http/config';
import type { Running } from '@jeroboam/platform/bootstrap/run-service';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { Health } from '@jeroboam/platform/health/health';
import { SystemClock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { HeartbeatTracker } from '@jeroboam/platform/membership/heartbeat-tracker';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { Nats } from '@jeroboam/platform/nats/nats';
import { Positions } from '@jeroboam/platform/nats/positions';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { composeResources, VIEWS } from './compose.js';
import { edgeSettingsOf, resourceSettingsOf, type Config } from './config.js';
import { createApi } from './create-api.js';
import { Policy } from './http/policy/policy.js';
import { PolicyFile } from './http/policy/policy-file.js';

const NAME = 'api';
const HEARTBEAT = 'jeroboam.heartbeat.conductor';

const cloudConfigOf = ({ account, trusteeDomain }: Config): CloudConfig => ({
  ...account,
  password: account.password.reveal(),
  region: account.regionName,
  trustees: {
    domainName: trusteeDomain.name,
    adminName: trusteeDomain.adminName,
    adminPassword: trusteeDomain.adminPassword.reveal(),
  },
});

/** Everything outside that the API is connected to, and how to let go of it. */
const connect = async (config: Config, log: Log, metrics: Metrics) => {
  const store = new EventStoreDbEventStore({ connectionString: config.eventStore.url });
  const rows = SqliteRowStore.open(join(config.dataDir, NAME, 'rows.sqlite'), (reason) => {
    log.warn(reason);
  });
  const nats = await Nats.connect(config.nats, NAME, log);
  const model = new ReadModel({ name: NAME, store, rows, views: VIEWS, log, metrics });
  const positions = new Positions(nats);
  const conductors = new HeartbeatTracker(nats, { subject: HEARTBEAT });
  const cloud = connectCloud(cloudConfigOf(config));
  positions.start();
  conductors.start();
  await model.start();
  const disconnect = async (): Promise<void> => {
    conductors.stop();
    positions.stop();
    await model.close();
    rows.close();
    await Promise.all([nats.close(), store.close(), cloud.close()]);
  };
  return { store, rows, nats, model, positions, conductors, cloud, disconnect };
};

const eventStoreCheck = (store: EventStore) => ({
  name: 'event store',
  check: async () => {
    await store.head();
    return { healthy: true, detail: 'answers' };
  },
});

/** Connects to everything, reads the log up to its end, and listens. */
export const serve = async (config: Config, log: Log): Promise<Running> => {
  const metrics = new Metrics(NAME).withProcess();
  const policy = new Policy(new PolicyFile(config.policy, log), config.trusteeDomain.name);
  policy.onRefusal(({ userId, projectId }, rule) => {
    log.info('Refused by the policy', { rule, userId, projectId });
  });
  const outside = await connect(config, log, metrics);
  const { cloud, disconnect, model, nats, store } = outside;
  const world = {
    ...outside,
    requester: new NatsRequester(nats, metrics),
    policy,
    clock: new SystemClock(),
    metrics,
    log,
  };
  const app = await createApi({
    settings: edgeSettingsOf(config),
    disablingFile: config.disablingFile,
    keystone: cloud.keystone,
    resources: composeResources(resourceSettingsOf(config), world),
    health: new Health().add(eventStoreCheck(store)).add(nats).add(model),
    metrics,
    log,
  });
  await app.listen({ host: config.http.host, port: config.http.port });
  return {
    listening: { http: await app.getUrl() },
    stop: async () => {
      await app.close();
      await disconnect();
    },
  };
};
