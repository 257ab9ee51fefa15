import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
} from '@nats-io/transport-node';
import type { NatsConfig } from '../config/sections.js';
import type { HealthCheck, HealthResult } from '../health/health.js';
import type { Log } from '../logging/log.js';
import { backoff } from './backoff.js';

const RECONNECT_DELAY = { minMs: 100, maxMs: 4000 };
const PING_INTERVAL_MS = 10_000;
const DRAIN_TIMEOUT_MS = 3000;

/** The one connection of a process to NATS. Lost, it is sought for ever; all subscriptions come back. */
export class Nats implements HealthCheck, OnApplicationShutdown {
  readonly name = 'nats';
  private up = true;
  private since = performance.now();

  private constructor(
    readonly connection: NatsConnection,
    private readonly log: Log,
  ) {
    void this.watch();
  }

  /**
   * Resolves once connected, however long no server is there. Rejects when the server does not let us
   * in or the CA file cannot be read.
   *
   * @param client name shown in the server's monitoring
   */
  static async connect(config: NatsConfig, client: string, log: Log): Promise<Nats> {
    const options = natsOptions(config, client);
    const pause = backoff(RECONNECT_DELAY);
    for (;;) {
      try {
        return new Nats(await connect(options), log);
      } catch (err) {
        if (err instanceof AuthorizationError) throw err;
        // Only the message: errors of TLS carry whole certificates.
        const reason = err instanceof Error ? err.message : String(err);
        log.warn('No connection to NATS yet', { servers: config.servers, reason });
        await sleep(pause());
      }
    }
  }

  /** False while the connection is lost. What is published then is sent late. */
  get connected(): boolean {
    return this.up && !this.connection.isClosed();
  }

  /** For how long it has been connected without a break, in ms; 0 while it is not. */
  get connectedForMs(): number {
    return this.connected ? performance.now() - this.since : 0;
  }

  check(): HealthResult {
    return this.connected
      ? { healthy: true, detail: this.connection.getServer() }
      : { healthy: false, detail: 'not connected' };
  }

  /** Sends what is under way, then closes. */
  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    if (!this.up) return this.connection.close();
    const timer = setTimeout(() => void this.connection.close(), DRAIN_TIMEOUT_MS);
    await this.connection.drain().catch(() => this.connection.close());
    clearTimeout(timer);
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') {
        this.up = false;
        this.log.warn('connection to NATS lost', { server: status.server });
      } else if (status.type === 'reconnect') {
        this.up = true;
        this.since = performance.now();
        this.log.info('connected to NATS again', { server: status.server });
      } else if (status.type === 'error') {
        this.log.error('NATS reports an error', { err: status.error });
      }
    }
  }
}

/** How we connect: with backoff, for ever, also after a refusal of our password while it is changed. */
export const natsOptions = (config: NatsConfig, client: string): NodeConnectionOptions => ({
  servers: [...config.servers],
  name: client,
  maxReconnectAttempts: -1,
  ignoreAuthErrorAbort: true,
  reconnectDelayHandler: backoff(RECONNECT_DELAY),
  pingInterval: PING_INTERVAL_MS,
  ...(config.user === null ? {} : { user: config.user }),
  ...(config.password === null ? {} : { pass: config.password.reveal() }),
  // Read here, so that a missing file is a fault of the start and not of some later reconnection.
  ...(config.caFile === null ? {} : { tls: { ca: readFileSync(config.caFile, 'utf8') } }),
});
