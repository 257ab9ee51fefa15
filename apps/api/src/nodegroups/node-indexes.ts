import { Refused } from '@jeroboam/eventing/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import type { Nodegroup } from '@jeroboam/domain/cluster/state';
import type { Message } from '@jeroboam/eventing/message';
import type { ResourceParts } from '../resource-parts.js';

const INDEX = /^\d+$/;

interface Ever {
  /** The most nodes it was ever to have. */
  readonly most: number;
  /** Nodes that were ever to be taken away by name: Heat gives their indexes to no other. */
  readonly named: number;
}

const askedOf = (event: ClusterEvent, { uuid }: Nodegroup): Ever | null => {
  if (event.type !== 'ResizeRequested' || event.data.nodegroupId !== uuid) return null;
  return { most: event.data.nodeCount, named: event.data.nodesToRemove.length };
};

const wishedFirst = (event: ClusterEvent, { uuid }: Nodegroup): number => {
  if (event.type === 'NodegroupRequested')
    return event.data.nodegroup.uuid === uuid ? event.data.nodegroup.nodeCount : 0;
  if (event.type !== 'ClusterRequested') return 0;
  return event.data.nodegroups.find((each) => each.uuid === uuid)?.nodeCount ?? 0;
};

const everOf = (events: readonly ClusterEvent[], nodegroup: Nodegroup): Ever =>
  events.reduce<Ever>(
    ({ most, named }, event) => {
      const asked = askedOf(event, nodegroup);
      const size = asked?.most ?? wishedFirst(event, nodegroup);
      return { most: Math.max(most, size), named: named + (asked?.named ?? 0) };
    },
    { most: nodegroup.nodeCount, named: 0 },
  );

export interface Named {
  readonly clusterId: string;
  readonly nodegroup: Nodegroup;
  readonly nodes: readonly string[];
}

/**
 * 400 for the index of a node the group can never have had. Heat counts its members from 0 and skips
 * those that were removed by name, so only the log tells how far the indexes may reach.
 */
export const checkIndexes = async (
  { store }: Pick<ResourceParts, 'store'>,
  { clusterId, nodegroup, nodes }: Named,
): Promise<void> => {
  const beyond = nodes.filter((node) => INDEX.test(node) && Number(node) >= nodegroup.nodeCount);
  if (beyond.length === 0) return;
  // What stands in a stream of this category was written through its decider.
  const past = (await store.read(`cluster-${clusterId}`)) as readonly Message[];
  const { most, named } = everOf(past as readonly ClusterEvent[], nodegroup);
  const away = beyond.find((node) => Number(node) >= most + named);
  if (away === undefined) return;
  throw new Refused('invalid', `Node ${away} is not in the node group ${nodegroup.name}.`);
};
