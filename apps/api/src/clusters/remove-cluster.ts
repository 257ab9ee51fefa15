import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import { heldCluster } from './held-cluster.js';
import { operate } from './operate.js';

/** `DELETE …/{id}` */
export const removeCluster = async (
  asked: ResourceParts,
  caller: RequestContext,
  ident: string,
): Promise<void> => {
  const { cluster, parts } = await heldCluster(asked, caller, { ident, rule: 'delete' });
  const { row } = cluster;
  await operate(parts, caller, { row, command: (data) => ({ type: 'DeleteCluster', data }) });
};
