import { Refused } from '@jeroboam/eventing/decider';
import type { NodegroupSpec } from '@jeroboam/domain/cluster/events';
import type { ClusterRow } from '@jeroboam/read-models/clusters';
import type { Recorded } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import { isRepeated } from '@jeroboam/eventing/repetition';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { bootVolumeSize, checkCloudNames, checkRootVolume } from '../cloud/checks.js';
import { driverOf } from '../clusters/actions.js';
import { operate } from '../clusters/operate.js';
import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import { identityOf, keyOutlived, type Identity } from '../writing/repeated-requests.js';
import { toTaints, type NodegroupDto } from './nodegroups.dto.js';
import { checkTaints } from './taints.js';

const labelsOf = ({ labels, merge_labels }: NodegroupDto, { spec }: ClusterRow) => {
  if (labels === undefined || labels === null) return spec.labels;
  return merge_labels ? { ...spec.labels, ...labels } : labels;
};

const toNodegroup = (uuid: string, body: NodegroupDto, cluster: ClusterRow): NodegroupSpec => ({
  uuid,
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

type Parts = Pick<
  ResourceParts,
  'aggregates' | 'clock' | 'cloud' | 'settings' | 'step' | 'store' | 'trusts'
>;

const checkInCloud = async (
  { cloud: callers, settings }: Parts,
  caller: RequestContext,
  { body, row }: Asked,
): Promise<void> => {
  const cloud = callers.of(caller);
  const size = bootVolumeSize(row.spec.labels, settings.bootVolumeSize);
  await checkRootVolume(cloud, [body.flavor_id ?? row.spec.flavorId], size);
  await checkCloudNames(cloud, {
    imageId: body.image_id ?? null,
    flavorId: body.flavor_id ?? null,
  });
};

const added = async (
  parts: Parts,
  caller: RequestContext,
  { body, row, identity }: Asked & { readonly identity: Identity },
): Promise<NodegroupSpec> => {
  await parts.step('node group', () => {
    check(body, row);
  });
  await parts.step('cloud resources', () => checkInCloud(parts, caller, { body, row }));
  const nodegroup = toNodegroup(identity.uuid, body, row);
  await operate(parts, caller, {
    row,
    command: (begin) => ({ type: 'AddNodegroup', data: { ...begin, nodegroup } }),
    act: { operationId: identity.operationId, requestKey: null },
  });
  return nodegroup;
};

const isRequest = (recorded: Recorded): NodegroupSpec | null => {
  const event = recorded as Message as ClusterEvent;
  return event.type === 'NodegroupRequested' ? event.data.nodegroup : null;
};

/** What the key has made: 422 for another body, 409 when it has been deleted since. */
const made = async (
  { store }: Pick<Parts, 'store'>,
  row: ClusterRow,
  identity: Identity,
): Promise<NodegroupSpec | null> => {
  const events = await store.read(`cluster-${row.spec.uuid}`);
  const first = events.find((event) => isRequest(event)?.uuid === identity.uuid);
  if (first === undefined || !isRepeated(identity, first)) return null;
  if (row.nodegroups.every(({ uuid }) => uuid !== identity.uuid)) throw keyOutlived('Nodegroup');
  return isRequest(first);
};

export interface Asked {
  readonly body: NodegroupDto;
  readonly row: ClusterRow;
}

/**
 * `POST …/nodegroups` of a cluster that was found.
 *
 * @param key of idempotency: the same again gives the same node group
 */
export const createNodegroup = async (
  parts: Parts,
  caller: RequestContext,
  { body, row, key }: Asked & { readonly key: string | null },
): Promise<NodegroupSpec> => {
  const identity = identityOf(row.spec.uuid, key, body);
  const known =
    key === null ? null : await parts.step('idempotency key', () => made(parts, row, identity));
  return known ?? added(parts, caller, { body, row, identity });
};
