import type { Recorded } from '@jeroboam/eventing/event-store';
import type { Actor } from '@jeroboam/eventing/message';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { masters, sizeOf, workers, type PresentCluster } from '@jeroboam/domain/cluster/state';

type Action = 'create' | 'update' | 'delete';
type Outcome = 'pending' | 'success' | 'failure';

/** What each event is in CADF's words; those not listed are nobody's concern outside. */
const MEANINGS: Readonly<Partial<Record<ClusterEvent['type'], readonly [Action, Outcome]>>> = {
  ClusterRequested: ['create', 'pending'],
  ClusterCreated: ['create', 'success'],
  ClusterCreationFailed: ['create', 'failure'],
  ResizeRequested: ['update', 'pending'],
  ClusterResized: ['update', 'success'],
  ResizeFailed: ['update', 'failure'],
  UpgradeRequested: ['update', 'pending'],
  ClusterUpgraded: ['update', 'success'],
  UpgradeFailed: ['update', 'failure'],
  NodegroupRequested: ['update', 'pending'],
  NodegroupCreated: ['update', 'success'],
  NodegroupCreationFailed: ['update', 'failure'],
  NodegroupRemovalRequested: ['update', 'pending'],
  NodegroupRemoved: ['update', 'success'],
  NodegroupRemovalFailed: ['update', 'failure'],
  AuthorityRotationRequested: ['update', 'pending'],
  AuthorityRotated: ['update', 'success'],
  AuthorityRotationFailed: ['update', 'failure'],
  CredentialRotationRequested: ['update', 'pending'],
  CredentialRotated: ['update', 'success'],
  CredentialRotationFailed: ['update', 'failure'],
  DeletionRequested: ['delete', 'pending'],
  ClusterDeleted: ['delete', 'success'],
  DeletionFailed: ['delete', 'failure'],
};

/** An event with what it takes to tell of it. */
export interface Occurrence {
  readonly recorded: Recorded;
  /** The cluster after the event; before it, when the event is its end. */
  readonly cluster: PresentCluster;
  /** Who began the operation the event belongs to. */
  readonly initiator: Actor | null;
}

/** A notification but for its number. */
export interface Cadf {
  readonly subject: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const CLUSTER_TYPE = 'service/magnum/cluster';

/** The CADF event of a cluster's event (contract §6); `null` for those that are told to nobody. */
export const cadfOf = ({ recorded, cluster, initiator }: Occurrence): Cadf | null => {
  const meaning = MEANINGS[recorded.type as ClusterEvent['type']];
  if (!meaning) return null;
  const [action, outcome] = meaning;
  const { uuid, name } = cluster.spec;
  return {
    subject: `notifications.cadf.cluster.${action}.${outcome}`,
    payload: {
      typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
      eventType: 'activity',
      id: recorded.id,
      eventTime: recorded.recordedAt.replace(
        /(\.\d+)?Z$/,
        (_, fraction: string | undefined) => `${(fraction ?? '.').padEnd(7, '0')}+0000`,
      ),
      action,
      outcome,
      observer: { id: uuid, typeURI: CLUSTER_TYPE },
      initiator: initiatorOf(initiator),
      target: {
        id: uuid,
        name,
        typeURI: CLUSTER_TYPE,
        attachments: [{ typeURI: CLUSTER_TYPE, name: 'cluster_data', content: contentOf(cluster) }],
      },
      requestId: initiator?.requestId ?? null,
    },
  };
};

const initiatorOf = (actor: Actor | null): Readonly<Record<string, unknown>> => {
  const typeURI = 'service/security/account/user';
  if (!actor?.userId) return { id: 'jeroboam', typeURI };
  const { userId, projectId, address } = actor;
  return {
    id: userId,
    typeURI,
    user_id: userId,
    ...(projectId && { project_id: projectId }),
    ...(address && { host: { address } }),
  };
};

const contentOf = (cluster: PresentCluster): Readonly<Record<string, unknown>> => ({
  status: cluster.status,
  status_reason: cluster.statusReason,
  project_id: cluster.spec.projectId,
  created_at: cluster.createdAt,
  updated_at: cluster.updatedAt,
  cluster_template_id: cluster.spec.template.uuid,
  keypair: cluster.spec.keypair,
  docker_volume_size: cluster.spec.dockerVolumeSize,
  // Magnum's own slip, which consumers may rely on.
  'docker_volume_size:': cluster.spec.dockerVolumeSize,
  labels: cluster.spec.labels,
  master_flavor_id: cluster.spec.masterFlavorId,
  flavor_id: cluster.spec.flavorId,
  stack_id: cluster.stackId,
  health_status: cluster.healthStatus,
  create_timeout: cluster.spec.createTimeoutMinutes,
  api_address: cluster.apiAddress,
  discovery_url: cluster.discoveryUrl,
  node_addresses: workers(cluster).flatMap(({ nodeAddresses }) => nodeAddresses),
  master_addresses: masters(cluster).flatMap(({ nodeAddresses }) => nodeAddresses),
  node_count: sizeOf(workers(cluster)),
  master_count: sizeOf(masters(cluster)),
});
