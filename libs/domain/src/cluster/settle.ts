import type { EventData } from './commands.js';
import type { ClusterEvent, ClusterFacts } from './events.js';
import { changeNodegroups, idsOf, touchedBy } from './nodegroups.js';
import { carryOn, sizeBeneath, type SettledSizes } from './queue.js';
import type { Nodegroup, PresentCluster } from './state.js';
import { isFailed, type ClusterStatus } from './status.js';

/** State after an event that ends an operation; `null` for any other event. Ends what is in hand only. */
export const end = (state: PresentCluster, event: ClusterEvent): PresentCluster | null => {
  const after = ended(state, event);
  return after && after.operations.length === state.operations.length ? state : after;
};

const ended = (state: PresentCluster, event: ClusterEvent): PresentCluster | null => {
  switch (event.type) {
    case 'ClusterCreated':
      return settle(created(state, event.data), event.data);
    case 'ClusterCreationFailed':
      return settle(creationFailed(state, event.data), event.data);
    case 'ClusterResized':
    case 'ClusterUpgraded':
      return updated(state, event.data);
    case 'NodegroupCreated':
      return nodegroupEnded(state, event.data, {
        status: 'CREATE_COMPLETE',
        statusReason: null,
        ...event.data.facts,
      });
    case 'NodegroupRemoved':
      return nodegroupRemoved(state, event.data);
    case 'AuthorityRotated':
    case 'CredentialRotated':
      return settle(state, event.data);
    case 'ResizeFailed':
    case 'UpgradeFailed':
    case 'NodegroupCreationFailed':
    case 'NodegroupRemovalFailed':
    case 'AuthorityRotationFailed':
    case 'CredentialRotationFailed':
    case 'DeletionFailed':
      return operationFailed(state, event.data, event.type);
    default:
      return null;
  }
};

interface Ended {
  readonly operationId: string;
  readonly at: string;
  readonly reason?: string;
}

const updated = (
  state: PresentCluster,
  data: EventData<'ClusterResized' | 'ClusterUpgraded'>,
): PresentCluster => {
  const operation = state.operations.find(({ id }) => id === data.operationId);
  const template = operation?.kind === 'upgrade' ? operation.template : state.spec.template;
  const touched = operation ? touchedBy(state, operation) : [];
  const known = withFacts({ ...state, spec: { ...state.spec, template } }, data.facts);
  const wished = operation?.kind === 'resize' && { [operation.nodegroupId]: operation.nodeCount };
  return settle(
    changeNodegroups(known, touched, { status: 'UPDATE_COMPLETE', statusReason: null }),
    data,
    { sizes: { ...wished, ...sizesIn(data.facts) } },
  );
};

const created = (
  state: PresentCluster,
  { facts }: EventData<'ClusterCreated'>,
): PresentCluster => ({
  ...withFacts(
    changeNodegroups(state, idsOf(state), { status: 'CREATE_COMPLETE', statusReason: null }),
    facts,
  ),
  created: true,
});

const creationFailed = (
  state: PresentCluster,
  { faults, reason }: EventData<'ClusterCreationFailed'>,
): PresentCluster => ({
  ...state,
  nodegroups: state.nodegroups.map((each) => ({
    ...each,
    status: 'CREATE_FAILED',
    statusReason: faults[each.uuid] ?? reason,
  })),
});

/** Of the node groups it was about. */
const FAILED_STATUS: Readonly<Record<string, ClusterStatus>> = {
  NodegroupCreationFailed: 'CREATE_FAILED',
  NodegroupRemovalFailed: 'DELETE_FAILED',
  DeletionFailed: 'DELETE_FAILED',
};

const operationFailed = (
  state: PresentCluster,
  data: Ended & { readonly reason: string },
  type: string,
): PresentCluster => {
  const operation = state.operations.find(({ id }) => id === data.operationId);
  const status = FAILED_STATUS[type] ?? 'UPDATE_FAILED';
  const touched = operation ? touchedBy(state, operation) : [];
  const marked = changeNodegroups(state, touched, { status, statusReason: data.reason });
  const failed = type === 'DeletionFailed' ? 'DELETE_FAILED' : 'UPDATE_FAILED';
  const outlasts = touched.length === 0;
  if (operation?.kind !== 'resize') return settle(marked, data, { failed, outlasts });
  const { nodegroupId } = operation;
  const nodeCount = sizeBeneath(state, operation);
  const restored = changeNodegroups(marked, [nodegroupId], { nodeCount });
  return settle(restored, data, { failed, sizes: { [nodegroupId]: nodeCount } });
};

