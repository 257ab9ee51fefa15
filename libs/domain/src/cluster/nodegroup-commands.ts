import { Refused } from '@jeroboam/eventing/decider';
import { isSame } from '../equality.js';
import type { CommandData } from './commands.js';
import type { ClusterEvent, NodegroupSpec } from './events.js';
import { demandRemovable, demandSoundNodegroup } from './nodegroup-rules.js';
import {
  demandNodegroupStatus,
  demandStatus,
  presentCluster,
  presentNodegroup,
  seenBefore,
} from './preconditions.js';
import type { ClusterState, Nodegroup } from './state.js';
import { isReady, type ClusterStatus } from './status.js';

/** Operations on node groups may queue up behind each other. */
const takesNodegroupWork = (status: ClusterStatus): boolean =>
  isReady(status) || status === 'UPDATE_FAILED' || status === 'UPDATE_IN_PROGRESS';

/** Its stack is there: another size may be what it takes. */
const isHalfMade = ({ status, stackId }: Nodegroup): boolean =>
  status === 'CREATE_FAILED' && stackId !== null;

export const resizeNodegroup = (
  { by, ...data }: CommandData<'ResizeNodegroup'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  const nodegroup = presentNodegroup(present, data.nodegroupId);
  if (seenBefore(present, data)) return [];
  const isUpdate = by === 'update';
  if (isUpdate && nodegroup.nodeCount === data.nodeCount) return [];
  demandStatus(
    present,
    isUpdate ? isReady : takesNodegroupWork,
    isUpdate ? 'Updating a cluster' : 'Resizing a cluster',
  );
  demandNodegroupStatus(present, nodegroup, {
    allows: (status) => takesNodegroupWork(status) || isHalfMade(nodegroup),
    action: `Resizing node group ${nodegroup.name} when its status`,
  });
  if (!isUpdate) demandRange(nodegroup, data.nodeCount);
  demandRemovable(present, { ...data, nodegroup });
  return [{ type: 'ResizeRequested', data }];
};

/** A `max_node_count` of 0 sets no maximum. */
const demandRange = (nodegroup: Nodegroup, nodeCount: number): void => {
  const { name, role, minNodeCount, maxNodeCount } = nodegroup;
  if (role === 'master') return;
  const isTooMany = maxNodeCount !== null && maxNodeCount > 0 && nodeCount > maxNodeCount;
  if (nodeCount >= minNodeCount && !isTooMany) return;
  throw new Refused(
    'invalid',
    `Resizing ${name} outside the allowed range: min_node_count = ${minNodeCount}, ` +
      `max_node_count = ${maxNodeCount ?? 'None'}`,
  );
};

export const addNodegroup = (
  data: CommandData<'AddNodegroup'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  if (seenBefore(present, data)) return [];
  if (present.apiAddress === null) {
    throw new Refused('conflict', 'Cluster API address is not available yet');
  }
  demandStatus(present, takesNodegroupWork, 'Creating a nodegroup');
  if (present.nodegroups.some(({ name }) => name === data.nodegroup.name)) {
    throw new Refused(
      'conflict',
      `A node group with name ${data.nodegroup.name} already exists in the cluster ${present.spec.uuid}.`,
    );
  }
  demandSoundNodegroup(data.nodegroup);
  return [{ type: 'NodegroupRequested', data }];
};

export const changeNodegroup = (
  data: CommandData<'ChangeNodegroup'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  const nodegroup = presentNodegroup(present, data.nodegroupId);
  if (seenBefore(present, data)) return [];
  demandNodegroupStatus(present, nodegroup, {
    allows: takesNodegroupWork,
    action: 'nodegroup_update when nodegroup status',
  });
  const changed: NodegroupSpec = { ...nodegroup, ...data.changes };
  demandSoundNodegroup(changed);
  const changesNothing = Object.entries(data.changes).every(([field, value]) =>
    isSame(value, nodegroup[field as keyof Nodegroup]),
  );
  return changesNothing ? [] : [{ type: 'NodegroupChanged', data }];
};

export const removeNodegroup = (
  data: CommandData<'RemoveNodegroup'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  if (seenBefore(present, data)) return [];
  const nodegroup = presentNodegroup(present, data.nodegroupId);
  if (nodegroup.isDefault) {
    throw new Refused('invalid', 'Deleting a default nodegroup is not supported.');
  }
  if (nodegroup.status === 'DELETE_IN_PROGRESS' || present.status === 'DELETE_IN_PROGRESS') {
    return [];
  }
  return [{ type: 'NodegroupRemovalRequested', data }];
};
