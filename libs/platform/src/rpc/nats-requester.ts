import { setTimeout as sleep } from 'node:timers/promises';
import {
  ClosedConnectionError,
  DrainingConnectionError,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import type { Metrics } from '../metrics/metrics.js';
import { timed } from '../metrics/timed.js';
import { backoff } from '../nats/backoff.js';
import { resultOf, ServiceUnavailable, type Reply } from './envelope.js';
import { contextHeaders } from '../nats/message-headers.js';
import type { Nats } from '../nats/nats.js';

export interface RequestOptions {
  /** For all tries together, in ms. */
  readonly timeoutMs?: number;
  /** How often a request that nobody answers is sent. The time is divided among them. */
  readonly tries?: number;
}

const TIMEOUT_MS = 10_000;
const TRIES = 2;

/**
 * Requests to other services. A request may arrive more than once: whoever answers must stand that.
 */
export class NatsRequester {
  constructor(
    private readonly nats: Nats,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Sends `payload` as JSON to a subject `jeroboam.<service>.<verb>` and gives the result. While
   * nobody listens it tries again until the time is up.
   *
   * Throws {@link Refused} as the service threw it, {@link ServiceUnavailable}, {@link ServiceFailed}.
   */
  request<Res>(subject: string, payload: unknown, options: RequestOptions = {}): Promise<Res> {
    return timed(this.metrics.rpcSent, { subject }, async () => {
      const reply = await this.exchange(subject, JSON.stringify(payload ?? null), options);
      return resultOf(reply, serviceOf(subject)) as Res;
    });
  }

  private async exchange(subject: string, body: string, options: RequestOptions): Promise<Reply> {
    const { timeoutMs = TIMEOUT_MS, tries = TRIES } = options;
    const deadline = performance.now() + timeoutMs;
    const pause = backoff({ minMs: 50, maxMs: 1000 });
    for (;;) {
      const left = deadline - performance.now();
      try {
        return await this.send(subject, body, Math.max(1, Math.min(left, timeoutMs / tries)));
      } catch (error) {
        const wait = pauseAfter(error, pause);
        if (wait === null || performance.now() + wait >= deadline - 1) {
          throw new ServiceUnavailable(serviceOf(subject), { cause: error });
        }
        await sleep(wait);
      }
    }
  }

  private async send(subject: string, body: string, timeout: number): Promise<Reply> {
    const headers = contextHeaders();
    const message = await this.nats.connection.request(subject, body, { timeout, headers });
    return message.json<Reply>();
  }
}

/** Pause before the next try, in ms; `null` when there must be none. Throws what no try would mend. */
const pauseAfter = (error: unknown, pause: () => number): number | null => {
  if (error instanceof TimeoutError) return 0;
  if (isNoResponders(error)) return pause();
  if (isClosed(error)) return null;
  throw error;
};

/** `authority` of `jeroboam.authority.sign`. */
const serviceOf = (subject: string): string => subject.split('.')[1] ?? subject;

const isNoResponders = (error: unknown): boolean =>
  error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());

const isClosed = (error: unknown): boolean =>
  error instanceof ClosedConnectionError || error instanceof DrainingConnectionError;
