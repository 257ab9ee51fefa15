import { Refused, type RefusalCode } from '@jeroboam/eventing/decider';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';

/** What answers a request: JSON, either of these. */
export type Reply =
  | { readonly result: unknown }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** A refusal; `unavailable`: try again later; `failed`: a bug there. */
export type ErrorCode = RefusalCode | 'unavailable' | 'failed';

const REFUSALS: readonly string[] = [
  'invalid',
  'forbidden',
  'not-found',
  'conflict',
  'quota-exceeded',
  'key-reused',
] satisfies RefusalCode[];

/** Nobody answered, or who answered could not do it now. It may have been done nonetheless. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
  constructor(
    readonly service: string,
    options?: ErrorOptions,
  ) {
    super(`${service} is not available`, options);
  }
}

/** The service has failed at the request, and would again. */
export class ServiceFailed extends Error {
  override readonly name = 'ServiceFailed';
  constructor(readonly service: string) {
    super(`${service} failed`);
  }
}

/** Tells the other side of an error: a refusal as it is, a bug without its details. */
export const errorReply = (error: unknown): Reply => {
  if (error instanceof Refused) {
    return { error: { code: error.code, message: error.message } };
  }
  if (error instanceof StoreUnavailable || error instanceof ServiceUnavailable) {
    return { error: { code: 'unavailable', message: error.message } };
  }
  return { error: { code: 'failed', message: 'internal error' } };
};

/** The result, or throws {@link Refused}, {@link ServiceUnavailable}, {@link ServiceFailed}. */
export const resultOf = (reply: Reply, service: string): unknown => {
  if (!('error' in reply)) return reply.result;
  const { code, message } = reply.error;
  if (isRefusal(code)) throw new Refused(code, message);
  throw code === 'unavailable' ? new ServiceUnavailable(service) : new ServiceFailed(service);
};

const isRefusal = (code: string): code is RefusalCode => REFUSALS.includes(code);
