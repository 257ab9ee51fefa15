import { Refused } from '@jeroboam/eventing/decider';
import type { NodegroupSpec } from '@jeroboam/domain/cluster/events';
import type { ClusterRow } from '@jeroboam/read-models/clusters';
import { newId } from '@jeroboam/platform/ids/ids';
import { bootVolumeSize, checkCloudNames, checkRootVolume } from '../cloud/checks.js';
import { driverOf } from '../clusters/actions.js';
import { operate } from '../clusters/operate.js';
import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import { toTaints, type NodegroupDto } from './nodegroups.dto.js';
import { checkTaints } from './taints.js';

const labelsOf = ({ labels, merge_labels }: NodegroupDto, { spec }: ClusterRow) => {
  if (labels === undefined || labels === null) return spec.labels;
  return merge_labels ? { ...spec.labels, ...labels } : labels;
};

const toNodegroup = (body: NodegroupDto, cluster: ClusterRow): NodegroupSpec => ({
  uuid: newId(),
  name: body.name,
  role: body.role,
  isDefault: false,
  nodeCount: body.node_count,
  minNodeCount: body.min_node_count,
  maxNodeCount: body.max_node_count ?? null,
  flavorId: body.flavor_id ?? cluster.spec.flavorId,
  imageId: body.image_id ?? cluster.spec.template.imageId,
  labels: labelsOf(body, cluster),
  dockerVolumeSize: body.docker_volume_size ?? null,
  nodeLabels: body.node_labels ?? null,
  nodeTaints: toTaints(body.node_taints),
});

const check = (body: NodegroupDto, cluster: ClusterRow): void => {
  if (body.role === 'master')
    throw new Refused('invalid', 'Creating master nodegroups is currently not supported.');
  demandNodegroups(cluster);
  checkTaints(body.name, body.node_taints);
};

/** 400 where all nodes of a cluster are of its default groups. */
export const demandNodegroups = (cluster: ClusterRow): void => {
  const { name, supports } = driverOf(cluster);
  if (supports.nodegroups) return;
  throw new Refused('invalid', `Additional nodegroups are not supported by driver ${name}.`);
};

type Parts = Pick<ResourceParts, 'aggregates' | 'clock' | 'cloud' | 'settings' | 'trusts'>;

const checkInCloud = async (
  { cloud: callers, settings }: Parts,
  caller: RequestContext,
  { body, row }: { readonly body: NodegroupDto; readonly row: ClusterRow },
): Promise<void> => {
  const cloud = callers.of(caller);
  const size = bootVolumeSize(row.spec.labels, settings.bootVolumeSize);
  await checkRootVolume(cloud, [body.flavor_id ?? row.spec.flavorId], size);
  await checkCloudNames(cloud, {
    imageId: body.image_id ?? null,
    flavorId: body.flavor_id ?? null,
  });
};

/** `POST …/nodegroups` of a cluster that was found. */
export const createNodegroup = async (
  parts: Parts,
  caller: RequestContext,
  asked: { readonly body: NodegroupDto; readonly row: ClusterRow },
): Promise<NodegroupSpec> => {
  const { body, row } = asked;
  check(body, row);
  await checkInCloud(parts, caller, asked);
  const nodegroup = toNodegroup(body, row);
  await operate(parts, caller, {
    row,
    command: (begin) => ({ type: 'AddNodegroup', data: { ...begin, nodegroup } }),
  });
  return nodegroup;
};
