import { Refused } from '@jeroboam/eventing/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import type { Nodegroup } from '@jeroboam/domain/cluster/state';
import type { Message } from '@jeroboam/eventing/message';
import type { ResourceParts } from '../resource-parts.js';

const INDEX = /^\d+$/;

interface Past {
  /** No index of the group can ever have been as high. */
  readonly beyond: number;
  /** What was taken away by name. What is being taken away, the cluster's own rules know. */
  readonly gone: ReadonlySet<string>;
}

const wishedFirst = (event: ClusterEvent, { uuid }: Nodegroup): number => {
  if (event.type === 'NodegroupRequested')
    return event.data.nodegroup.uuid === uuid ? event.data.nodegroup.nodeCount : 0;
  if (event.type !== 'ClusterRequested') return 0;
  return event.data.nodegroups.find((each) => each.uuid === uuid)?.nodeCount ?? 0;
};

/**
 * Heat counts the members of a group from 0, and gives the index of one that was removed by name to no
 * other: only the log tells how far the indexes may reach, and which are used up.
 */
const pastOf = (events: readonly ClusterEvent[], nodegroup: Nodegroup): Past => {
  const done = events.flatMap(({ type, data }) =>
    type === 'ClusterResized' ? [data.operationId] : [],
  );
  const resizes = events.flatMap(({ type, data }) =>
    type === 'ResizeRequested' && data.nodegroupId === nodegroup.uuid ? [data] : [],
  );
  const sizes = [
    nodegroup.nodeCount,
    ...events.map((event) => wishedFirst(event, nodegroup)),
    ...resizes.map(({ nodeCount }) => nodeCount),
  ];
  const named = resizes.flatMap(({ nodesToRemove }) => nodesToRemove);
  const worked = resizes.filter(({ operationId }) => done.includes(operationId));
  return {
    beyond: Math.max(...sizes) + named.length,
    gone: new Set(worked.flatMap(({ nodesToRemove }) => nodesToRemove)),
  };
};

export interface Named {
  readonly clusterId: string;
  readonly nodegroup: Nodegroup;
  readonly nodes: readonly string[];
}

/** 400 for the index of a node that the group never had, or no longer has: another would go instead. */
export const checkIndexes = async (
  { store }: Pick<ResourceParts, 'store'>,
  { clusterId, nodegroup, nodes }: Named,
): Promise<void> => {
  const indexes = nodes.filter((node) => INDEX.test(node));
  if (indexes.length === 0) return;
  // What stands in a stream of this category was written through its decider.
  const events = (await store.read(`cluster-${clusterId}`)) as readonly Message[];
  const { beyond, gone } = pastOf(events as readonly ClusterEvent[], nodegroup);
  const away = indexes.find((index) => Number(index) >= beyond || gone.has(index));
  if (away === undefined) return;
  throw new Refused('invalid', `Node ${away} is not in the node group ${nodegroup.name}.`);
};
