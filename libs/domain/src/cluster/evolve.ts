import type { EventData } from './commands.js';
import type { ClusterEvent, NodegroupSpec } from './events.js';
import { changeNodegroups, idsOf, nodegroupOf, upgraded } from './nodegroups.js';
import { seenBefore } from './preconditions.js';
import { end } from './settle.js';
import {
  isPresent,
  type ClusterState,
  type Nodegroup,
  type Operation,
  type PresentCluster,
} from './state.js';

const REMEMBERED_OPERATIONS = 64;

/** State after the event. Total: what does not fit the state changes nothing. */
export const evolve = (state: ClusterState, event: ClusterEvent): ClusterState => {
  if (event.type === 'ClusterRequested') {
    return state.status === 'absent' ? requested(event.data) : state;
  }
  if (!isPresent(state)) return state;
  if (event.type === 'ClusterDeleted') {
    return { status: 'DELETE_COMPLETE', gone: true, uuid: state.spec.uuid };
  }
  return progress(state, event) ?? begin(state, event) ?? end(state, event) ?? state;
};

const requested = (data: EventData<'ClusterRequested'>): PresentCluster => ({
  status: 'CREATE_IN_PROGRESS',
  statusReason: null,
  spec: data.cluster,
  nodegroups: data.nodegroups.map((nodegroup, index) => fresh(nodegroup, index + 1, data.at)),
  nodegroupsEver: data.nodegroups.length,
  operations: [{ ...inHand(data), kind: 'create' }],
  operationIds: [data.operationId],
  trustId: data.trustId,
  formerTrustIds: [],
  trustee: null,
  authoritiesEnsured: false,
  stackId: null,
  stackName: null,
  apiAddress: null,
  discoveryUrl: data.cluster.discoveryUrl,
  coeVersion: null,
  containerVersion: null,
  healthStatus: null,
  healthReason: {},
  created: false,
  createdAt: data.at,
  updatedAt: null,
});

const fresh = (nodegroup: NodegroupSpec, ordinal: number, at: string): Nodegroup => ({
  ...nodegroup,
  ordinal,
  status: 'CREATE_IN_PROGRESS',
  statusReason: null,
  stackId: null,
  stackName: null,
  nodeAddresses: [],
  createdAt: at,
  updatedAt: null,
});

const inHand = (data: { operationId: string; at: string; deadline: string }) => ({
  id: data.operationId,
  startedAt: data.at,
  deadline: data.deadline,
  told: null,
});

/** Facts that neither begin nor end an operation. */
const progress = (state: PresentCluster, event: ClusterEvent): PresentCluster | null => {
  switch (event.type) {
    case 'TrusteeEstablished': {
      const { userId, userName, domainId, trustId } = event.data;
      return { ...state, trustee: { userId, userName, domainId, trustId } };
    }
    case 'AuthoritiesEnsured':
      return { ...state, authoritiesEnsured: true };
    case 'StackCreationStarted':
      return stackStarted(state, event.data);
    case 'StackUpdateStarted':
      return { ...state, operations: tell(state.operations, event.data) };
    case 'NodegroupChanged': {
      const { nodegroupId, changes, at, operationId } = event.data;
      if (seenBefore(state, event.data)) return state;
      return withOperationId(
        changeNodegroups(state, [nodegroupId], { ...changes, updatedAt: at }),
        operationId,
      );
    }
    case 'HealthChanged':
      return { ...state, healthStatus: event.data.status, healthReason: event.data.reason };
    default:
      return null;
  }
};

const stackStarted = (
  state: PresentCluster,
  { stackId, stackName, nodegroupIds, at }: EventData<'StackCreationStarted'>,
): PresentCluster => {
  const withStack = changeNodegroups(state, nodegroupIds, { stackId, stackName });
  const isMain = state.nodegroups.some(
    ({ uuid, isDefault }) => isDefault && nodegroupIds.includes(uuid),
  );
  const begun = state.operations.find((operation) =>
    isMain
      ? operation.kind === 'create'
      : operation.kind === 'add-nodegroup' && nodegroupIds.includes(operation.nodegroupId),
  );
  const operations = begun
    ? tell(state.operations, { operationId: begun.id, at, stackUpdatedAt: null })
    : state.operations;
  return isMain ? { ...withStack, operations, stackId, stackName } : { ...withStack, operations };
};

const tell = (
  operations: readonly Operation[],
  { operationId, at, stackUpdatedAt }: Omit<EventData<'StackUpdateStarted'>, 'stackId'>,
): readonly Operation[] =>
  operations.map((operation) =>
    operation.id === operationId ? { ...operation, told: { at, stackUpdatedAt } } : operation,
  );

