import type { INestMicroservice } from '@nestjs/common';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { createMicroservice } from '@jeroboam/platform/bootstrap/nest';
import type { Surroundings } from '@jeroboam/platform/bootstrap/run-with-health';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { Nats } from '@jeroboam/platform/nats/nats';
import { NatsTransport } from '@jeroboam/platform/rpc/nats-transport';
import type { ClusterAuthorities } from './authority/cluster-authorities.js';
import { CertAuthorityModule } from './cert-authority.module.js';
import { compose, openSecretStore } from './compose.js';
import type { Config } from './config.js';
import type { SecretStore } from './secrets/secret-store.js';

const NAME = 'cert-authority';

/** A running service. */
export interface Serving {
  /** Takes no more requests, finishes those under way, closes all connections, forgets all keys. */
  stop(): Promise<void>;
}

/** Connects to the log, NATS and the secret store, and answers requests. */
export const serve = async (config: Config, around: Surroundings): Promise<Serving> => {
  const { log, health } = around;
  const opened = await openSecretStore(config);
  const store = new EventStoreDbEventStore({ connectionString: config.eventStore.url });
  health.add(eventStoreCheck(store)).add(secretStoreCheck(opened.secrets));
  const nats = await Nats.connect(config.nats, NAME, log);
  health.add(nats);
  const { authorities, open } = compose({ config, store, secrets: opened.secrets });
  const app = await answering(authorities, nats, around);
  return {
    stop: async () => {
      await app.close();
      open.close();
      await Promise.all([nats.close(), store.close(), opened.close()]);
    },
  };
};

/** Answers over this connection. Resolves once requests are taken. */
export const answering = async (
  authorities: ClusterAuthorities,
  nats: Nats,
  { log, metrics }: Surroundings,
): Promise<INestMicroservice> => {
  const strategy = new NatsTransport({ nats, queue: NAME, log, metrics });
  const app = await createMicroservice(CertAuthorityModule.of(authorities), strategy, log);
  await app.listen();
  return app;
};

const eventStoreCheck = (store: EventStore) => ({
  name: 'event store',
  check: async () => {
    await store.head();
    return { healthy: true, detail: 'answers' };
  },
});

const secretStoreCheck = (secrets: SecretStore) => ({
  name: 'secret store',
  check: async () => {
    await secrets.ping();
    return { healthy: true, detail: 'answers' };
  },
});
