import type { StackSummary } from '@jeroboam/openstack/heat/port';
import type { SeenStack } from '../cluster-lifecycle/workflow/situation.js';

/** A stack as the workflow wants to see it. `null`: Heat does not have it. */
export const seenOf = (stack: StackSummary | null): SeenStack =>
  stack === null
    ? { status: 'GONE', reason: '', updatedAt: null, failedDeletions: 0 }
    : {
        status: stack.status,
        reason: stack.reason,
        updatedAt: stack.updatedAt,
        failedDeletions: 0,
      };
