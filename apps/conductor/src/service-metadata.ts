import type { Metadata } from '@jeroboam/eventing/message';

/** Of events that the conductor records on its own. The same command id appends nothing the second time. */
export const serviceMetadata = (causationId: string, commandId: string): Metadata => ({
  correlationId: causationId,
  causationId,
  commandId,
  actor: {
    userId: null,
    userName: null,
    projectId: null,
    roles: [],
    requestId: null,
    address: null,
    kind: 'service',
  },
});
