import type { NodegroupChanges } from '@jeroboam/domain/cluster/events';
import type { Nodegroup } from '@jeroboam/domain/cluster/state';
import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import { newId } from '@jeroboam/platform/ids/ids';
import type { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { applyPatch, changedAttributes } from '../http/patch/apply-patch.js';
import type { PatchDocument, PatchRules } from '../http/patch/patch-document.js';
import type { ResourceParts } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { NodegroupDto, toResponse, toTaints } from './nodegroups.dto.js';
import { checkTaints } from './taints.js';

export const nodegroupPatchRules: PatchRules = {
  dto: NodegroupDto,
  internal: [
    'name',
    'cluster_id',
    'project_id',
    'docker_volume_size',
    'labels',
    'flavor_id',
    'image_id',
    'node_addresses',
    'node_count',
    'role',
    'is_default',
    'stack_id',
    'status',
    'status_reason',
    'version',
  ],
  removed: { min_node_count: 0, node_labels: {}, node_taints: [] },
};

type Patched = Readonly<Record<string, unknown>>;

const FIELDS: Readonly<Record<keyof NodegroupChanges, string>> = {
  minNodeCount: 'min_node_count',
  maxNodeCount: 'max_node_count',
  nodeLabels: 'node_labels',
  nodeTaints: 'node_taints',
};

/** Values have been typed by the DTO. */
const changesOf = (after: Patched, changed: readonly string[]): NodegroupChanges => {
  const taints = after['node_taints'] as readonly Readonly<Record<string, string>>[];
  const values: Patched = { ...after, node_taints: toTaints(taints) };
  return Object.fromEntries(
    Object.entries(FIELDS)
      .filter(([, member]) => changed.includes(member))
      .map(([field, member]) => [field, values[member] ?? null]),
  );
};

export interface NodegroupChange {
  readonly cluster: Numbered<ClusterRow>;
  readonly nodegroup: Nodegroup;
  readonly patch: PatchDocument;
  readonly typing: Typing;
}

/** `PATCH …/nodegroups/{id}` of one that was found. Resolves with it as it is then. */
export const changeNodegroup = async (
  { aggregates, clock }: Pick<ResourceParts, 'aggregates' | 'clock'>,
  caller: RequestContext,
  { cluster, nodegroup, patch, typing }: NodegroupChange,
): Promise<object> => {
  const before = toResponse(cluster, nodegroup, caller);
  const after = applyPatch(before, patch, { rules: nodegroupPatchRules, typing });
  const changed = changedAttributes(before, after);
  if (changed.includes('node_taints'))
    checkTaints(nodegroup.name, after['node_taints'] as Record<string, string>[] | null);
  const changes = changesOf(after, changed);
  if (Object.keys(changes).length > 0) {
    const operationId = newId();
    const { uuid: nodegroupId } = nodegroup;
    const data = { nodegroupId, changes, operationId, at: clock.now() };
    const metadata = metadataOf(caller, operationId);
    await aggregates.cluster(cluster.row.spec.uuid, { type: 'ChangeNodegroup', data }, metadata);
  }
  return after;
};
