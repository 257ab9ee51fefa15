import { Refused } from './decider.js';
import type { Recorded } from './event-store.js';

/**
 * Whether the event that a request with a key led to comes from this very request. Refused when the
 * key was used for another body; `false` when there is no such event.
 *
 * @param request `operationId` is the id of its command, and tells its body from others
 */
export const isRepeated = (
  { operationId }: { readonly operationId: string },
  made: Pick<Recorded, 'metadata'> | undefined,
): boolean => {
  if (made === undefined) return false;
  if (made.metadata.commandId === operationId) return true;
  throw new Refused(
    'key-reused',
    'This Idempotency-Key has been used for a request with another body.',
  );
};
