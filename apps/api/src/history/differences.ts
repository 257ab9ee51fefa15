import { isSame } from '@jeroboam/domain/equality';
import {
  isPresent,
  type ClusterState,
  type Nodegroup,
  type PresentCluster,
} from '@jeroboam/domain/cluster/state';
import { toResponse } from '../clusters/represent-cluster.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { ReadOnly, Text } from '../http/body/fields.js';
import type { Members } from '../http/body/represent.js';

/** A member of a cluster that is another before than after. */
export class DifferenceDto {
  @Text({ description: 'Member of the cluster, or `nodegroups.<name>.<member>`.' })
  field!: string;

  @ReadOnly({ description: 'Null when there was nothing.' })
  from!: unknown;

  @ReadOnly({ description: 'Null when there is nothing any more.' })
  to!: unknown;
}

export type Difference = Members<DifferenceDto>;

type Shown = Readonly<Record<string, unknown>>;
type Reader = Pick<RequestContext, 'links' | 'microversion'>;

/** They say nothing that others do not, or are another each time. */
const UNTOLD = new Set([
  ...['uuid', 'links', 'merge_labels', 'created_at', 'updated_at'],
  ...['labels_overridden', 'labels_added', 'labels_skipped'],
]);

const membersOf = (nodegroup: Nodegroup): Shown => ({
  role: nodegroup.role,
  node_count: nodegroup.nodeCount,
  min_node_count: nodegroup.minNodeCount,
  max_node_count: nodegroup.maxNodeCount,
  flavor_id: nodegroup.flavorId,
  image_id: nodegroup.imageId,
  labels: nodegroup.labels,
  docker_volume_size: nodegroup.dockerVolumeSize,
  node_labels: nodegroup.nodeLabels,
  node_taints: nodegroup.nodeTaints,
  stack_id: nodegroup.stackId,
  status: nodegroup.status,
  status_reason: nodegroup.statusReason,
  node_addresses: nodegroup.nodeAddresses,
});

const shown = (cluster: PresentCluster, reader: Reader): Shown => {
  const own = Object.entries(toResponse(cluster, reader)).filter(([field]) => !UNTOLD.has(field));
  const ofNodegroups = cluster.nodegroups.flatMap((nodegroup) =>
    Object.entries(membersOf(nodegroup)).map(([field, value]) => [
      `nodegroups.${nodegroup.name}.${field}`,
      value,
    ]),
  );
  return Object.fromEntries([...own, ...ofNodegroups]) as Shown;
};

/** A cluster that is gone shows its status alone. */
const membersAt = (state: ClusterState, reader: Reader): Shown => {
  if (isPresent(state)) return shown(state, reader);
  return state.status === 'absent' ? {} : { status: state.status };
};

/** What clients of that version see differ. Of a cluster that goes, its status. */
export const differences = (
  before: ClusterState,
  after: ClusterState,
  reader: Reader,
): readonly Difference[] => {
  const [old, young] = [membersAt(before, reader), membersAt(after, reader)];
  const isGone = isPresent(before) && !isPresent(after);
  const fields = isGone ? ['status'] : [...new Set([...Object.keys(old), ...Object.keys(young)])];
  return fields
    .map((field) => ({ field, from: old[field] ?? null, to: young[field] ?? null }))
    .filter(({ from, to }) => !isSame(from, to));
};
