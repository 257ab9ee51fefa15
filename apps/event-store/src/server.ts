import { mkdirSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import type { Config } from './config.js';
import { ServerMetrics, serveOperations } from './operations.js';
import { basicAuthentication } from './protocol/authentication.js';
import { OpenCalls } from './protocol/open-calls.js';
import { addServices } from './protocol/services.js';
import { EventStore } from './streams/event-store.js';

/** A server that takes calls. */
export interface RunningServer {
  readonly port: number;
  readonly httpPort: number;
  /** Finishes what is under way, then lets go of ports and file. */
  stop(): Promise<void>;
}

/** The address cannot be listened on, or the data cannot be opened. One line for the operator. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}

const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;
/** How long a stop waits for calls under way. */
const GRACE_MS = 3000;

/** Rejects with {@link CannotStart}. */
export const startServer = async (config: Config): Promise<RunningServer> => {
  const metrics = new ServerMetrics();
  const calls = new OpenCalls();
  const store = openStore(config, metrics);
  metrics.gauge('eventstore_head_position', 'Position of the last event', () => store.log.head);
  metrics.gauge('eventstore_open_calls', 'Subscriptions and append calls', () => calls.size);
  let port = config.port;
  const server = createGrpcServer(config);
  addServices(server, {
    store,
    calls,
    advertised: () => ({ host: config.advertisedHost, port }),
  });
  try {
    port = await bind(server, config);
    const http = await listenHttp(config, metrics, store);
    return {
      port,
      httpPort: (http.address() as AddressInfo).port,
      stop: async () => {
        http.close();
        http.closeAllConnections();
        store.commits.flush();
        // Answers of the last commit are on their way before the calls they belong to end.
        await new Promise((resolve) => setImmediate(resolve));
        calls.endAll();
        await shutdown(server);
        store.close();
      },
    };
  } catch (error) {
    server.forceShutdown();
    store.close();
    throw error;
  }
};

const openStore = (config: Config, metrics: ServerMetrics): EventStore => {
  const directory = join(config.dataDir, 'event-store');
  const file = join(directory, 'events.sqlite');
  try {
    mkdirSync(directory, { recursive: true });
    return new EventStore({
      file,
      onCommitted: (writes, seconds) => {
        metrics.committed(writes, seconds);
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const locked = reason.includes('locked') ? ' (another server uses it)' : '';
    throw new CannotStart(`Cannot open ${file}: ${reason}${locked}`);
  }
};

const createGrpcServer = ({ users }: Config): grpc.Server =>
  new grpc.Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    // Every subscription holds one.
    'grpc.max_concurrent_streams': 10_000,
    ...(users.size > 0 && { interceptors: [basicAuthentication(users)] }),
  });

const bind = (server: grpc.Server, { host, port, tls }: Config): Promise<number> => {
  const credentials = tls
    ? grpc.ServerCredentials.createSsl(null, [
        { cert_chain: tls.certificate, private_key: tls.key },
      ])
    : grpc.ServerCredentials.createInsecure();
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => {
      if (error) reject(cannotListen(address, error));
      else resolve(bound);
    });
  });
};

const listenHttp = async (
  { httpHost: host, httpPort: port }: Config,
  metrics: ServerMetrics,
  store: EventStore,
): Promise<HttpServer> => {
  try {
    const check = () => store.log.at(store.log.head);
    return await serveOperations({ metrics, check }, { host, port });
  } catch (error) {
    throw cannotListen(`${host}:${port}`, error);
  }
};

const cannotListen = (address: string, error: unknown): CannotStart => {
  const reason = error instanceof Error ? error.message : String(error);
  return new CannotStart(
    reason.includes('EADDRINUSE')
      ? `Cannot listen on ${address}: the port is taken`
      : `Cannot listen on ${address}: ${reason}`,
  );
};

const shutdown = (server: grpc.Server): Promise<void> =>
  new Promise((resolve) => {
    const giveUp = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, GRACE_MS);
    server.tryShutdown(() => {
      clearTimeout(giveUp);
      resolve();
    });
  });
