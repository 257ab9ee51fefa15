import type { CommandData, OperationOutcome } from './commands.js';
import type { ClusterEvent, ClusterFacts, NodegroupFacts } from './events.js';
import { isPresent, type ClusterState, type Operation } from './state.js';

/** The event with which an operation ends; none when it is not in hand any more. */
export const settlement = (
  { operationId, outcome, at }: CommandData<'SettleOperation'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  if (!isPresent(state)) return [];
  const operation = state.operations.find(({ id }) => id === operationId);
  if (!operation) return [];
  return [
    outcome.kind === 'complete'
      ? completed(operation, outcome.facts, { operationId, at })
      : failed(operation, outcome, { operationId, at }),
  ];
};

interface Ended {
  readonly operationId: string;
  readonly at: string;
}

const NOTHING_SEEN: ClusterFacts = {
  apiAddress: null,
  discoveryUrl: null,
  coeVersion: null,
  containerVersion: null,
  nodegroups: {},
};

const completed = (
  operation: Operation,
  facts: ClusterFacts | NodegroupFacts | null,
  ended: Ended,
): ClusterEvent => {
  const clusterFacts = facts && 'nodegroups' in facts ? facts : NOTHING_SEEN;
  switch (operation.kind) {
    case 'create':
      return { type: 'ClusterCreated', data: { ...ended, facts: clusterFacts } };
    case 'resize':
      return { type: 'ClusterResized', data: { ...ended, facts: clusterFacts } };
    case 'upgrade':
      return { type: 'ClusterUpgraded', data: { ...ended, facts: clusterFacts } };
    case 'add-nodegroup': {
      const seen = facts && 'nodeAddresses' in facts ? facts : { nodeAddresses: [], nodeCount: 0 };
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

const FAILURES = {
  resize: 'ResizeFailed',
  upgrade: 'UpgradeFailed',
  'add-nodegroup': 'NodegroupCreationFailed',
  'remove-nodegroup': 'NodegroupRemovalFailed',
  'rotate-authority': 'AuthorityRotationFailed',
  'rotate-credential': 'CredentialRotationFailed',
  delete: 'DeletionFailed',
} as const;

const failed = (
  { kind }: Operation,
  { reason, faults }: Extract<OperationOutcome, { kind: 'failed' }>,
  ended: Ended,
): ClusterEvent =>
  kind === 'create'
    ? { type: 'ClusterCreationFailed', data: { ...ended, reason, faults: faults ?? {} } }
    : { type: FAILURES[kind], data: { ...ended, reason } };
