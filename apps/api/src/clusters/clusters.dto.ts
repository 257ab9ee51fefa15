import {
  Bool,
  Int,
  JsonMap,
  LabelMap,
  NestedList,
  OneOf,
  Text,
  TextList,
  TextMap,
  Time,
  Uuid,
} from '../http/body/fields.js';
import { SINCE, UNTIL } from '../http/microversion/history.js';
import { LinkDto } from '../reads/link.dto.js';

const NAME = { min: 1, max: 255 };
const PHASES = ['IN_PROGRESS', 'FAILED', 'COMPLETE'];

/** Every status a cluster or a node group can be said to have. */
export const STATUSES: readonly string[] = [
  ...['CREATE', 'UPDATE', 'DELETE', 'ROLLBACK'].flatMap((action) =>
    PHASES.map((phase) => `${action}_${phase}`),
  ),
  'RESUME_COMPLETE',
  'RESUME_FAILED',
  'RESTORE_COMPLETE',
  'SNAPSHOT_COMPLETE',
  'CHECK_COMPLETE',
  'ADOPT_COMPLETE',
];

export const HEALTH_STATUSES = ['HEALTHY', 'UNHEALTHY', 'UNKNOWN'];

const ignored = { description: 'Ignored in requests.' };

/** A cluster, as sent and as shown. */
export class ClusterDto {
  @Uuid(ignored)
  uuid?: string | null;

  @Text({
    min: 1,
    max: 242,
    pattern: /^[a-zA-Z][a-zA-Z0-9_.-]*$/,
    description: 'Generated unless given. Need not be unique.',
  })
  name?: string | null;

  @Text({ required: true, description: 'Uuid, name or number of the template.' })
  cluster_template_id!: string;

  @Text({ ...NAME, description: "Key pair of the caller; the template's otherwise." })
  keypair?: string | null;

  @Int({ min: 0, default: 1, description: 'Workers.' })
  node_count!: number;

  @Int({ min: 1, default: 1, notNull: true, description: 'Odd.' })
  master_count!: number;

  @Int({ min: 1, description: 'GB of each node for containers.' })
  docker_volume_size?: number | null;

  @LabelMap({ description: "Replace the template's, unless `merge_labels`." })
  labels?: Record<string, string> | null;

  @Text(NAME)
  master_flavor_id?: string | null;

  @Text(NAME)
  flavor_id?: string | null;

  @Int({ min: 0, default: 60, description: 'Minutes; 0 leaves it to the service.' })
  create_timeout!: number;

  @NestedList(() => LinkDto)
  links?: object[];

  @Text({ readOnly: true, until: UNTIL.stackId })
  stack_id?: string | null;

  @Text({ readOnly: true, since: SINCE.clusterId })
  cluster_id?: string | null;

  @OneOf(STATUSES, ignored)
  status?: string | null;

  @Text(ignored)
  status_reason?: string | null;

  @OneOf(HEALTH_STATUSES, ignored)
  health_status?: string | null;

  @JsonMap(ignored)
  health_status_reason?: Record<string, unknown> | null;

  @Text({ description: "URL of the cluster's etcd discovery." })
  discovery_url?: string | null;

  @Text({ readOnly: true })
  api_address?: string | null;

  @Text({ readOnly: true })
  coe_version?: string | null;

  @Text({ readOnly: true })
  container_version?: string | null;

  @Text({ readOnly: true })
  project_id?: string;

  @Text({ readOnly: true })
  user_id?: string;

  @TextList({ readOnly: true })
  node_addresses?: readonly string[];

  @TextList({ readOnly: true })
  master_addresses?: readonly string[];

  @JsonMap({ description: 'Reason by node group, of a failed cluster. Ignored in requests.' })
  faults?: Record<string, unknown> | null;

  @Text({ ...NAME, description: 'Network for the nodes.' })
  fixed_network?: string | null;

  @Text({ ...NAME, description: 'Subnet of the fixed network.' })
  fixed_subnet?: string | null;

  @Bool()
  floating_ip_enabled?: boolean | null;

  @Bool({ default: false, description: "Given labels are added to the template's." })
  merge_labels!: boolean;

  @TextMap({ description: "The template's values of labels that differ. Ignored in requests." })
  labels_overridden?: Record<string, string> | null;

  @TextMap({ description: 'Labels the template does not have. Ignored in requests.' })
  labels_added?: Record<string, string> | null;

  @TextMap({ description: 'Labels only the template has. Ignored in requests.' })
  labels_skipped?: Record<string, string> | null;

  @Bool()
  master_lb_enabled?: boolean | null;

  @Time()
  created_at?: string;

  @Time()
  updated_at?: string | null;
}

/** What lists show of a cluster. */
export class ClusterSummaryDto {
  @Uuid() uuid!: string;
  @Text() name!: string;
  @Uuid() cluster_template_id!: string;
  @Text() keypair!: string | null;
  @Int() node_count!: number;
  @Int() master_count!: number;
  @Int() docker_volume_size!: number | null;
  @TextMap() labels!: Readonly<Record<string, string>>;
  @Text() master_flavor_id!: string | null;
  @Text() flavor_id!: string | null;
  @Int() create_timeout!: number;
  @NestedList(() => LinkDto) links!: object[];
  @Text({ until: UNTIL.stackId }) stack_id!: string | null;
  @Text({ since: SINCE.clusterId }) cluster_id!: string | null;
  @OneOf(STATUSES) status!: string;
  @OneOf(HEALTH_STATUSES) health_status!: string | null;
  @Bool() merge_labels!: boolean;
}

/** `POST …/actions/resize` */
export class ResizeDto {
  @Int({ min: 0, required: true })
  node_count!: number;

  @TextList({
    description:
      'Heat index, server UUID or address of nodes to take away: no more than the group shrinks by. ' +
      'Where it does not, they are replaced.',
  })
  nodes_to_remove?: string[] | null;

  @Text({ ...NAME, description: 'Uuid, name or id; the default workers otherwise.' })
  nodegroup?: string | null;
}

/** `POST …/actions/upgrade` */
export class UpgradeDto {
  @Text({ ...NAME, required: true, description: 'Uuid or name of the template.' })
  cluster_template!: string;

  @Int({ min: 1, default: 1, description: 'Nodes replaced at a time.' })
  max_batch_size!: number;

  @Text({ ...NAME, description: 'Uuid, name or id; the default ones otherwise.' })
  nodegroup?: string | null;
}
