import { type EndpointChoice, endpointOf } from '../http/catalog.js';
import { CloudRefused } from '../http/errors.js';
import { type Access, Session } from '../http/session.js';
import type { Grant } from './wire.js';

/** Where a session has its token from. */
export interface TokenSource {
  current(): Promise<Access>;
  renew(stale: Access): Promise<Access>;
}

/** A session on top of a source of tokens, which all its copies share. */
export class SourcedSession extends Session {
  constructor(
    private readonly source: TokenSource,
    private readonly choice: EndpointChoice,
    override readonly requestId: string | null = null,
  ) {
    super();
  }

  override async access(): Promise<Access> {
    return await this.source.current();
  }

  override async renew(stale: Access): Promise<Access> {
    return await this.source.renew(stale);
  }

  override async endpoint(types: readonly string[]): Promise<string> {
    return endpointOf((await this.access()).catalog, types, this.choice);
  }

  override withRequestId(requestId: string): Session {
    return new SourcedSession(this.source, this.choice, requestId);
  }
}

/** The longest time before its end at which a token is replaced. */
const MARGIN_MS = 5 * 60_000;

/**
 * Keeps the token of one login until shortly before its end: five minutes, or a fifth of its life
 * when that is less. However many ask, one login runs at a time.
 */
export class CachedLogin implements TokenSource {
  #grant: { readonly grant: Grant; readonly replaceAt: number } | null = null;
  #running: Promise<Grant> | null = null;

  constructor(
    private readonly login: () => Promise<Grant>,
    private readonly now: () => number = Date.now,
  ) {}

  async current(): Promise<Access> {
    return (await this.grant()).access;
  }

  async renew(stale: Access): Promise<Access> {
    const kept = this.#grant;
    if (kept && kept.grant.access.token !== stale.token) return kept.grant.access;
    return (await this.#login()).access;
  }

  /** The login's whole answer. */
  async grant(): Promise<Grant> {
    const kept = this.#grant;
    if (kept && this.now() < kept.replaceAt) return kept.grant;
    return await this.#login();
  }

  async #login(): Promise<Grant> {
    this.#running ??= this.#replace().finally(() => {
      this.#running = null;
    });
    return await this.#running;
  }

  async #replace(): Promise<Grant> {
    const grant = await this.login();
    const end = Date.parse(grant.access.expiresAt);
    const margin = Math.min(MARGIN_MS, Math.max(0, end - this.now()) / 5);
    this.#grant = { grant, replaceAt: end - margin };
    return grant;
  }
}

/** A token that somebody else got and nobody can renew. */
export class GivenToken implements TokenSource {
  constructor(private readonly given: Access) {}

  async current(): Promise<Access> {
    return await Promise.resolve(this.given);
  }

  async renew(): Promise<Access> {
    return await Promise.reject(
      new CloudRefused('The request you have made requires authentication.', {
        service: 'identity',
        status: 401,
        requestId: null,
      }),
    );
  }
}
