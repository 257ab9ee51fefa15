import { createHash } from 'node:crypto';
import type { Token } from '@jeroboam/openstack/keystone/port';
import type { Validated } from './request-context.js';

export interface TokenCacheSettings {
  /** How long a valid token is believed without asking again; a revocation takes that long to be noticed. */
  readonly ttlMs: number;
  /** How long an invalid one is refused without asking again. */
  readonly negativeTtlMs: number;
  readonly maxEntries: number;
}

interface Entry {
  /** `null`: known not to be valid. */
  readonly token: Token | null;
  readonly untilMs: number;
}

export type Validate = (token: string) => Promise<Token | null>;

/**
 * Tokens Keystone has judged, by their hash: the tokens themselves are not kept. Concurrent requests
 * with one token ask once. Nothing outlives its token.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<Token | null>>();

  constructor(
    private readonly validate: Validate,
    private readonly settings: TokenCacheSettings,
    private readonly now: () => number = Date.now,
  ) {}

  /** What Keystone says of it; `null` when it is not valid. Fails as `validate` fails, and remembers no failure. */
  async look(token: string): Promise<Validated | null> {
    const hash = createHash('sha256').update(token).digest('hex');
    const known = this.fresh(hash);
    const found = known ? known.token : await this.ask(hash, token);
    return found === null || Date.parse(found.expiresAt) <= this.now()
      ? null
      : { hash, token: found };
  }

  private fresh(hash: string): Entry | undefined {
    const entry = this.entries.get(hash);
    return entry !== undefined && entry.untilMs > this.now() ? entry : undefined;
  }

  private ask(hash: string, token: string): Promise<Token | null> {
    const running = this.asking.get(hash);
    if (running) return running;
    const asked = this.validate(token)
      .then((found) => this.keep(hash, found))
      .finally(() => this.asking.delete(hash));
    this.asking.set(hash, asked);
    return asked;
  }

  private keep(hash: string, token: Token | null): Token | null {
    this.entries.delete(hash);
    this.entries.set(hash, { token, untilMs: this.endOf(token) });
    // The map's order is the order of arrival: the oldest goes first.
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.settings.maxEntries) break;
      this.entries.delete(oldest);
    }
    return token;
  }

  private endOf(token: Token | null): number {
    const now = this.now();
    if (token === null) return now + this.settings.negativeTtlMs;
    return Math.min(now + this.settings.ttlMs, Date.parse(token.expiresAt));
  }
}
