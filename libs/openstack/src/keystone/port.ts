import type { CatalogEntry, Session } from '../http/session.js';

/** A role on the token's scope. */
export interface Role {
  readonly id: string;
  readonly name: string;
}

/** A name within a domain. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly domainId: string;
  readonly domainName: string;
}

/** A token that Keystone vouches for, without the token itself. */
export interface Token {
  readonly user: Named;
  /** `null` when not scoped to a project. */
  readonly project: Named | null;
  /** Domain the token is scoped to; `null` for other scopes. */
  readonly domain: { readonly id: string; readonly name: string } | null;
  /** Scoped to the whole system (`system: all`). */
  readonly systemScope: boolean;
  readonly roles: readonly Role[];
  /** Whether the project is the deployment's admin project; absent in Keystone's answer means true. */
  readonly isAdminProject: boolean;
  /** Set when the token came from an application credential. Restricted ones may not create trusts. */
  readonly applicationCredential: ApplicationCredential | null;
  /** Set when the token was got by consuming a trust. */
  readonly trustId: string | null;
  /** `password`, `token`, `application_credential` … */
  readonly methods: readonly string[];
  /** ISO-8601, UTC. */
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly catalog: readonly CatalogEntry[];
}

export interface ApplicationCredential {
  readonly id: string;
  readonly restricted: boolean;
  /** The only requests it is good for; `null` for all. Each service looks to that itself. */
  readonly accessRules: readonly AccessRule[] | null;
}

/** A kind of request that an application credential is good for. */
export interface AccessRule {
  /** Type of the service, as in the catalog. */
  readonly service: string;
  readonly method: string;
  /** With `{name}` or `*` for a segment of the path, and `**` for any number of them. */
  readonly path: string;
}

/** A right lent by a user (trustor) to another (trustee) on one project. */
export interface Trust {
  readonly id: string;
  readonly trustorUserId: string;
  readonly trusteeUserId: string;
  readonly projectId: string;
  readonly impersonation: boolean;
  readonly roles: readonly Role[];
  /** How often it may be passed on; 0 for not at all. */
  readonly redelegationCount: number;
  /** The trust it was passed on from. */
  readonly redelegatedFrom: string | null;
  /** ISO-8601; `null` for no end. */
  readonly expiresAt: string | null;
}

/** What a new trust lends. Impersonation is always on. */
export interface TrustRequest {
  readonly trustorUserId: string;
  readonly trusteeUserId: string;
  readonly projectId: string;
  /**
   * Names of roles the trustor holds there. For a trust under which Heat shall work: all roles of the
   * token, as a trust's token also has the implied ones, and Heat lends all a token has once more.
   */
  readonly roles: readonly string[];
  /** How often the trustee may pass it on. 0: `allow_redelegation` false. */
  readonly redelegationCount: number;
}

export interface TrusteeUser {
  /** `<cluster uuid>_<project id>`: unique in the trustee domain. */
  readonly name: string;
  readonly password: string;
  readonly description?: string;
}

/** Proof of being a trustee. */
export interface TrusteeCredentials {
  readonly userId: string;
  readonly password: string;
  /** Scope of the session; without it the session is unscoped. */
  readonly trustId?: string;
}

/** Our own account. */
export interface ServiceAccount {
  readonly userId: string;
  readonly userName: string;
  readonly projectId: string;
}

/**
 * Identity. Errors of every call: CloudUnavailable (Keystone is away), CloudRefused (our own
 * credentials do not hold, or policy), BadRequest, beside those named at each.
 */
export abstract class Keystone {
  /** The session of the service account, scoped to its project. One per process; token cached until shortly before its end. */
  abstract service(): Session;
  /** Who we are; authenticates when needed. Also a readiness check. */
  abstract serviceAccount(): Promise<ServiceAccount>;
  /** What Keystone knows of a token that somebody sent us; `null` when it is not valid (any more). Asked with the service account; not cached here. */
  abstract validate(token: string): Promise<Token | null>;
  /** The session of a user's token as it came with the request. Never renewed. */
  abstract userSession(token: string, validated: Token): Session;
  /** The session of the service account consuming a trust made for it. Its calls are the trustor's. From its first use NotFound when the trust is gone, CloudRefused when it no longer holds (the trustor is disabled, or has lost a role). */
  abstract trustSession(trustId: string): Session;
  /** The session of a trustee, scoped to its trust when given. */
  abstract trusteeSession(credentials: TrusteeCredentials): Session;
  /**
   * Lend what the session's user (or, for a trust's session, its trustor) may do. From a user's
   * session to the service account: with `redelegationCount` 2 or so; from a trust's session to a trustee: a
   * redelegation, with a smaller count. Not idempotent: each call makes one.
   * CloudRefused for tokens of restricted application credentials and roles the trustor lacks.
   */
  abstract createTrust(as: Session, request: TrustRequest): Promise<Trust>;
  /** NotFound when it is gone. Visible to trustor and trustee. */
  abstract getTrust(as: Session, trustId: string): Promise<Trust>;
  /** Trusts made for a user, who must be the session's. For finding those a crash has left. */
  abstract listTrustsFor(as: Session, trusteeUserId: string): Promise<readonly Trust[]>;
  /** Take a right back, and all that were passed on from it. The trustor's session or one that consumes that very trust. Services may take its tokens for some minutes more, from their caches. Gone already: resolves. */
  abstract deleteTrust(as: Session, trustId: string): Promise<void>;
  /** Make a user in the trustee domain, as the domain's admin. One of that name is adopted and gets the given password, so the call can be repeated. Resolves with the user's id. */
  abstract createTrusteeUser(user: TrusteeUser): Promise<string>;
  /** Id of the domain the trustees live in. */
  abstract trusteeDomainId(): Promise<string>;
  /** Id of the trustee of that name, `null` when there is none. */
  abstract findTrusteeUser(name: string): Promise<string | null>;
  /** Gone already: resolves. */
  abstract deleteTrusteeUser(userId: string): Promise<void>;
  /** Whether there is a project of that id, as seen by the service account. */
  abstract projectExists(projectId: string): Promise<boolean>;
}
