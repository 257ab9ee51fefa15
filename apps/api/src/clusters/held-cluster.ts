import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import { forCluster } from '../revisions/conditions.js';
import { clusterFor, type Sought } from './cluster-requests.js';

export interface Held {
  readonly cluster: Numbered<ClusterRow>;
  /** For changes that hold only while the cluster is the one `If-Match` names. */
  readonly parts: ResourceParts;
}

/** The cluster, for whom may change it so. 404, 409, 403; 412 when it is not as the caller knows it. */
export const heldCluster = async (
  parts: ResourceParts,
  caller: RequestContext,
  sought: Sought,
): Promise<Held> => {
  const cluster = await parts.step('cluster', () => clusterFor(parts, caller, sought));
  return holding(parts, caller, cluster);
};

/** As {@link heldCluster}, of one that was found. 412. */
export const holding = async (
  parts: ResourceParts,
  caller: RequestContext,
  cluster: Numbered<ClusterRow>,
): Promise<Held> => ({ cluster, parts: await forCluster(parts, caller, cluster.row) });
