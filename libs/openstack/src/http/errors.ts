/** The OpenStack service that answered, or did not: `identity`, `orchestration`, `key-manager` … */
export type CloudService =
  | 'identity'
  | 'orchestration'
  | 'key-manager'
  | 'compute'
  | 'image'
  | 'network'
  | 'volume'
  | 'load-balancer';

/** What is known of a failed call, for logs. Never holds a body, a token or a password. */
export interface CloudErrorContext {
  readonly service: CloudService;
  /** HTTP status; `null` when there was no answer, or the rule is ours (ambiguous name). */
  readonly status: number | null;
  /** The request id the service gave, to find the call in its log. */
  readonly requestId: string | null;
}

/**
 * Any failure of a call to OpenStack. The message is the service's own words (or ours, when it had
 * none), without secrets, fit to be shown to the user.
 */
export abstract class CloudError extends Error {
  readonly service: CloudService;
  readonly status: number | null;
  readonly requestId: string | null;

  constructor(message: string, context: CloudErrorContext) {
    super(message);
    this.service = context.service;
    this.status = context.status;
    this.requestId = context.requestId;
  }
}

/**
 * The service cannot be reached, took too long, answered 5xx or 429, or is not in the catalog.
 * The only failure worth a retry later. Whether a call that changes something took effect is unknown.
 */
export class CloudUnavailable extends CloudError {
  override readonly name = 'CloudUnavailable';
}

/** 401 or 403: the credentials do not hold (any more), or the service's policy says no. */
export class CloudRefused extends CloudError {
  override readonly name: string = 'CloudRefused';
}

/**
 * 404, or nothing has that name or id. From a call to another service, `service` is `identity` when
 * the trust of the session is gone.
 */
export class NotFound extends CloudError {
  override readonly name: string = 'NotFound';
}

/** 409: it exists already, or something else is going on with it. */
export class Conflict extends CloudError {
  override readonly name: string = 'Conflict';
}

/** More than one resource visible to the session bears that name; an id is needed. */
export class Ambiguous extends CloudError {
  override readonly name = 'Ambiguous';
}

/** Any other 4xx: the service does not accept what was asked. Asking again will not help. */
export class BadRequest extends CloudError {
  override readonly name: string = 'BadRequest';
}
