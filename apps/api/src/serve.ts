import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { connectCloud } from '@jeroboam/openstack/cloud';
import type { CloudConfig } from '@jeroboam/openstack/http/config';
import type { Running } from '@jeroboam/platform/bootstrap/run-service';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { Health } from '@jeroboam/platform/health/health';
import { SystemClock } from '@jeroboam/platform/ids/clock';
import { newId } from '@jeroboam/platform/ids/ids';
import type { Log } from '@jeroboam/platform/logging/log';
import { HeartbeatPublisher } from '@jeroboam/platform/membership/heartbeat-publisher';
import { HeartbeatTracker } from '@jeroboam/platform/membership/heartbeat-tracker';
import { PEER_EXPIRY_MS, Peers } from '@jeroboam/platform/membership/peers';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { Nats } from '@jeroboam/platform/nats/nats';
import { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import { ReadModel } from '@jeroboam/platform/read-model/read-model';
import { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { composeResources, VIEWS } from './compose.js';
import { edgeSettingsOf, resourceSettingsOf, type Config } from './config.js';
import { createApi } from './create-api.js';
import { Policy } from './http/policy/policy.js';
import { PolicyFile } from './http/policy/policy-file.js';

const NAME = 'api';
const CONDUCTORS = 'jeroboam.heartbeat.conductor';
const REPLICAS = 'jeroboam.heartbeat.api';

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

/** Tells the other replicas of this one, and hears of them. */
const joinReplicas = async (nats: Nats, host: string) => {
  const self = { id: newId(), host, startedAt: new SystemClock().now() };
  const publisher = new HeartbeatPublisher(nats, {
    subject: REPLICAS,
    ...self,
    reportCount: () => 0,
    // What it wrote last may not be in the others' rows yet when it has gone.
    saysGoodbye: false,
  });
  const tracker = new HeartbeatTracker(nats, { subject: REPLICAS, expiryMs: PEER_EXPIRY_MS });
  publisher.start();
  tracker.start();
  // They are to know before anybody can write here.
  await nats.connection.flush();
  const leave = (): void => {
    tracker.stop();
    publisher.stop();
  };
  return { peers: new Peers(nats, tracker, self.id), leave };
};

/** Everything outside that the API is connected to, and how to let go of it. */
const connect = async (config: Config, log: Log, metrics: Metrics) => {
  const store = new EventStoreDbEventStore({ connectionString: config.eventStore.url });
  const rows = SqliteRowStore.open(join(config.dataDir, NAME, 'rows.sqlite'), (reason) => {
    log.warn(reason);
  });
  const nats = await Nats.connect(config.nats, NAME, log);
  const model = new ReadModel({ name: NAME, store, rows, views: VIEWS, log, metrics });
  const conductors = new HeartbeatTracker(nats, { subject: CONDUCTORS });
  const cloud = connectCloud(cloudConfigOf(config));
  conductors.start();
  await model.start();
  const { peers, leave } = await joinReplicas(nats, hostname());
  const freshness = new FreshReads(model, { log, peers });
  const disconnect = async (): Promise<void> => {
    leave();
    conductors.stop();
    await model.close();
    rows.close();
    await Promise.all([nats.close(), store.close(), cloud.close()]);
  };
  return { store, rows, nats, model, freshness, conductors, cloud, disconnect };
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
    freshness: outside.freshness,
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
