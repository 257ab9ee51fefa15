import type { EventData } from '@jeroboam/domain/cluster/commands';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { nodegroupOf } from '@jeroboam/domain/cluster/nodegroups';
import { isPresent, type ClusterState } from '@jeroboam/domain/cluster/state';
import type { Turn } from './past.js';

type Summaries = {
  readonly [Type in ClusterEvent['type']]: (data: EventData<Type>, turn: Turn) => string;
};

const nameIn = (state: ClusterState, nodegroupId: string): string =>
  (isPresent(state) ? nodegroupOf(state, nodegroupId)?.name : undefined) ?? nodegroupId;

/** Name of the node group that an operation was about. */
const nodegroupIn = (before: ClusterState, operationId: string): string => {
  const operation = isPresent(before)
    ? before.operations.find(({ id }) => id === operationId)
    : undefined;
  const isOfOne = operation !== undefined && 'nodegroupId' in operation;
  return isOfOne && operation.nodegroupId !== null
    ? ` ${nameIn(before, operation.nodegroupId)}`
    : '';
};

const summaries: Summaries = {
  ClusterRequested: ({ cluster: { name, template } }) =>
    `Creation of ${name} from the template ${template.name ?? template.uuid} asked for`,
  TrusteeEstablished: ({ userName }) => `The cluster's own user ${userName} is there`,
  AuthoritiesEnsured: () => 'The certificate authorities are there',
  StackCreationStarted: ({ stackName }) => `Building of the stack ${stackName} has begun`,
  StackUpdateStarted: () => 'Update of the stack has begun',
  ClusterCreated: () => 'The cluster is created',
  ClusterCreationFailed: ({ reason }) => `The creation failed: ${reason}`,
  ResizeRequested: ({ nodegroupId, nodeCount }, { before }) =>
    `Resize of ${nameIn(before, nodegroupId)} to ${nodeCount} asked for`,
  ClusterResized: ({ operationId }, { before }) =>
    `The node group${nodegroupIn(before, operationId)} is resized`,
  ResizeFailed: ({ operationId, reason }, { before }) =>
    `The resize of${nodegroupIn(before, operationId)} failed: ${reason}`,
  UpgradeRequested: ({ template }) =>
    `Upgrade to the template ${template.name ?? template.uuid} asked for`,
  ClusterUpgraded: () => 'The cluster is upgraded',
  UpgradeFailed: ({ reason }) => `The upgrade failed: ${reason}`,
  NodegroupRequested: ({ nodegroup }) =>
    `New node group ${nodegroup.name} with ${nodegroup.nodeCount} nodes asked for`,
  NodegroupCreated: ({ operationId }, { before }) =>
    `The node group${nodegroupIn(before, operationId)} is created`,
  NodegroupCreationFailed: ({ operationId, reason }, { before }) =>
    `The creation of the node group${nodegroupIn(before, operationId)} failed: ${reason}`,
  NodegroupChanged: ({ nodegroupId }, { before }) =>
    `The node group ${nameIn(before, nodegroupId)} is changed`,
  NodegroupRemovalRequested: ({ nodegroupId }, { before }) =>
    `Deletion of the node group ${nameIn(before, nodegroupId)} asked for`,
  NodegroupRemoved: ({ operationId }, { before }) =>
    `The node group${nodegroupIn(before, operationId)} is deleted`,
  NodegroupRemovalFailed: ({ operationId, reason }, { before }) =>
    `The deletion of the node group${nodegroupIn(before, operationId)} failed: ${reason}`,
  AuthorityRotationRequested: () => 'Rotation of the certificate authorities asked for',
  AuthorityRotated: () => 'The certificate authorities are rotated',
  AuthorityRotationFailed: ({ reason }) =>
    `The rotation of the certificate authorities failed: ${reason}`,
  CredentialRotationRequested: () => 'Rotation of the credential asked for',
  CredentialRotated: () => 'The credential is rotated',
  CredentialRotationFailed: ({ reason }) => `The rotation of the credential failed: ${reason}`,
  HealthChanged: ({ status }) => `The health is ${status ?? 'not known'}`,
  DeletionRequested: () => 'Deletion of the cluster asked for',
  DeletionFailed: ({ reason }) => `The deletion failed: ${reason}`,
  ClusterDeleted: () => 'The cluster is deleted',
};

/** What happened, in a sentence. An event of a type that is not known here is told by its name. */
export const summaryOf = (turn: Turn): string => {
  const { type, data } = turn.event;
  if (!Object.hasOwn(summaries, type)) return type;
  const tell = summaries[type] as (data: unknown, turn: Turn) => string; // Of that very type.
  return tell(data, turn);
};
