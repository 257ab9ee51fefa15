/** Which URL of a service to use. */
export type EndpointInterface = 'public' | 'internal' | 'admin';

/** One service of a token's catalog. */
export interface CatalogEntry {
  /** Official or historical type: `compute`, `volumev3` … */
  readonly type: string;
  readonly name: string;
  readonly endpoints: readonly CatalogEndpoint[];
}

export interface CatalogEndpoint {
  readonly interface: EndpointInterface;
  readonly region: string | null;
  readonly url: string;
}

/** A token and what it opens. Not to be logged or kept: it holds the token. */
export interface Access {
  readonly token: string;
  readonly userId: string;
  /** `null` when the token is not scoped to a project. */
  readonly projectId: string | null;
  readonly roles: readonly string[];
  /** ISO-8601, UTC. */
  readonly expiresAt: string;
  readonly catalog: readonly CatalogEntry[];
}

/**
 * On whose behalf a call is made: the service account, a user's own token, or a trust. First
 * argument of every call to a service. Obtained from {@link Keystone}; cheap to make, safe to keep
 * and to share (renewal is single flight), except the session of a user's token, which ends with it.
 */
export abstract class Session {
  /** `req-<uuid>` sent along as `X-Openstack-Request-Id`, so that our request is found in the logs of the service. */
  abstract readonly requestId: string | null;
  /**
   * A token that is good for some minutes at least; authenticates when there is none.
   * Errors: CloudUnavailable, CloudRefused (wrong credentials), NotFound (trust gone).
   */
  abstract access(): Promise<Access>;
  /**
   * A token other than `stale`, which a service has refused with 401. Errors as of `access`;
   * a user's own token cannot be renewed and is CloudRefused.
   */
  abstract renew(stale: Access): Promise<Access>;
  /** URL of a service without a trailing slash, by any of its types, as the catalog has it for the configured region and interface. CloudUnavailable when it is not there. */
  abstract endpoint(types: readonly string[]): Promise<string>;
  /** The same session under another request id. Shares the cached token. */
  abstract withRequestId(requestId: string): Session;
}
