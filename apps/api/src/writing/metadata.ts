import type { Metadata } from '@jeroboam/eventing/message';
import { currentContext } from '@jeroboam/platform/logging/log-context';
import type { RequestContext } from '../http/auth/request-context.js';

/**
 * Whose command it is, and which request it came with.
 *
 * @param requestKey tells the request's `Idempotency-Key` from others
 */
export const metadataOf = (
  caller: RequestContext,
  commandId: string,
  requestKey: string | null = null,
): Metadata => {
  const { traceparent } = currentContext();
  return {
    correlationId: caller.requestId,
    causationId: commandId,
    commandId,
    actor: caller.actor,
    ...(requestKey === null ? {} : { requestKey }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
};
