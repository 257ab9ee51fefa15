import { Refused } from '@jeroboam/eventing/decider';
import { defaultWorker, type PresentCluster } from '@jeroboam/domain/cluster/state';
import type { HealthStatus } from '@jeroboam/domain/cluster/status';
import { newId } from '@jeroboam/platform/ids/ids';
import type { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { applyPatch, changedAttributes } from '../http/patch/apply-patch.js';
import { rootOf, type PatchDocument, type PatchRules } from '../http/patch/patch-document.js';
import { str } from '../http/python/repr.js';
import { noNodegroup } from '../reads/find-nodegroup.js';
import type { ResourceParts } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { checkZeroSize } from './check-cluster.js';
import { ClusterDto } from './clusters.dto.js';
import { operate } from './operate.js';
import { toDetail } from './represent-cluster.js';

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
  literals: ['health_status_reason'],
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
type Parts = Pick<ResourceParts, 'aggregates' | 'clock' | 'trusts'>;

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
  checkZeroSize(nodeCount, caller.microversion);
  const worker = defaultWorker(row);
  if (worker === undefined) throw noNodegroup('default-worker');
  if (worker.nodeCount === nodeCount) return;
  const { uuid: nodegroupId } = worker;
  await operate(parts, caller, {
    row,
    command: (begin) => ({
      type: 'ResizeNodegroup',
      data: { ...begin, nodegroupId, nodeCount, nodesToRemove: [], rollback, by: 'update' },
    }),
  });
};

/** `PATCH /clusters/{id}` of a cluster that was found and may be changed. */
export const changeCluster = async (
  parts: Parts,
  caller: RequestContext,
  change: ClusterChange,
): Promise<void> => {
  const { row, patch, typing, shape = clusterShape } = change;
  const before = shape.show(row, caller);
  const after = applyPatch(before, patch, { rules: shape.rules, typing });
  const changed = changedAttributes(before, after);
  checkChangeable(changed);
  // What is shown is the sum of all workers, what is asked is of the default ones: the same number may be
  // a change.
  if (patch.some(({ path }) => rootOf(path) === 'node_count'))
    await resizeWorkers(parts, caller, { ...change, nodeCount: Number(after['node_count']) });
  if (changed.some((name) => HEALTH.includes(name)))
    await recordHealth(parts, caller, { row, after });
};
