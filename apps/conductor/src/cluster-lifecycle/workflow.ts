import type { Operation, PresentCluster } from '@jeroboam/domain/cluster/state';

/** What was last seen of a stack. */
export interface SeenStack {
  /** `CREATE_IN_PROGRESS` …; `GONE` when Heat does not have it. */
  readonly status: string;
  readonly reason: string;
  readonly updatedAt: string | null;
  /** How often its deletion has failed while we looked. */
  readonly failedDeletions: number;
}

/** Stacks by id. One that is not in it has not been looked at. */
export type Seen = ReadonlyMap<string, SeenStack>;

/** One step towards what is wished. Each is one idempotent piece of work; see `cluster.effects.ts`. */
export type Effect =
  | { readonly kind: 'ensure-trustee'; readonly operation: Operation }
  | { readonly kind: 'ensure-authorities'; readonly operation: Operation }
  /** The stack of the cluster itself (`null`), or of an additional node group. */
  | {
      readonly kind: 'ensure-stack';
      readonly operation: Operation;
      readonly nodegroupId: string | null;
    }
  | { readonly kind: 'look-at-stack'; readonly operation: Operation; readonly stackId: string }
  | { readonly kind: 'update-stack'; readonly operation: Operation; readonly stackId: string }
  /** The cloud is done: see what came of it, and settle. */
  | { readonly kind: 'record-success'; readonly operation: Operation; readonly stackId: string }
  /** The cloud has failed: find out which resource and why, and settle. */
  | {
      readonly kind: 'record-failure';
      readonly operation: Operation;
      readonly stackId: string;
      readonly reason: string;
    }
  | { readonly kind: 'give-up'; readonly operation: Operation; readonly reason: string }
  | { readonly kind: 'prepare-rotation'; readonly operation: Operation }
  /** Load balancers that Kubernetes has made, then the stack. */
  | { readonly kind: 'delete-stack'; readonly operation: Operation; readonly stackId: string }
  /** No stack is known: there may be one that a crash kept from being recorded. */
  | { readonly kind: 'delete-unrecorded-stacks'; readonly operation: Operation }
  /** Keys, trustee and trust, and the record that nothing is left. */
  | { readonly kind: 'clean-up'; readonly operation: Operation };

export interface Situation {
  readonly cluster: PresentCluster;
  readonly seen: Seen;
  /** ISO-8601. */
  readonly now: string;
}

/** Deletions of one stack that may fail before the user is told. */
const MAX_DELETIONS = 3;

/** After it an update that Heat shows no sign of is told again. */
const LOST_UPDATE_MS = 60_000;

/**
 * What to do next for each operation in hand; nothing where there is only to wait. Operations on one
 * stack go one after the other, those on different stacks at once.
 */
export const nextEffects = (situation: Situation): readonly Effect[] => {
  const { cluster } = situation;
  const busy = new Set<string>();
  return cluster.operations.flatMap((operation) => {
    const stack = stackOf(cluster, operation);
    if (busy.has(stack)) return [];
    busy.add(stack);
    return nextEffect(situation, operation) ?? [];
  });
};

/** Which stack an operation is about; the cluster's own has no name of a node group. */
const stackOf = (cluster: PresentCluster, operation: Operation): string => {
  const id = 'nodegroupId' in operation ? operation.nodegroupId : null;
  const isOwn = cluster.nodegroups.some(({ uuid, isDefault }) => uuid === id && !isDefault);
  return isOwn && id !== null ? id : '';
};

const nextEffect = (situation: Situation, operation: Operation): Effect | null => {
  if (situation.now >= operation.deadline) return overdue(situation, operation);
  switch (operation.kind) {
    case 'create':
      return create(situation, operation);
    case 'add-nodegroup':
      return addNodegroup(situation, operation);
    case 'resize':
    case 'upgrade':
      return update(situation, operation, stackIdOf(situation.cluster, operation));
    case 'rotate-authority':
      return rotateAuthority(situation, operation);
    case 'rotate-credential':
      return {
        kind: 'give-up',
        operation,
        reason: 'Credential rotation is not supported by driver.',
      };
    case 'remove-nodegroup':
      return removeNodegroup(situation, operation);
    case 'delete':
      return remove(situation, operation);
  }
};

