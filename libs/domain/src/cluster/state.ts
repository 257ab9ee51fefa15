import type { TemplateSnapshot } from '../cluster-template/events.js';
import type { ClusterSpec, NodegroupSpec } from './events.js';
import type { ClusterStatus, HealthStatus } from './status.js';

/** A node group as it stands. */
export interface Nodegroup extends NodegroupSpec {
  /** Number within its cluster, from 1; never given twice. */
  readonly ordinal: number;
  readonly status: ClusterStatus;
  readonly statusReason: string | null;
  readonly stackId: string | null;
  readonly stackName: string | null;
  readonly nodeAddresses: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

interface Told {
  readonly at: string;
  /** When the stack had last been updated before: a later time shows that this update has begun. */
  readonly stackUpdatedAt: string | null;
}

interface InHand {
  /** Id of the command it began with. */
  readonly id: string;
  readonly startedAt: string;
  /** ISO-8601: it fails then, whatever the cloud does. */
  readonly deadline: string;
  /** Since when the cloud knows of it; `null` until then. */
  readonly told: Told | null;
}

/** Something the conductor is to bring about. */
export type Operation = InHand &
  (
    | { readonly kind: 'create' }
    | {
        readonly kind: 'resize';
        readonly nodegroupId: string;
        readonly nodeCount: number;
        readonly previousNodeCount: number;
        readonly nodesToRemove: readonly string[];
        readonly rollback: boolean;
      }
    | {
        readonly kind: 'upgrade';
        readonly template: TemplateSnapshot;
        readonly maxBatchSize: number;
        readonly nodegroupId: string | null;
      }
    | { readonly kind: 'add-nodegroup'; readonly nodegroupId: string }
    | { readonly kind: 'remove-nodegroup'; readonly nodegroupId: string }
    | { readonly kind: 'rotate-authority' }
    | { readonly kind: 'rotate-credential' }
    | {
        readonly kind: 'delete';
        /** Something was in hand when it began, and may still be on its way to the cloud. */
        readonly interrupts: boolean;
      }
  );

export interface Trustee {
  readonly userId: string;
  readonly userName: string;
  readonly domainId: string;
  readonly trustId: string;
}

/** A cluster that exists. */
export interface PresentCluster {
  readonly status: ClusterStatus;
  readonly statusReason: string | null;
  readonly spec: ClusterSpec;
  readonly nodegroups: readonly Nodegroup[];
  /** How many node groups it ever had. */
  readonly nodegroupsEver: number;
  /** Oldest first. Empty when the cluster is settled. */
  readonly operations: readonly Operation[];
  /** Ids of the operations lately asked for, settled or not. */
  readonly operationIds: readonly string[];
  /** Why an operation on no node group failed while others are in hand: it shows when they end. */
  readonly failedMeanwhile?: string;
  readonly trustId: string | null;
  /** Trusts that were acted with before: still there, until somebody takes them back. */
  readonly formerTrustIds: readonly string[];
  readonly trustee: Trustee | null;
  readonly authoritiesEnsured: boolean;
  readonly stackId: string | null;
  readonly stackName: string | null;
  readonly apiAddress: string | null;
  readonly discoveryUrl: string | null;
  readonly coeVersion: string | null;
  readonly containerVersion: string | null;
  readonly healthStatus: HealthStatus | null;
  readonly healthReason: Readonly<Record<string, string>>;
  /** The creation succeeded once. */
  readonly created: boolean;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/** A union on `status`: absent, one of the cluster's own, or gone (`DELETE_COMPLETE`). */
export type ClusterState =
  | { readonly status: 'absent' }
  | PresentCluster
  | { readonly status: 'DELETE_COMPLETE'; readonly gone: true; readonly uuid: string };

export const isPresent = (state: ClusterState): state is PresentCluster => 'spec' in state;

export const workers = (cluster: PresentCluster): readonly Nodegroup[] =>
  cluster.nodegroups.filter(({ role }) => role !== 'master');

export const masters = (cluster: PresentCluster): readonly Nodegroup[] =>
  cluster.nodegroups.filter(({ role }) => role === 'master');

/** The node group that PATCH and a resize without a name mean. */
export const defaultWorker = (cluster: PresentCluster): Nodegroup | undefined =>
  workers(cluster).find(({ isDefault }) => isDefault);

export const sizeOf = (nodegroups: readonly Nodegroup[]): number =>
  nodegroups.reduce((sum, { nodeCount }) => sum + nodeCount, 0);
