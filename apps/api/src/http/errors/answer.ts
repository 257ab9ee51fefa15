import { HttpException } from '@nestjs/common';
import { Refused, type RefusalCode } from '@jeroboam/eventing/decider';
import { StoreUnavailable, VersionConflict } from '@jeroboam/eventing/event-store';
import { AnsweredFault, Fault, NoRoute, type Answer } from './faults.js';

const refusals: Readonly<Record<RefusalCode, number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'quota-exceeded': 403,
};

const ofFramework = (error: HttpException): AnsweredFault => {
  const status = error.getStatus();
  if (status === 404 || status === 405 || status === 406) return new NoRoute(status);
  if (status === 413) return new Fault(413, 'Request is too large.');
  return new Fault(status, error.message);
};

const expected = (error: unknown): AnsweredFault | null => {
  if (error instanceof AnsweredFault) return error;
  if (error instanceof Refused) return new Fault(refusals[error.code], error.message);
  if (error instanceof VersionConflict)
    return new Fault(
      409,
      'The resource was changed by other requests meanwhile. Please try again.',
    );
  if (error instanceof StoreUnavailable)
    return new Fault(503, 'The event store is temporarily unavailable.', { 'retry-after': '1' });
  if (error instanceof HttpException) return ofFramework(error);
  return null;
};

/** The answer to anything thrown. A bug is 500 with the id of the request and nothing of its inside. */
export const toAnswer = (error: unknown, requestId: string): Answer =>
  (
    expected(error) ?? new Fault(500, `Unexpected error, see the server's log for ${requestId}.`)
  ).answer();

/** True when whoever runs the service should look at it. */
export const isBug = (error: unknown): boolean => expected(error) === null;
