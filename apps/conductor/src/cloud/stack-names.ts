import type { Nodegroup, PresentCluster } from '@jeroboam/domain/cluster/state';
import { clusterStackName, nodegroupStackName } from '@jeroboam/drivers/stack-name';

/** The name of a stack, and the additional node group it is of; `null` for the cluster's own. */
export interface StackName {
  readonly name: string;
  readonly nodegroupId: string | null;
}

export const stackNameOf = ({ spec }: PresentCluster, nodegroup: Nodegroup | null): string =>
  nodegroup === null ? clusterStackName(spec) : nodegroupStackName(spec, nodegroup);

/** Names of all stacks of a cluster (`null`), its own last; or of one node group. */
export const namesOf = (
  cluster: PresentCluster,
  nodegroupId: string | null,
): readonly StackName[] => {
  const additional = cluster.nodegroups
    .filter(({ uuid, isDefault }) => !isDefault && (nodegroupId ?? uuid) === uuid)
    .map((nodegroup) => ({
      name: stackNameOf(cluster, nodegroup),
      nodegroupId: nodegroup.uuid,
    }));
  return nodegroupId === null
    ? [...additional, { name: stackNameOf(cluster, null), nodegroupId: null }]
    : additional;
};