/** Operations that begin, each once. */
const begin = (state: PresentCluster, event: ClusterEvent): PresentCluster | null => {
  const after = beginning(state, event);
  const operationId = after?.operations.at(-1)?.id ?? '';
  return after && seenBefore(state, { operationId }) ? state : after;
};

const beginning = (state: PresentCluster, event: ClusterEvent): PresentCluster | null => {
  switch (event.type) {
    case 'ResizeRequested': {
      const { nodegroupId, nodeCount, nodesToRemove, rollback, at } = event.data;
      const previousNodeCount = nodegroupOf(state, nodegroupId)?.nodeCount ?? nodeCount;
      const operation = { nodegroupId, nodeCount, previousNodeCount, nodesToRemove, rollback };
      return changeNodegroups(
        begun(state, event.data, { ...inHand(event.data), kind: 'resize', ...operation }),
        [nodegroupId],
        { nodeCount, status: 'UPDATE_IN_PROGRESS', statusReason: null, updatedAt: at },
      );
    }
    case 'UpgradeRequested': {
      const { template, maxBatchSize, nodegroupId, at } = event.data;
      const operation = {
        ...inHand(event.data),
        kind: 'upgrade',
        template,
        maxBatchSize,
        nodegroupId,
      } as const;
      return changeNodegroups(begun(state, event.data, operation), upgraded(state, nodegroupId), {
        status: 'UPDATE_IN_PROGRESS',
        statusReason: null,
        updatedAt: at,
      });
    }
    case 'NodegroupRequested':
      return nodegroupBegun(state, event.data);
    case 'NodegroupRemovalRequested': {
      const { nodegroupId, at } = event.data;
      const operation = { ...inHand(event.data), kind: 'remove-nodegroup', nodegroupId } as const;
      return changeNodegroups(begun(state, event.data, operation), [nodegroupId], {
        status: 'DELETE_IN_PROGRESS',
        statusReason: null,
        updatedAt: at,
      });
    }
    case 'AuthorityRotationRequested':
      return begun(state, event.data, { ...inHand(event.data), kind: 'rotate-authority' });
    case 'CredentialRotationRequested':
      return begun(state, event.data, { ...inHand(event.data), kind: 'rotate-credential' });
    case 'DeletionRequested':
      return deletionBegun(state, event.data);
    default:
      return null;
  }
};

const begun = (
  state: PresentCluster,
  data: { readonly at: string; readonly trustId?: string },
  operation: Operation,
): PresentCluster => ({
  ...withOperationId(state, operation.id),
  status: 'UPDATE_IN_PROGRESS',
  statusReason: null,
  operations: [...state.operations, operation],
  ...trustsAfter(state, data.trustId),
  updatedAt: data.at,
});

const trustsAfter = (
  { trustId, formerTrustIds }: PresentCluster,
  given: string | undefined,
): Pick<PresentCluster, 'trustId' | 'formerTrustIds'> =>
  given === undefined || given === trustId
    ? { trustId, formerTrustIds }
    : {
        trustId: given,
        formerTrustIds: [...formerTrustIds, ...(trustId === null ? [] : [trustId])],
      };

const nodegroupBegun = (
  state: PresentCluster,
  data: EventData<'NodegroupRequested'>,
): PresentCluster => {
  const { nodegroup, at } = data;
  const nodegroupsEver = state.nodegroupsEver + 1;
  const after = begun(state, data, {
    ...inHand(data),
    kind: 'add-nodegroup',
    nodegroupId: nodegroup.uuid,
  });
  return {
    ...after,
    nodegroups: [...after.nodegroups, fresh(nodegroup, nodegroupsEver, at)],
    nodegroupsEver,
  };
};

/** A deletion takes the place of everything else in hand. */
const deletionBegun = (
  state: PresentCluster,
  data: EventData<'DeletionRequested'>,
): PresentCluster => {
  const interrupts = state.operations.length > 0;
  const after = begun(state, data, { ...inHand(data), kind: 'delete', interrupts });
  return {
    ...changeNodegroups(after, idsOf(state), {
      status: 'DELETE_IN_PROGRESS',
      statusReason: null,
      updatedAt: data.at,
    }),
    status: 'DELETE_IN_PROGRESS',
    operations: after.operations.slice(-1),
  };
};

const withOperationId = (state: PresentCluster, id: string): PresentCluster => ({
  ...state,
  operationIds: [...state.operationIds, id].slice(-REMEMBERED_OPERATIONS),
});