const overdue = ({ cluster, seen, now }: Situation, operation: Operation): Effect => {
  const stackId = stackIdOf(cluster, operation);
  const last = stackId === null ? undefined : seen.get(stackId);
  const minutes = Math.round((Date.parse(now) - Date.parse(operation.startedAt)) / 60_000);
  const cloud = last ? ` The stack is ${last.status}: ${last.reason}` : '';
  return { kind: 'give-up', operation, reason: `Timed out after ${minutes} minutes.${cloud}` };
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
  const nodegroupId = 'nodegroupId' in operation ? operation.nodegroupId : null;
  const stackId = stackIdOf(situation.cluster, operation);
  return stackId === null
    ? { kind: 'ensure-stack', operation, nodegroupId }
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

const lost = (operation: Operation, stackId: string): Effect => ({
  kind: 'give-up',
  operation,
  reason: `Stack with id ${stackId} not found in Heat.`,
});

/** A stack that is there and is to change. */
const update = (
  situation: Situation,
  operation: Operation,
  stackId: string | null,
): Effect | null => {
  if (stackId === null) return { kind: 'give-up', operation, reason: 'The cluster has no stack.' };
  const stack = situation.seen.get(stackId);
  if (!stack) return { kind: 'look-at-stack', operation, stackId };
  if (stack.status === 'GONE') return lost(operation, stackId);
  const hasBegun = operation.told !== null && stack.updatedAt !== operation.told.stackUpdatedAt;
  if (hasBegun) return verdict(stack, operation, stackId);
  const isBusy = stack.status.endsWith('_IN_PROGRESS');
  return !isBusy && isToBeTold(situation, operation)
    ? { kind: 'update-stack', operation, stackId }
    : null;
};

/** The cloud has not been told, or it has and shows no sign of it. */
const isToBeTold = ({ now }: Situation, { told }: Operation): boolean =>
  told === null || Date.parse(now) - Date.parse(told.at) > LOST_UPDATE_MS;

const rotateAuthority = (situation: Situation, operation: Operation): Effect | null =>
  operation.told === null && isIdle(situation)
    ? { kind: 'prepare-rotation', operation }
    : update(situation, operation, situation.cluster.stackId);

const isIdle = ({ cluster, seen }: Situation): boolean => {
  const stack = cluster.stackId === null ? undefined : seen.get(cluster.stackId);
  return stack !== undefined && !stack.status.endsWith('_IN_PROGRESS');
};

const removeNodegroup = (situation: Situation, operation: Operation): Effect | null => {
  const stackId = stackIdOf(situation.cluster, operation);
  if (stackId === null) return { kind: 'delete-unrecorded-stacks', operation };
  const step = towardsGone(situation, operation, stackId);
  return step === 'gone' ? { kind: 'clean-up', operation } : step;
};

/** Stacks of additional node groups hang on the cluster's own, so they go first. */
const remove = (situation: Situation, operation: Operation): Effect | null => {
  const { cluster } = situation;
  const own = cluster.stackId;
  const additional = cluster.nodegroups.flatMap(({ stackId }) =>
    stackId !== null && stackId !== own ? [stackId] : [],
  );
  for (const stackId of additional) {
    const step = towardsGone(situation, operation, stackId);
    if (step !== 'gone') return step;
  }
  if (own === null) return { kind: 'delete-unrecorded-stacks', operation };
  const step = towardsGone(situation, operation, own);
  return step === 'gone' ? { kind: 'clean-up', operation } : step;
};

const towardsGone = (
  { seen }: Situation,
  operation: Operation,
  stackId: string,
): Effect | 'gone' | null => {
  const stack = seen.get(stackId);
  if (!stack) return { kind: 'look-at-stack', operation, stackId };
  if (stack.status === 'GONE' || stack.status === 'DELETE_COMPLETE') return 'gone';
  if (stack.status === 'DELETE_IN_PROGRESS') return null;
  return stack.failedDeletions >= MAX_DELETIONS
    ? { kind: 'record-failure', operation, stackId, reason: stack.reason }
    : { kind: 'delete-stack', operation, stackId };
};

const stackIdOf = (cluster: PresentCluster, operation: Operation): string | null => {
  const id = 'nodegroupId' in operation ? operation.nodegroupId : null;
  const nodegroup = cluster.nodegroups.find(({ uuid }) => uuid === id);
  return nodegroup ? nodegroup.stackId : cluster.stackId;
};
