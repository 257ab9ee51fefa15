import type { Nodegroup, Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import { removeCluster, removeNodegroup } from './removal.js';
import type { Effect, SeenStack, Situation } from './situation.js';

/** After it an update that Heat shows no sign of is told again. */
const LOST_UPDATE_MS = 30_000;

/**
 * What to do next for each operation in hand; nothing where there is only to wait. Operations on one
 * stack go one after the other, those on different stacks at once. What is overdue ends, also when it
 * stands behind another one.
 */
export const nextEffects = (situation: Situation): readonly Effect[] => {
  const { cluster, now } = situation;
  const busy = new Set<string>();
  return cluster.operations.flatMap((operation) => {
    if (now >= operation.deadline) return [overdue(situation, operation)];
    const stack = stackOf(cluster, operation);
    if (busy.has(stack)) return [];
    busy.add(stack);
    return nextEffect(situation, operation) ?? [];
  });
};

/** Which stack an operation is about; the cluster's own has no name of a node group. */
const stackOf = (cluster: PresentCluster, operation: Operation): string => {
  const nodegroup = nodegroupOf(cluster, operation);
  return nodegroup && !nodegroup.isDefault ? nodegroup.uuid : '';
};

const nextEffect = (situation: Situation, operation: Operation): Effect | null => {
  if (hasLostItsNodegroup(situation.cluster, operation)) return withoutNodegroup(operation);
  switch (operation.kind) {
    case 'create':
      return create(situation, operation);
    case 'add-nodegroup':
      return addNodegroup(situation, operation);
    case 'resize':
    case 'upgrade':
    case 'rotate-authority':
      return update(situation, operation, stackIdOf(situation.cluster, operation));
    case 'rotate-credential':
      return giveUp(operation, 'Credential rotation is not supported by driver.');
    case 'remove-nodegroup':
      return removeNodegroup(situation, operation, stackIdOf(situation.cluster, operation));
    case 'delete':
      return removeCluster(situation, operation);
  }
};

const giveUp = (operation: Operation, reason: string): Effect => ({
  kind: 'give-up',
  operation,
  reason,
});

/** The node group went while the operation stood behind its removal. */
const hasLostItsNodegroup = (cluster: PresentCluster, operation: Operation): boolean =>
  idOfNodegroup(operation) !== null && nodegroupOf(cluster, operation) === undefined;

const withoutNodegroup = (operation: Operation): Effect =>
  operation.kind === 'remove-nodegroup'
    ? { kind: 'clean-up', operation }
    : giveUp(operation, 'The node group has been deleted.');

const overdue = ({ cluster, seen, now, ...known }: Situation, operation: Operation): Effect => {
  const stackId = hasLostItsNodegroup(cluster, operation) ? null : stackIdOf(cluster, operation);
  const last = stackId === null ? undefined : seen.get(stackId);
  const minutes = Math.round((Date.parse(now) - Date.parse(operation.startedAt)) / 60_000);
  const cloud = last ? `The stack is ${last.status}: ${last.reason}` : '';
  const words = [`Timed out after ${minutes} minutes.`, cloud, known.obstacles.get(operation.id)];
  return giveUp(operation, words.filter(Boolean).join(' '));
};

const create = (situation: Situation, operation: Operation): Effect | null => {
  const { cluster } = situation;
  if (cluster.trustee === null && cluster.trustId !== null) {
    return { kind: 'ensure-trustee', operation };
  }
  if (!cluster.authoritiesEnsured) return { kind: 'ensure-authorities', operation };
  if (cluster.stackId === null) return { kind: 'ensure-stack', operation, nodegroupId: null };
  return watch(situation, operation, cluster.stackId);
};

const addNodegroup = (situation: Situation, operation: Operation): Effect | null => {
  const stackId = stackIdOf(situation.cluster, operation);
  return stackId === null
    ? { kind: 'ensure-stack', operation, nodegroupId: idOfNodegroup(operation) }
    : watch(situation, operation, stackId);
};

/** A stack that is being made. */
const watch = ({ seen }: Situation, operation: Operation, stackId: string): Effect | null => {
  const stack = seen.get(stackId);
  if (!stack) return { kind: 'look-at-stack', operation, stackId };
  if (stack.status === 'GONE') return lost(operation, stackId);
  return verdict(stack, operation, stackId);
};

const verdict = (stack: SeenStack, operation: Operation, stackId: string): Effect | null => {
  if (stack.status.endsWith('_COMPLETE')) {
    return stack.status.startsWith('ROLLBACK_') || stack.status.startsWith('DELETE_')
      ? { kind: 'record-failure', operation, stackId, reason: stack.reason }
      : { kind: 'record-success', operation, stackId };
  }
  if (!stack.status.endsWith('_FAILED')) return null;
  return { kind: 'record-failure', operation, stackId, reason: stack.reason };
};

const lost = (operation: Operation, stackId: string): Effect =>
  giveUp(operation, `Stack with id ${stackId} not found in Heat.`);

/**
 * A stack that is there and is to change. That Heat is told is recorded before it is: whoever goes on
 * after a crash knows by the time of the stack's last update whether Heat had heard of it.
 */
const update = (
  situation: Situation,
  operation: Operation,
  stackId: string | null,
): Effect | null => {
  if (stackId === null) return giveUp(operation, 'The cluster has no stack.');
  const stack = situation.seen.get(stackId);
  if (!stack) return { kind: 'look-at-stack', operation, stackId };
  if (stack.status === 'GONE') return lost(operation, stackId);
  if (operation.told === null) {
    return isBusy(stack) ? null : { kind: 'announce-update', operation, stackId };
  }
  if (stack.updatedAt !== operation.told.stackUpdatedAt) return verdict(stack, operation, stackId);
  return isToBeTold(situation, operation) ? { kind: 'update-stack', operation, stackId } : null;
};

const isBusy = ({ status }: SeenStack): boolean => status.endsWith('_IN_PROGRESS');

const isToBeTold = ({ now, announced }: Situation, { id, told }: Operation): boolean =>
  announced.has(id) || Date.parse(now) - Date.parse(told?.at ?? now) > LOST_UPDATE_MS;

const idOfNodegroup = (operation: Operation): string | null =>
  'nodegroupId' in operation ? operation.nodegroupId : null;

const nodegroupOf = (cluster: PresentCluster, operation: Operation): Nodegroup | undefined => {
  const id = idOfNodegroup(operation);
  return cluster.nodegroups.find(({ uuid }) => uuid === id);
};

const stackIdOf = (cluster: PresentCluster, operation: Operation): string | null => {
  const nodegroup = nodegroupOf(cluster, operation);
  return nodegroup ? nodegroup.stackId : cluster.stackId;
};
