import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Health } from './health.js';
import { healthResponse, metricsResponse, type PlainResponse } from './health-response.js';

export interface HealthServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly health: Health;
  readonly registry: Registry;
}

/** `/healthcheck` and `/metrics` of a service that has no HTTP interface of its own. */
export class HealthServer {
  private constructor(private readonly server: Server) {}

  /** Resolves once it listens. Rejects with Node's error (`EADDRINUSE`) when it cannot. */
  static async start({ host, port, ...sources }: HealthServerOptions): Promise<HealthServer> {
    const server = createServer((request, response) => void respond(sources, request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new HealthServer(server);
  }

  get url(): string {
    const { address, family, port } = this.server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeIdleConnections();
    });
  }
}

type Sources = Pick<HealthServerOptions, 'health' | 'registry'>;

const respond = async (
  sources: Sources,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { status, contentType, body } = await answer(sources, request).catch(failed);
  response.writeHead(status, { 'content-type': contentType, connection: 'close' });
  response.end(request.method === 'HEAD' ? undefined : body);
};

const answer = (
  { health, registry }: Sources,
  { method, url = '/', headers }: IncomingMessage,
): Promise<PlainResponse> => {
  if (method !== 'GET' && method !== 'HEAD') return Promise.resolve(plain(405, 'not allowed'));
  const [path] = url.split('?');
  if (path === '/healthcheck') return healthResponse(health, { url, accept: headers.accept ?? '' });
  if (path === '/metrics') return metricsResponse(registry);
  return Promise.resolve(plain(404, 'not found'));
};

const failed = (): PlainResponse => plain(500, 'failed');

const plain = (status: number, body: string): PlainResponse => ({
  status,
  contentType: 'text/plain; charset=UTF-8',
  body,
});
