import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { beginning, type Begin } from '../writing/operation.js';
import { unkeyed, type Act } from '../writing/repeated-requests.js';

export interface Operating {
  readonly row: PresentCluster;
  /** The command, with what every operation begins with. */
  readonly command: (begin: Begin & { readonly trustId?: string }) => ClusterCommand;
  /** The same does nothing the second time; a new one unless given. */
  readonly act?: Act;
}

type Parts = Pick<ResourceParts, 'aggregates' | 'clock' | 'trusts'>;

/**
 * Begins an operation on a cluster. It goes on with the cluster's trust, or, when that no longer works,
 * with a new one of the caller.
 */
export const operate = async (
  { aggregates, clock, trusts }: Parts,
  caller: RequestContext,
  { row, command, act = unkeyed() }: Operating,
): Promise<void> => {
  const { operationId, requestKey } = act;
  const { uuid, projectId, createTimeoutMinutes } = row.spec;
  const trustId = await trusts.replacementFor(caller, { projectId, trustId: row.trustId });
  const begin = beginning(operationId, clock.now(), createTimeoutMinutes);
  const asked = command(trustId === null ? begin : { ...begin, trustId });
  try {
    const { events } = await aggregates.cluster(
      uuid,
      asked,
      metadataOf(caller, operationId, requestKey),
    );
    if (events.length === 0 && trustId !== null) await trusts.takeBack(caller, trustId);
  } catch (error) {
    const isUnused = trustId !== null && !(error instanceof StoreUnavailable);
    if (isUnused) await trusts.takeBack(caller, trustId);
    throw error;
  }
};
