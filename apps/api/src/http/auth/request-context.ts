import type { Token } from '@jeroboam/openstack/keystone/port';
import type { Actor } from '@jeroboam/eventing/message';
import type { Microversion } from '../microversion/microversion.js';
import type { Links } from '../routing/links.js';

/** What is known of a request before anybody is known to have sent it. */
export interface RequestFacts {
  /** `req-<uuid>`, ours. */
  readonly requestId: string;
  /** The caller's own request id, for logs. */
  readonly globalRequestId: string | null;
  /** Address of the client. */
  readonly address: string;
  readonly microversion: Microversion;
  readonly links: Links;
  readonly conditions?: Conditions;
}

/** Headers that make a request depend on what the client knows, or has sent before. */
export interface Conditions {
  readonly idempotencyKey: string | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** A token Keystone vouches for. */
export interface Validated {
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string;
  readonly token: Token;
}

/** Who asks, in which scope, and how: handed to every handler. */
export class RequestContext {
  /** Private, so that neither a log nor a JSON text can hold it by accident. */
  readonly #token: string;

  constructor(
    readonly facts: RequestFacts,
    /** What Keystone said of the token. */
    readonly validated: Validated,
    token: string,
  ) {
    this.#token = token;
  }

  /** The caller's own token, to pass on to other services. Never store, log or send it elsewhere. */
  get token(): string {
    return this.#token;
  }

  /** What Keystone said: the argument of `Keystone.userSession`. */
  get identity(): Token {
    return this.validated.token;
  }

  get tokenHash(): string {
    return this.validated.hash;
  }

  get userId(): string {
    return this.identity.user.id;
  }

  /** `null` when the token is not scoped to a project. */
  get projectId(): string | null {
    return this.identity.project?.id ?? null;
  }

  get roles(): readonly string[] {
    return this.identity.roles.map(({ name }) => name);
  }

  get requestId(): string {
    return this.facts.requestId;
  }

  get microversion(): Microversion {
    return this.facts.microversion;
  }

  get links(): Links {
    return this.facts.links;
  }

  /** As events name whoever caused them. */
  get actor(): Actor {
    return {
      userId: this.userId,
      userName: this.identity.user.name,
      projectId: this.projectId,
      roles: this.roles,
      requestId: this.requestId,
      address: this.facts.address,
      kind: 'user',
    };
  }
}
