import { randomBytes } from 'node:crypto';
import type { TokenContext } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { micros } from '../time.js';
import { tokenBody, type TokenSources } from './token-body.js';
import type * as k from './types.js';

const LIFETIME_MS = 3_600_000;
const SWEEP_EVERY = 500;

export interface NewToken {
  readonly userId: string;
  readonly methods: readonly string[];
  readonly scope: k.Scope;
  readonly applicationCredentialId?: string | undefined;
  /** Of the token it was made from: a token made from a token does not live longer. */
  readonly parent?: k.Token | undefined;
  /** End of the trust or credential it rests on. */
  readonly notAfter?: string | null | undefined;
}

/** What a valid token says, worked out once for each state of the directory. */
interface Validated {
  readonly context: TokenContext;
  /** JSON of the body, as `GET /v3/auth/tokens` answers it. */
  readonly body: string;
  readonly generation: number;
  readonly expiresAtMs: number;
}

/** Tokens issued, and what each means now: roles are looked up at validation, as Keystone does. */
export class Tokens {
  readonly #tokens: Collection<k.Token>;
  readonly #validated = new Map<string, Validated>();
  #issued = 0;

  constructor(
    documents: Documents,
    private readonly sources: TokenSources,
  ) {
    this.#tokens = documents.collection('token');
    this.#sweep();
  }

  get size(): number {
    return this.#tokens.size;
  }

  issue(wish: NewToken): k.Token {
    this.#issued += 1;
    if (this.#issued % SWEEP_EVERY === 0) this.#sweep();
    const now = Date.now();
    const auditId = randomBytes(16).toString('base64url');
    return this.#tokens.put({
      id: `gAAAAAB${randomBytes(84).toString('base64url')}`,
      user_id: wish.userId,
      methods: wish.parent ? [...new Set([...wish.parent.methods, ...wish.methods])] : wish.methods,
      scope: wish.scope,
      application_credential_id: wish.applicationCredentialId ?? null,
      audit_ids: [auditId, ...(wish.parent?.audit_ids.slice(-1) ?? [])],
      issued_at: whole(micros(now)),
      expires_at: earliest(micros(now + LIFETIME_MS), wish.parent?.expires_at, wish.notAfter),
    });
  }

  get(id: string): k.Token | undefined {
    return this.#validate(id) && this.#tokens.get(id);
  }

  context(id: string): TokenContext | undefined {
    return this.#validate(id)?.context;
  }

  /** JSON text of the token's body. */
  body(id: string): string | undefined {
    return this.#validate(id)?.body;
  }

  revoke(id: string): void {
    this.#tokens.delete(id);
    this.#validated.delete(id);
  }

  revokeWhere(matches: (token: k.Token) => boolean): void {
    for (const token of this.#tokens.filter(matches)) this.revoke(token.id);
  }

  #validate(id: string): Validated | undefined {
    const known = this.#validated.get(id);
    const generation = this.#generation();
    if (known?.generation === generation && Date.now() < known.expiresAtMs) return known;
    const token = this.#tokens.get(id);
    const body = token && this.#bodyOf(token);
    if (!token || !body) {
      this.#validated.delete(id);
      return undefined;
    }
    const made: Validated = { ...body, generation, expiresAtMs: Date.parse(token.expires_at) };
    this.#validated.set(id, made);
    return made;
  }

  /** Grows when users, roles, trusts or the catalog change: then every token is looked at anew. */
  #generation(): number {
    const { directory, trusts, credentials } = this.sources;
    return directory.revision + trusts.revision + credentials.revision;
  }

  #bodyOf(token: k.Token): Pick<Validated, 'context' | 'body'> | undefined {
    if (Date.parse(token.expires_at) <= Date.now()) return undefined;
    return tokenBody(token, this.sources);
  }

  #sweep(): void {
    const now = micros();
    this.revokeWhere((token) => token.expires_at <= now);
  }
}

/** Tokens carry whole seconds. */
const whole = (at: string): string => at.replace(/\.\d+/, '.000000');

const earliest = (...times: (string | null | undefined)[]): string =>
  whole(times.filter((at) => typeof at === 'string').reduce((a, b) => (a < b ? a : b)));
