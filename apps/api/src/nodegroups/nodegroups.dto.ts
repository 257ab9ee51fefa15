import type { NodegroupSpec, NodeTaint } from '@jeroboam/domain/cluster/events';
import type { Nodegroup } from '@jeroboam/domain/cluster/state';
import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import { STATUSES } from '../clusters/clusters.dto.js';
import type { RequestContext } from '../http/auth/request-context.js';
import {
  Bool,
  Int,
  LabelMap,
  NestedList,
  OneOf,
  Text,
  TextList,
  TextMap,
  TextMapList,
  Time,
  Uuid,
} from '../http/body/fields.js';
import { represent } from '../http/body/represent.js';
import { nodegroupNumber } from '../reads/find-nodegroup.js';
import { labelDifferences } from '../reads/label-differences.js';
import { LinkDto } from '../reads/link.dto.js';
import { wireTime, wireTimeOrNull } from '../reads/wire.js';

const NAME = { min: 1, max: 255 };
const ignored = { description: 'Ignored in requests.' };

/** A node group, as sent and as shown. */
export class NodegroupDto {
  @Int(ignored)
  id?: number | null;

  @Uuid(ignored)
  uuid?: string | null;

  @Text({ ...NAME, required: true, description: 'Unique in its cluster.' })
  name!: string;

  @Text(ignored)
  cluster_id?: string | null;

  @Text({ readOnly: true })
  project_id?: string;

  @Int({ min: 1, description: 'GB of each node for containers.' })
  docker_volume_size?: number | null;

  @LabelMap({ description: "Instead of the cluster's, unless `merge_labels`." })
  labels?: Record<string, string> | null;

  @NestedList(() => LinkDto)
  links?: object[];

  @Text({ ...NAME, description: "The cluster's otherwise." })
  flavor_id?: string | null;

  @Text({ ...NAME, description: "The template's otherwise." })
  image_id?: string | null;

  @TextList({ readOnly: true })
  node_addresses?: readonly string[];

  @Int({ min: 0, default: 1 })
  node_count!: number;

  @Text({ ...NAME, default: 'worker' })
  role!: string;

  @Int({ min: 0, default: 0 })
  min_node_count!: number;

  @Int({ min: 0, description: '0 and null set no maximum.' })
  max_node_count?: number | null;

  @Bool(ignored)
  is_default?: boolean | null;

  @Text({ readOnly: true })
  stack_id?: string | null;

  @OneOf(STATUSES, ignored)
  status?: string | null;

  @Text(ignored)
  status_reason?: string | null;

  @Text(ignored)
  version?: string | null;

  @Bool({ default: false, description: "Given labels are added to the cluster's." })
  merge_labels!: boolean;

  @TextMap({ description: "The cluster's values of labels that differ. Ignored in requests." })
  labels_overridden?: Record<string, string> | null;

  @TextMap({ description: 'Labels the cluster does not have. Ignored in requests.' })
  labels_added?: Record<string, string> | null;

  @TextMap({ description: 'Labels only the cluster has. Ignored in requests.' })
  labels_skipped?: Record<string, string> | null;

  @TextMap({ description: "Labels of the cluster's nodes in Kubernetes." })
  node_labels?: Record<string, string> | null;

  @TextMapList({ description: 'Taints in Kubernetes: maps of key, value and effect.' })
  node_taints?: Record<string, string>[] | null;

  @Time()
  created_at?: string;

  @Time()
  updated_at?: string | null;
}

/** What lists show of a node group. */
export class NodegroupSummaryDto {
  @Uuid() uuid!: string;
  @Text() name!: string;
  @Text() flavor_id!: string | null;
  @Text() image_id!: string;
  @Int() node_count!: number;
  @Text() role!: string;
  @Int() min_node_count!: number;
  @Int() max_node_count!: number | null;
  @Bool() is_default!: boolean;
  @Text() stack_id!: string | null;
  @OneOf(STATUSES) status!: string;
  @Bool() merge_labels!: boolean;
}

type Reader = Pick<RequestContext, 'links' | 'microversion'>;

const wish = ({ spec }: ClusterRow, nodegroup: NodegroupSpec, { links }: Reader) => ({
  uuid: nodegroup.uuid,
  name: nodegroup.name,
  cluster_id: spec.uuid,
  project_id: spec.projectId,
  labels: nodegroup.labels,
  links: links.of('clusters', spec.uuid, 'nodegroups', nodegroup.uuid),
  flavor_id: nodegroup.flavorId,
  image_id: nodegroup.imageId,
  node_count: nodegroup.nodeCount,
  role: nodegroup.role,
  min_node_count: nodegroup.minNodeCount,
  max_node_count: nodegroup.maxNodeCount,
  merge_labels: false,
  ...labelDifferences(nodegroup.labels, spec.labels),
});

/** A node group that has just been asked for: what was asked, and nothing of its condition. */
export const toRequested = (
  cluster: ClusterRow,
  nodegroup: NodegroupSpec,
  reader: Reader,
): Record<string, unknown> =>
  represent<object>(
    NodegroupDto,
    {
      ...wish(cluster, nodegroup, reader),
      docker_volume_size: nodegroup.dockerVolumeSize ?? undefined,
      node_labels: nodegroup.nodeLabels ?? undefined,
      node_taints: nodegroup.nodeTaints ?? undefined,
    },
    reader.microversion,
  );

/** A node group, whole. */
export const toResponse = (
  { seq, row }: Numbered<ClusterRow>,
  nodegroup: Nodegroup,
  reader: Reader,
): Record<string, unknown> =>
  represent<object>(
    NodegroupDto,
    {
      ...wish(row, nodegroup, reader),
      id: nodegroupNumber(seq, nodegroup),
      docker_volume_size: nodegroup.dockerVolumeSize,
      node_addresses: nodegroup.nodeAddresses,
      is_default: nodegroup.isDefault,
      stack_id: nodegroup.stackId,
      status: nodegroup.status,
      status_reason: nodegroup.statusReason,
      version: null,
      node_labels: nodegroup.nodeLabels ?? {},
      node_taints: nodegroup.nodeTaints ?? [],
      created_at: wireTime(nodegroup.createdAt),
      updated_at: wireTimeOrNull(nodegroup.updatedAt),
    },
    reader.microversion,
  );

/** A node group in a list. */
export const toSummary = (nodegroup: Nodegroup, { microversion }: Reader) =>
  represent(
    NodegroupSummaryDto,
    {
      uuid: nodegroup.uuid,
      name: nodegroup.name,
      flavor_id: nodegroup.flavorId,
      image_id: nodegroup.imageId,
      node_count: nodegroup.nodeCount,
      role: nodegroup.role,
      min_node_count: nodegroup.minNodeCount,
      max_node_count: nodegroup.maxNodeCount,
      is_default: nodegroup.isDefault,
      stack_id: nodegroup.stackId,
      status: nodegroup.status,
      merge_labels: false,
    },
    microversion,
  );

/** Taints that {@link checkTaints} has looked at. */
export const toTaints = (
  taints: readonly Readonly<Record<string, string>>[] | null | undefined,
): readonly NodeTaint[] | null =>
  taints?.map(({ key = '', value, effect }) => ({
    key,
    ...(value === undefined ? {} : { value }),
    effect: effect as NodeTaint['effect'],
  })) ?? null;
