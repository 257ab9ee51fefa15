import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, request } from 'undici';
import { type CloudService, CloudUnavailable } from './errors.js';

export interface CloudHttpOptions {
  /** PEM file of authorities to trust beside Node's own. */
  readonly caFile?: string | null;
  /** For one attempt, from connecting to the last byte. Default 30 000. */
  readonly timeoutMs?: number;
  /** Attempts of a call that may be repeated, the first among them. Default 3. */
  readonly attempts?: number;
  /** Before the second attempt; doubles with each; jittered. Default 200. */
  readonly backoffMs?: number;
}

export interface HttpRequest {
  readonly service: CloudService;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether doing it twice does no harm. Others are repeated only when they were never sent. */
  readonly repeatable: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON value, or the text when it is not JSON; `undefined` when there is none. */
  readonly body: unknown;
  /** The body as it came. */
  readonly text: string;
}

const BUSY: readonly number[] = [502, 503, 504];
const NEVER_SENT: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];
const LOST: readonly string[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'];

/**
 * HTTP to all services of one cloud: kept connections, a limit on the time of each attempt, and
 * few repeated attempts of what may be repeated. One per process; `close` ends its connections.
 */
export class CloudHttp {
  readonly #agent: Agent;
  readonly #timeoutMs: number;
  readonly #attempts: number;
  readonly #backoffMs: number;

  constructor({ caFile, timeoutMs, attempts, backoffMs }: CloudHttpOptions = {}) {
    this.#timeoutMs = timeoutMs ?? 30_000;
    this.#attempts = attempts ?? 3;
    this.#backoffMs = backoffMs ?? 200;
    const ca = caFile ? { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] } : {};
    this.#agent = new Agent({
      connections: 32,
      connect: { timeout: Math.min(this.#timeoutMs, 5_000), ...ca },
      headersTimeout: this.#timeoutMs,
      bodyTimeout: this.#timeoutMs,
    });
  }

  /** The answer, whatever its status. CloudUnavailable when there is none in time. */
  async send(wish: HttpRequest): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= this.#attempts;
      try {
        const answer = await this.#attempt(wish);
        if (last || !wish.repeatable || !BUSY.includes(answer.status)) return answer;
      } catch (error) {
        if (last || !mayRepeat(wish, codeOf(error))) throw unavailable(wish, error);
      }
      await pause(this.#backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random()));
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #attempt(wish: HttpRequest): Promise<HttpAnswer> {
    const response = await request(wish.url, {
      dispatcher: this.#agent,
      method: wish.method,
      headers: wish.headers,
      body: wish.body ?? null,
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    const content = await response.body.text();
    return {
      status: response.statusCode,
      headers: flat(response.headers),
      body: parsed(content, response.headers['content-type']),
      text: content,
    };
  }
}

const mayRepeat = (wish: HttpRequest, code: string): boolean =>
  NEVER_SENT.includes(code) || (wish.repeatable && LOST.includes(code));

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return 'unknown failure';
  const name = 'name' in error ? String(error.name) : 'unknown failure';
  if (name === 'TimeoutError') return 'timeout';
  return 'code' in error && typeof error.code === 'string' ? error.code : name;
};

const unavailable = (wish: HttpRequest, error: unknown): CloudUnavailable => {
  const host = new URL(wish.url).host;
  return new CloudUnavailable(
    `The ${wish.service} service at ${host} did not answer: ${codeOf(error)}`,
    { service: wish.service, status: null, requestId: null },
  );
};

const flat = (headers: Dispatcher.ResponseData['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

const parsed = (content: string, type: string | string[] | undefined): unknown => {
  if (content === '') return undefined;
  if (!String(type).includes('json')) return content;
  try {
    const value: unknown = JSON.parse(content);
    return value;
  } catch {
    return content; // an answer cut short or mislabelled: as text it can at least be shown
  }
};
