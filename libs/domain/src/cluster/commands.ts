import type { Message } from '@jeroboam/eventing/message';
import type {
  ClusterEvent,
  ClusterFacts,
  ClusterSpec,
  NodegroupChanges,
  NodegroupFacts,
  NodegroupSpec,
} from './events.js';
import type { HealthStatus } from './status.js';

type DataOf<Type extends ClusterEvent['type']> = Extract<ClusterEvent, { type: Type }>['data'];

/** Data a command shares with the event it asks for. */
type Ask<Type extends ClusterEvent['type']> = DataOf<Type>;

/** How an operation in hand ended. */
export type OperationOutcome =
  | { readonly kind: 'complete'; readonly facts: ClusterFacts | NodegroupFacts | null }
  | {
      readonly kind: 'failed';
      /** For the user: what failed, and why. */
      readonly reason: string;
      /** Reason by node group uuid. */
      readonly faults?: Readonly<Record<string, string>>;
    };

/** What can be asked of a cluster: the first half by users, the second by the conductor. */
export type ClusterCommand =
  | Message<
      'RequestCluster',
      Omit<Ask<'ClusterRequested'>, 'cluster' | 'nodegroups'> & {
        readonly cluster: ClusterSpec;
        readonly nodegroups: readonly NodegroupSpec[];
      }
    >
  | Message<
      'ResizeNodegroup',
      Ask<'ResizeRequested'> & {
        /** `update` (PATCH of node_count) is allowed in fewer states than `resize`. */
        readonly by: 'update' | 'resize';
      }
    >
  | Message<'UpgradeCluster', Ask<'UpgradeRequested'>>
  | Message<'AddNodegroup', Ask<'NodegroupRequested'>>
  | Message<
      'ChangeNodegroup',
      {
        readonly nodegroupId: string;
        readonly changes: NodegroupChanges;
        readonly operationId: string;
        readonly at: string;
      }
    >
  | Message<'RemoveNodegroup', Ask<'NodegroupRemovalRequested'>>
  | Message<'RotateAuthority', Ask<'AuthorityRotationRequested'>>
  | Message<'RotateCredential', Ask<'CredentialRotationRequested'>>
  | Message<
      'RecordHealth',
      {
        readonly status: HealthStatus | null;
        readonly reason: Readonly<Record<string, string>>;
        readonly at: string;
      }
    >
  | Message<'DeleteCluster', Ask<'DeletionRequested'>>
  | Message<'RecordTrustee', Ask<'TrusteeEstablished'>>
  | Message<'RecordAuthorities', { readonly at: string }>
  | Message<'RecordStackCreation', Ask<'StackCreationStarted'>>
  | Message<'RecordStackUpdate', Ask<'StackUpdateStarted'>>
  | Message<
      'SettleOperation',
      { readonly operationId: string; readonly outcome: OperationOutcome; readonly at: string }
    >;

export type CommandData<Type extends ClusterCommand['type']> = Extract<
  ClusterCommand,
  { type: Type }
>['data'];

export type EventData<Type extends ClusterEvent['type']> = DataOf<Type>;
