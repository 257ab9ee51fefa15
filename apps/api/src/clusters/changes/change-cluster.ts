import { Refused } from '@jeroboam/eventing/decider';
import { demandStatus } from '@jeroboam/domain/cluster/preconditions';
import { defaultWorker, type Nodegroup, type PresentCluster } from '@jeroboam/domain/cluster/state';
import { isReady, type HealthStatus } from '@jeroboam/domain/cluster/status';
import { newId } from '@jeroboam/platform/ids/ids';
import { bootVolumeSize, checkRootVolume } from '../../cloud/checks.js';
import type { RequestContext } from '../../http/auth/request-context.js';
import type { Typing } from '../../http/body/typing.js';
import { applyPatch, changedAttributes } from '../../http/patch/apply-patch.js';
import type { PatchDocument, PatchRules } from '../../http/patch/patch-document.js';
import { str } from '../../http/python/repr.js';
import { noNodegroup } from '../../reads/find-nodegroup.js';
import type { ResourceParts } from '../../resource-parts.js';
import { metadataOf } from '../../writing/metadata.js';
import { checkZeroSize } from '../check-cluster.js';
import { ClusterDto } from '../clusters.dto.js';
import { operate } from '../operate.js';
import { toDetail } from '../represent-cluster.js';

export const clusterPatchRules: PatchRules = {
  dto: ClusterDto,
  internal: [
    'api_address',
    'node_addresses',
    'master_addresses',
    'stack_id',
    'cluster_id',
    'ca_cert_ref',
    'magnum_cert_ref',
    'etcd_ca_cert_ref',
    'front_proxy_ca_cert_ref',
    'trust_id',
    'trustee_user_name',
    'trustee_password',
    'trustee_user_id',
  ],
  mandatory: ['cluster_template_id'],
  removed: { node_count: 1, health_status_reason: {} },
};

const HEALTH = ['health_status', 'health_status_reason'];
const CHANGEABLE = ['node_count', ...HEALTH];

const checkChangeable = (changed: readonly string[]): void => {
  const fixed = changed.filter((name) => !CHANGEABLE.includes(name));
  if (fixed.length === 0) return;
  throw new Refused('invalid', `cannot change cluster property(ies) ${fixed.join(', ')}.`);
};

export interface ClusterChange {
  readonly row: PresentCluster;
  readonly patch: PatchDocument;
  readonly typing: Typing;
  /** Undo in the cloud what fails there. */
  readonly rollback: boolean;
  /** How the cluster is shown to whoever patches it; as a cluster unless given. */
  readonly shape?: PatchedShape;
}

export interface PatchedShape {
  readonly rules: PatchRules;
  readonly show: (row: PresentCluster, caller: RequestContext) => Record<string, unknown>;
}

const clusterShape: PatchedShape = { rules: clusterPatchRules, show: toDetail };

type Patched = Readonly<Record<string, unknown>>;
type Parts = Pick<ResourceParts, 'aggregates' | 'clock' | 'cloud' | 'settings' | 'trusts'>;

const recordHealth = async (
  { aggregates, clock }: Parts,
  caller: RequestContext,
  { row, after }: { readonly row: PresentCluster; readonly after: Patched },
): Promise<void> => {
  const reason = Object.entries((after['health_status_reason'] ?? {}) as Patched);
  const data = {
    status: (after['health_status'] ?? null) as HealthStatus | null, // Typed by the DTO.
    reason: Object.fromEntries(reason.map(([key, value]) => [key, str(value)])),
    at: clock.now(),
  };
  const metadata = metadataOf(caller, newId());
  await aggregates.cluster(row.spec.uuid, { type: 'RecordHealth', data }, metadata);
};

const resizeWorkers = async (
  parts: Parts,
  caller: RequestContext,
  { row, rollback, nodeCount }: ClusterChange & { readonly nodeCount: number },
): Promise<void> => {
  const { uuid: nodegroupId } = workerOf(row);
  await operate(parts, caller, {
    row,
    command: (begin) => ({
      type: 'ResizeNodegroup',
      data: { ...begin, nodegroupId, nodeCount, nodesToRemove: [], rollback, by: 'update' },
    }),
  });
};

const workerOf = (row: PresentCluster): Nodegroup => {
  const worker = defaultWorker(row);
  if (worker === undefined) throw noNodegroup('default-worker');
  return worker;
};

/** New nodes are of the flavors there are now. */
const checkNodes = async (
  { cloud, settings }: Parts,
  caller: RequestContext,
  { row: { spec }, nodeCount }: { readonly row: PresentCluster; readonly nodeCount: number },
): Promise<void> => {
  checkZeroSize(nodeCount, caller.microversion);
  const size = bootVolumeSize(spec.labels, settings.bootVolumeSize);
  await checkRootVolume(cloud.of(caller), [spec.flavorId, spec.masterFlavorId], size);
};

/** `PATCH /clusters/{id}` of a cluster that was found and may be changed. Health goes first. */
export const changeCluster = async (
  parts: Parts,
  caller: RequestContext,
  change: ClusterChange,
): Promise<void> => {
  const { row, patch, typing, shape = clusterShape } = change;
  // All workers are shown in one number, but it is the default ones that a patch counts.
  const before = { ...shape.show(row, caller), node_count: workerOf(row).nodeCount };
  const after = applyPatch(before, patch, { rules: shape.rules, typing });
  const changed = changedAttributes(before, after);
  checkChangeable(changed);
  if (changed.length === 0) return;
  const nodeCount = changed.includes('node_count') ? Number(after['node_count']) : null;
  if (nodeCount !== null) await checkNodes(parts, caller, { row, nodeCount });
  demandStatus(row, isReady, 'Updating a cluster');
  if (changed.some((name) => HEALTH.includes(name)))
    await recordHealth(parts, caller, { row, after });
  if (nodeCount !== null) await resizeWorkers(parts, caller, { ...change, nodeCount });
};
