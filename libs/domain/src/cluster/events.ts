import type { Message } from '@jeroboam/eventing/message';
import type { Labels, TemplateSnapshot } from '../cluster-template/events.js';
import type { HealthStatus } from './status.js';

/** What a user asked for. Label and size inheritance from the template is done: these are effective. */
export interface ClusterSpec {
  readonly uuid: string;
  readonly name: string;
  readonly projectId: string;
  readonly userId: string;
  readonly userName: string;
  /** The template as it was at the time of the request, or of the last upgrade. */
  readonly template: TemplateSnapshot;
  readonly keypair: string | null;
  readonly labels: Labels;
  /** GB. */
  readonly dockerVolumeSize: number | null;
  readonly masterFlavorId: string | null;
  readonly flavorId: string | null;
  /** Minutes; 0 leaves it to the driver. */
  readonly createTimeoutMinutes: number;
  readonly discoveryUrl: string | null;
  readonly fixedNetwork: string | null;
  readonly fixedSubnet: string | null;
  readonly floatingIpEnabled: boolean;
  readonly masterLbEnabled: boolean;
  /** Name of the cluster driver that builds it. */
  readonly driver: string;
}

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** A group of like nodes. `role` is `master` for the control plane's, else free text. */
export interface NodegroupSpec {
  readonly uuid: string;
  readonly name: string;
  readonly role: string;
  readonly isDefault: boolean;
  readonly nodeCount: number;
  readonly minNodeCount: number;
  readonly maxNodeCount: number | null;
  readonly flavorId: string | null;
  readonly imageId: string;
  readonly labels: Labels;
  /** GB. */
  readonly dockerVolumeSize: number | null;
  readonly nodeLabels: Labels | null;
  readonly nodeTaints: readonly NodeTaint[] | null;
}

/** What may be changed of a node group besides its size. */
export type NodegroupChanges = Partial<
  Pick<NodegroupSpec, 'minNodeCount' | 'maxNodeCount' | 'nodeLabels' | 'nodeTaints'>
>;

/** What was seen of a node group's servers. */
export interface NodegroupFacts {
  readonly nodeAddresses: readonly string[];
  readonly nodeCount: number;
}

/** What was seen of a cluster once its stack had settled. Node groups by uuid. */
export interface ClusterFacts {
  /** URL of the COE's API. */
  readonly apiAddress: string | null;
  readonly discoveryUrl: string | null;
  readonly coeVersion: string | null;
  readonly containerVersion: string | null;
  readonly nodegroups: Readonly<Record<string, NodegroupFacts>>;
}

/** An operation that has begun. `deadline` (ISO-8601) is when it fails, whatever the cloud does. */
interface Begun {
  readonly operationId: string;
  readonly at: string;
  readonly deadline: string;
  /** Trust to act with from now on, when the user is another than before. */
  readonly trustId?: string;
}

/** An operation that has ended. */
interface Ended {
  readonly operationId: string;
  readonly at: string;
}

/** `reason` is for the user: what failed, and why. */
interface Failed extends Ended {
  readonly reason: string;
}

/**
 * What happened to a cluster. Stream `cluster-<uuid>`. The storage format: types and fields may be
 * added, never renamed, removed or re-typed.
 */
export type ClusterEvent =
  | Message<
      'ClusterRequested',
      Begun & {
        readonly cluster: ClusterSpec;
        readonly nodegroups: readonly NodegroupSpec[];
        /** Keystone trust from the user to the service account; `null` where the driver needs none. */
        readonly trustId: string | null;
      }
    >
  | Message<
      'TrusteeEstablished',
      {
        readonly userId: string;
        readonly userName: string;
        readonly domainId: string;
        /** Trust from the user to the trustee, for the nodes. */
        readonly trustId: string;
        readonly at: string;
      }
    >
  | Message<'AuthoritiesEnsured', { readonly at: string }>
  | Message<
      'StackCreationStarted',
      {
        readonly stackId: string;
        readonly stackName: string;
        /** The node groups it builds. */
        readonly nodegroupIds: readonly string[];
        readonly at: string;
      }
    >
  | Message<
      'StackUpdateStarted',
      {
        readonly operationId: string;
        readonly stackId: string;
        /** When the stack had last been updated before this. */
        readonly stackUpdatedAt: string | null;
        readonly at: string;
      }
    >
  | Message<'ClusterCreated', Ended & { readonly facts: ClusterFacts }>
  | Message<
      'ClusterCreationFailed',
      Failed & {
        /** Reason by node group uuid, of those that failed. */
        readonly faults: Readonly<Record<string, string>>;
      }
    >
  | Message<
      'ResizeRequested',
      Begun & {
        readonly nodegroupId: string;
        readonly nodeCount: number;
        /** Servers to take away first: Heat index, server UUID or private IP. */
        readonly nodesToRemove: readonly string[];
        /** Undo a failed change in the cloud. */
        readonly rollback: boolean;
      }
    >
  | Message<'ClusterResized', Ended & { readonly facts: ClusterFacts }>
  | Message<'ResizeFailed', Failed>
  | Message<
      'UpgradeRequested',
      Begun & {
        readonly template: TemplateSnapshot;
        readonly maxBatchSize: number;
        /** `null`: the default node groups. */
        readonly nodegroupId: string | null;
      }
    >
  | Message<'ClusterUpgraded', Ended & { readonly facts: ClusterFacts }>
  | Message<'UpgradeFailed', Failed>
  | Message<'NodegroupRequested', Begun & { readonly nodegroup: NodegroupSpec }>
  | Message<'NodegroupCreated', Ended & { readonly facts: NodegroupFacts }>
  | Message<'NodegroupCreationFailed', Failed>
  | Message<
      'NodegroupChanged',
      {
        readonly nodegroupId: string;
        readonly changes: NodegroupChanges;
        readonly operationId: string;
        readonly at: string;
      }
    >
  | Message<'NodegroupRemovalRequested', Begun & { readonly nodegroupId: string }>
  | Message<'NodegroupRemoved', Ended>
  | Message<'NodegroupRemovalFailed', Failed>
  | Message<'AuthorityRotationRequested', Begun>
  | Message<'AuthorityRotated', Ended>
  | Message<'AuthorityRotationFailed', Failed>
  | Message<'CredentialRotationRequested', Begun>
  | Message<'CredentialRotated', Ended>
  | Message<'CredentialRotationFailed', Failed>
  | Message<
      'HealthChanged',
      {
        readonly status: HealthStatus | null;
        readonly reason: Readonly<Record<string, string>>;
        readonly at: string;
      }
    >
  | Message<'DeletionRequested', Begun>
  | Message<'DeletionFailed', Failed>
  | Message<'ClusterDeleted', Ended>;
