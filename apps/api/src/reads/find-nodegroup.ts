import { Refused } from '@jeroboam/eventing/decider';
import type { Nodegroup } from '@jeroboam/domain/cluster/state';
import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import { isUuidLike } from '../http/body/scalars.js';

/** Node groups a cluster can have in its life before their numbers meet those of the next one. */
const NUMBERS_PER_CLUSTER = 1000;

/** The number of a node group among those of all clusters. */
export const nodegroupNumber = (clusterSeq: number, { ordinal }: Nodegroup): number =>
  clusterSeq * NUMBERS_PER_CLUSTER + ordinal;

const isThat =
  (ident: string, seq: number) =>
  (nodegroup: Nodegroup): boolean => {
    if (/^\d+$/.test(ident)) return nodegroupNumber(seq, nodegroup) === Number(ident);
    return isUuidLike(ident) ? nodegroup.uuid === ident : nodegroup.name === ident;
  };

export const noNodegroup = (ident: string): Refused =>
  new Refused('not-found', `Nodegroup ${ident} could not be found.`);

/** The node group of that uuid, name or number. 404. */
export const findNodegroup = ({ seq, row }: Numbered<ClusterRow>, ident: string): Nodegroup => {
  const found = row.nodegroups.find(isThat(ident, seq));
  if (found === undefined) throw noNodegroup(ident);
  return found;
};
