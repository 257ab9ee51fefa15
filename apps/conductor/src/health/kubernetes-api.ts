import { Agent, request } from 'undici';
import type { Credential } from './client-certificates.js';

const CONNECT_MS = 4000;
const TIMEOUT_MS = 5000;

/** Errors of a connection that did not come about at all: they tell nothing of the cluster. */
const UNREACHED = [
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** What a cluster's API answered, or why it did not. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  /** `code` as Node has it: `ECONNREFUSED` … */
  | { readonly kind: 'unreached'; readonly code: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** One connection to a cluster's API; `credential` is `null` for one without TLS. */
export class KubernetesApi {
  private readonly agent: Agent;

  constructor(
    private readonly address: string,
    credential: Credential | null,
  ) {
    const tls = credential
      ? { ca: credential.ca, cert: credential.certificate, key: credential.key }
      : {};
    this.agent = new Agent({ connections: 1, connect: { timeout: CONNECT_MS, ...tls } });
  }

  async get(path: string): Promise<Answer> {
    try {
      const response = await request(`${this.address}${path}`, {
        dispatcher: this.agent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body = await response.body.text();
      return { kind: 'answered', status: response.statusCode, body };
    } catch (error) {
      const code = codeOf(error);
      return UNREACHED.includes(code)
        ? { kind: 'unreached', code }
        : { kind: 'failed', reason: code };
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }
}

const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return 'unknown failure';
  if ('name' in error && error.name === 'TimeoutError') return 'timeout';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'message' in error ? String(error.message) : 'unknown failure';
};
