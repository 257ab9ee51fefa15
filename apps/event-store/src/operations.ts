import { createServer, type RequestListener, type Server } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the server measures of itself. */
export class ServerMetrics {
  readonly registry = new Registry();
  readonly #commits: Histogram;
  readonly #writes: Histogram;

  constructor() {
    const registers = [this.registry];
    // The default precision wakes an idle process a hundred times a second.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 200 });
    this.#commits = new Histogram({
      name: 'eventstore_commit_duration_seconds',
      help: 'Time of one commit to the disk',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
      registers,
    });
    this.#writes = new Histogram({
      name: 'eventstore_commit_writes',
      help: 'Writes that shared one commit',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
      registers,
    });
  }

  committed(writes: number, seconds: number): void {
    this.#commits.observe(seconds);
    this.#writes.observe(writes);
  }

  /** A number that is looked up when somebody asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}

export interface Operations {
  readonly metrics: ServerMetrics;
  /** Throws when the store cannot be read. */
  readonly check: () => void;
}

const listener =
  ({ metrics, check }: Operations): RequestListener =>
  (request, response) => {
    const reply = (status: number, type: string, body: string) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const health = () => {
      try {
        check();
        reply(200, 'application/json', '{"status":"ok"}\n');
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        reply(503, 'application/json', `${JSON.stringify({ status: 'failed', reason })}\n`);
      }
    };
    if (request.url === '/healthcheck') health();
    else if (request.url === '/metrics') {
      metrics.registry.metrics().then(
        (text) => {
          reply(200, metrics.registry.contentType, text);
        },
        (error: unknown) => {
          reply(500, 'text/plain', `${String(error)}\n`);
        },
      );
    } else reply(404, 'text/plain', 'not found\n');
  };

/** Serves `/healthcheck` and `/metrics`. Rejects when the port is taken. */
export const serveOperations = (
  operations: Operations,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(listener(operations));
    server.once('error', reject);
    server.listen(port, host, () => {
      resolve(server);
    });
  });
