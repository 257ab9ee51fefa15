import type { Nodegroup } from '@jeroboam/domain/cluster/state';
import type { Page } from '../http/listing/page.js';
import { noNodegroup } from '../reads/find-nodegroup.js';

type Value = string | number | null;

const text = (value: unknown): Value => (value === null ? null : JSON.stringify(value));

/** Sort keys, with the value of each. Groups lie in their cluster, so they are sorted here. */
const KEYS: Readonly<Record<string, (nodegroup: Nodegroup) => Value>> = {
  id: ({ ordinal }) => ordinal,
  uuid: ({ uuid }) => uuid,
  name: ({ name }) => name,
  cluster_id: () => null,
  project_id: () => null,
  docker_volume_size: ({ dockerVolumeSize }) => dockerVolumeSize,
  labels: ({ labels }) => text(labels),
  flavor_id: ({ flavorId }) => flavorId,
  image_id: ({ imageId }) => imageId,
  node_addresses: ({ nodeAddresses }) => text(nodeAddresses),
  node_count: ({ nodeCount }) => nodeCount,
  role: ({ role }) => role,
  max_node_count: ({ maxNodeCount }) => maxNodeCount,
  min_node_count: ({ minNodeCount }) => minNodeCount,
  is_default: ({ isDefault }) => Number(isDefault),
  stack_id: ({ stackId }) => stackId,
  status: ({ status }) => status,
  status_reason: ({ statusReason }) => statusReason,
  version: () => null,
  node_labels: ({ nodeLabels }) => text(nodeLabels),
  node_taints: ({ nodeTaints }) => text(nodeTaints),
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
};

export const NODEGROUP_SORT_KEYS: ReadonlySet<string> = new Set(Object.keys(KEYS));

/** Values of one key are of one type; missing ones come first. */
const compare = (one: Value, other: Value): number => {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
};

/**
 * One page of those of the role, if one is asked for. The marker may be of another role. 404 when it is
 * none of the cluster's.
 */
export const pageOfNodegroups = (
  nodegroups: readonly Nodegroup[],
  { sortKey, sortDir, marker, limit }: Page,
  role?: string,
): readonly Nodegroup[] => {
  const value = KEYS[sortKey] ?? (() => null);
  const sign = sortDir === 'asc' ? 1 : -1;
  const sorted = nodegroups.toSorted(
    (one, other) => sign * (compare(value(one), value(other)) || one.ordinal - other.ordinal),
  );
  const start = marker === null ? 0 : sorted.findIndex(({ uuid }) => uuid === marker) + 1;
  if (marker !== null && start === 0) throw noNodegroup(marker);
  const asked = sorted.slice(start).filter((each) => role === undefined || each.role === role);
  return asked.slice(0, limit);
};