const nodegroupEnded = (
  state: PresentCluster,
  data: Ended,
  changes: Partial<Nodegroup>,
): PresentCluster => {
  const operation = state.operations.find(({ id }) => id === data.operationId);
  const touched = operation ? touchedBy(state, operation) : [];
  return settle(changeNodegroups(state, touched, changes), data);
};

/** What else was in hand for the node group goes with it. */
const nodegroupRemoved = (state: PresentCluster, data: Ended): PresentCluster => {
  const operation = state.operations.find(({ id }) => id === data.operationId);
  if (operation?.kind !== 'remove-nodegroup') return settle(state, data);
  const gone = operation.nodegroupId;
  const operations = state.operations.filter(
    (each) => !('nodegroupId' in each) || each.nodegroupId !== gone,
  );
  const nodegroups = state.nodegroups.filter(({ uuid }) => uuid !== gone);
  return settle({ ...state, operations, nodegroups }, data);
};

interface Result {
  readonly failed?: ClusterStatus;
  /** No node group shows the failure. */
  readonly outlasts?: boolean;
  readonly sizes?: SettledSizes;
}

/** The operation is over; the cluster is settled once none is left. */
const settle = (state: PresentCluster, data: Ended, result: Result = {}): PresentCluster => {
  const operations = state.operations.filter(({ id }) => id !== data.operationId);
  const after = carryOn({ ...state, operations, updatedAt: data.at }, result.sizes ?? {});
  return operations.length > 0 ? goingOn(after, data, result) : settled(after, data, result);
};

const goingOn = (state: PresentCluster, { reason }: Ended, { outlasts }: Result): PresentCluster =>
  reason === undefined
    ? state
    : { ...state, statusReason: reason, ...(outlasts && { failedMeanwhile: reason }) };

const settled = (
  { failedMeanwhile, ...state }: PresentCluster,
  { reason }: Ended,
  { failed }: Result,
): PresentCluster => {
  const before = failedMeanwhile === undefined ? undefined : 'UPDATE_FAILED';
  return { ...state, ...verdict(state, failed ?? before, reason ?? failedMeanwhile ?? null) };
};

const sizesIn = ({ nodegroups }: ClusterFacts): SettledSizes =>
  Object.fromEntries(Object.entries(nodegroups).map(([id, { nodeCount }]) => [id, nodeCount]));

/** In progress before failed before complete, over the node groups. */
const verdict = (
  state: PresentCluster,
  failed: ClusterStatus | undefined,
  reason: string | null,
): { status: ClusterStatus; statusReason: string | null } => {
  const broken = state.nodegroups.filter(({ status }) => isFailed(status));
  const summary = broken.map(({ name }) => `${name} failed`).join(', ') || null;
  if (failed) return { status: failed, statusReason: reason };
  if (!state.created) return { status: 'CREATE_FAILED', statusReason: reason ?? summary };
  if (broken.length > 0) return { status: 'UPDATE_FAILED', statusReason: reason ?? summary };
  const isNew = state.status === 'CREATE_IN_PROGRESS';
  return { status: isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE', statusReason: null };
};

const withFacts = (state: PresentCluster, facts: ClusterFacts): PresentCluster => ({
  ...state,
  apiAddress: facts.apiAddress ?? state.apiAddress,
  discoveryUrl: facts.discoveryUrl ?? state.discoveryUrl,
  coeVersion: facts.coeVersion ?? state.coeVersion,
  containerVersion: facts.containerVersion ?? state.containerVersion,
  nodegroups: state.nodegroups.map((each) => {
    const seen = facts.nodegroups[each.uuid];
    return seen ? { ...each, ...seen } : each;
  }),
});
