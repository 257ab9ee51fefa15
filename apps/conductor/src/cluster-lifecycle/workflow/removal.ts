import type { Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Effect, Situation } from './situation.js';

/** Deletions of one stack that may fail before the user is told. */
const MAX_DELETIONS = 3;

/**
 * What a deletion has interrupted may still be on its way to the cloud, sent by a conductor that is no
 * more. So long no call takes.
 */
const QUIET_MS = 30_000;

export const removeNodegroup = (
  situation: Situation,
  operation: Operation,
  stackId: string | null,
): Effect | null => {
  const step = stackId === null ? 'gone' : towardsGone(situation, operation, stackId);
  return step === 'gone' ? { kind: 'sweep-stacks', operation } : step;
};

/** Stacks of additional node groups hang on the cluster's own, so they go first. */
export const removeCluster = (situation: Situation, operation: Operation): Effect | null => {
  for (const stackId of stacksInOrder(situation.cluster)) {
    const step = towardsGone(situation, operation, stackId);
    if (step !== 'gone') return step;
  }
  return mayStillArrive(situation, operation) ? null : { kind: 'sweep-stacks', operation };
};

const stacksInOrder = ({ nodegroups, stackId: own }: PresentCluster): readonly string[] => {
  const additional = nodegroups.flatMap(({ stackId }) =>
    stackId !== null && stackId !== own ? [stackId] : [],
  );
  return own === null ? additional : [...additional, own];
};

const mayStillArrive = ({ cluster, now }: Situation, operation: Operation): boolean => {
  if (operation.kind !== 'delete' || !operation.interrupts) return false;
  const isUnrecorded = cluster.nodegroups.some(({ stackId }) => stackId === null);
  return isUnrecorded && Date.parse(now) - Date.parse(operation.startedAt) < QUIET_MS;
};

const towardsGone = (
  situation: Situation,
  operation: Operation,
  stackId: string,
): Effect | 'gone' | null => {
  const stack = situation.seen.get(stackId);
  if (!stack) return { kind: 'look-at-stack', operation, stackId };
  if (stack.status === 'GONE' || stack.status === 'DELETE_COMPLETE') return 'gone';
  if (isGoing(situation, operation, stackId)) return null;
  return stack.failedDeletions >= MAX_DELETIONS
    ? { kind: 'record-failure', operation, stackId, reason: stack.reason }
    : { kind: 'delete-stack', operation, stackId };
};

/** A deletion that was begun for an earlier operation may hang: asked again, Heat begins anew. */
const isGoing = ({ seen, deleting }: Situation, { id }: Operation, stackId: string): boolean =>
  seen.get(stackId)?.status === 'DELETE_IN_PROGRESS' && deleting.get(id)?.has(stackId) === true;
