import type { ClusterEvent, ClusterFacts } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import {
  isPresent,
  type ClusterState,
  type Operation,
  type PresentCluster,
} from '@jeroboam/domain/cluster/state';

/** As if all had come out as wished, and nothing new had been seen. */
const factsOf = (state: PresentCluster): ClusterFacts => {
  const { apiAddress, discoveryUrl, coeVersion, containerVersion, nodegroups } = state;
  const seen = nodegroups.map(({ uuid, nodeAddresses, nodeCount }) => [
    uuid,
    { nodeAddresses, nodeCount },
  ]);
  return {
    apiAddress,
    discoveryUrl,
    coeVersion,
    containerVersion,
    nodegroups: Object.fromEntries(seen) as ClusterFacts['nodegroups'],
  };
};

const success = (state: PresentCluster, operation: Operation, at: string): ClusterEvent => {
  const ended = { operationId: operation.id, at };
  const facts = factsOf(state);
  switch (operation.kind) {
    case 'create':
      return { type: 'ClusterCreated', data: { ...ended, facts } };
    case 'resize':
      return { type: 'ClusterResized', data: { ...ended, facts } };
    case 'upgrade':
      return { type: 'ClusterUpgraded', data: { ...ended, facts } };
    case 'add-nodegroup': {
      const none = { nodeAddresses: [], nodeCount: 0 };
      const seen = facts.nodegroups[operation.nodegroupId] ?? none;
      return { type: 'NodegroupCreated', data: { ...ended, facts: seen } };
    }
    case 'remove-nodegroup':
      return { type: 'NodegroupRemoved', data: ended };
    case 'rotate-authority':
      return { type: 'AuthorityRotated', data: ended };
    case 'rotate-credential':
      return { type: 'CredentialRotated', data: ended };
    case 'delete':
      return { type: 'ClusterDeleted', data: ended };
  }
};

/** The state once the operation that is new in `after` has succeeded. */
export const whenDone = (before: ClusterState, after: ClusterState, at: string): ClusterState => {
  if (!isPresent(after)) return after;
  const known = isPresent(before) ? before.operations.map(({ id }) => id) : [];
  const begun = after.operations.find(({ id }) => !known.includes(id));
  return begun === undefined ? after : evolve(after, success(after, begun, at));
};
