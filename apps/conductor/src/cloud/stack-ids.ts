import type { PresentCluster } from '@jeroboam/domain/cluster/state';

/** Stacks a cluster is known to have: its own, and those of additional node groups. */
export const stackIdsOf = ({
  stackId,
  nodegroups,
}: Pick<PresentCluster, 'stackId' | 'nodegroups'>): readonly string[] => [
  ...new Set([stackId, ...nodegroups.map((each) => each.stackId)].filter((id) => id !== null)),
];
