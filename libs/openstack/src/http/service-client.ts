import type { CloudHttp, HttpAnswer, HttpRequest } from './cloud-http.js';
import { type CloudError, type CloudErrorContext, type CloudService, NotFound } from './errors.js';
import { errorFor, type Failure, failureOf, redacted } from './failure.js';
import type { Access, Session } from './session.js';

/** One call to a service, below its endpoint. */
export interface Call {
  readonly method: HttpRequest['method'];
  /** From the version on, built with {@link path}: `/stacks/x`. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: whether the method is idempotent by HTTP. */
  readonly repeatable?: boolean;
  /** Texts that must not come back in an error's message. */
  readonly secrets?: readonly string[];
}

/** A list gives the parameter several times. `undefined` ones are left out. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Makes the typed error of a service's answer, or leaves it to the general rule (`null`). */
export type Refine = (failure: Failure, context: CloudErrorContext) => CloudError | null;

export interface ServiceOptions {
  readonly service: CloudService;
  /** Where the version of the API begins, for this session, without a trailing slash. */
  readonly base: (as: Session) => Promise<string>;
  readonly refine?: Refine;
}

/**
 * Calls to one service on behalf of sessions: their token, one renewal after a 401, the request id,
 * and typed errors without secrets for every status of 400 and more.
 */
export class ServiceClient {
  constructor(
    private readonly http: CloudHttp,
    private readonly options: ServiceOptions,
  ) {}

  async call(as: Session, call: Call): Promise<HttpAnswer> {
    const access = await as.access();
    const answer = await this.#send(as, access, call);
    if (answer.status < 400) return answer;
    if (answer.status !== 401) throw this.#error(answer, access, call);
    const renewed = await as.renew(access);
    const second = await this.#send(as, renewed, call);
    if (second.status < 400) return second;
    throw this.#error(second, renewed, call);
  }

  /** The body of the answer. */
  async body(as: Session, call: Call): Promise<unknown> {
    return (await this.call(as, call)).body;
  }

  /** Make it that nothing is there: an answer of 404 is as good as success. */
  async ensureGone(as: Session, path: string, query: Query = {}): Promise<void> {
    await this.orNull(this.call(as, { method: 'DELETE', path, query }));
  }

  /**
   * `null` where this service says NotFound. That of another one goes through: when the identity
   * service does not find the session's trust, nothing is known of what was asked for here.
   */
  async orNull<T>(call: Promise<T>): Promise<T | null> {
    return await call.catch((error: unknown) => {
      if (error instanceof NotFound && error.service === this.options.service) return null;
      throw error;
    });
  }

  /** An error of our own making, about this service. */
  context(status: number | null = null): CloudErrorContext {
    return { service: this.options.service, status, requestId: null };
  }

  async #send(as: Session, access: Access, call: Call): Promise<HttpAnswer> {
    const base = await this.options.base(as);
    return await this.http.send({
      service: this.options.service,
      method: call.method,
      url: `${base}${call.path}${queryString(call.query ?? {})}`,
      headers: {
        accept: 'application/json',
        'x-auth-token': access.token,
        ...(as.requestId === null ? {} : { 'x-openstack-request-id': as.requestId }),
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...call.headers,
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      repeatable: call.repeatable ?? ['GET', 'PUT', 'DELETE'].includes(call.method),
    });
  }

  #error(answer: HttpAnswer, access: Access, call: Call): CloudError {
    const failure = failureOf(answer.status, answer.body);
    const message = redacted(failure.message, [access.token, ...(call.secrets ?? [])]);
    const context: CloudErrorContext = {
      ...this.context(answer.status),
      requestId:
        answer.headers['x-openstack-request-id'] ?? answer.headers['x-compute-request-id'] ?? null,
    };
    return this.options.refine?.({ ...failure, message }, context) ?? errorFor(message, context);
  }
}

/** Whether the text can be one segment of a path; `.` and `..` would name another resource. */
export const isSegment = (value: string): boolean => !/^\.{0,2}$/.test(value);

/** A path with its values encoded. Check values that come from users with {@link isSegment} first. */
export const path = (parts: TemplateStringsArray, ...values: readonly string[]): string =>
  parts.reduce((whole, part, index) => {
    const value = values[index - 1] ?? '';
    if (!isSegment(value)) throw new RangeError(`'${value}' is no path segment`);
    return whole + encodeURIComponent(value) + part;
  });

const queryString = (query: Query): string => {
  const pairs = Object.entries(query).flatMap(([key, value]) => {
    const values = typeof value === 'string' ? [value] : (value ?? []);
    return values.map((one) => `${encodeURIComponent(key)}=${encodeURIComponent(one)}`);
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};
