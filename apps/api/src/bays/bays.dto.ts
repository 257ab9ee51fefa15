import { clusterPatchRules } from '../clusters/changes/change-cluster.js';
import { ClusterDto, ClusterSummaryDto } from '../clusters/clusters.dto.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { Int, JsonMap, ReadOnly, Text } from '../http/body/fields.js';
import { UNTIL } from '../http/microversion/history.js';
import type { PatchRules } from '../http/patch/patch-document.js';

// Members of a cluster that bays have never had, or have under another name.
const NEVER = { until: UNTIL.never } as const;

/** A cluster under its older name, as sent and as shown. */
export class BayDto extends ClusterDto {
  @ReadOnly(NEVER)
  declare cluster_template_id: string;

  @Text({ required: true, description: 'Uuid, name or number of the baymodel.' })
  baymodel_id!: string;

  @Int({ min: 1, default: 1 })
  declare node_count: number;

  @ReadOnly(NEVER)
  declare create_timeout: number;

  @Int({ min: 0, default: 60, description: 'Minutes; 0 leaves it to the service.' })
  bay_create_timeout!: number;

  @ReadOnly(NEVER)
  declare faults?: Record<string, unknown> | null;

  @JsonMap({ description: 'Reason by node group, of a failed bay. Ignored in requests.' })
  bay_faults?: Record<string, unknown> | null;
}

/** What lists show of a bay. */
export class BaySummaryDto extends ClusterSummaryDto {
  @ReadOnly(NEVER)
  declare cluster_template_id: string;

  @Text()
  baymodel_id!: string;

  @ReadOnly(NEVER)
  declare create_timeout: number;

  @Int()
  bay_create_timeout!: number;
}

export const bayPatchRules: PatchRules = {
  ...clusterPatchRules,
  dto: BayDto,
  mandatory: ['baymodel_id'],
};

/** The cluster a body of older names asks for. */
export const toCluster = ({ baymodel_id, bay_create_timeout, ...body }: BayDto): ClusterDto =>
  Object.assign(new ClusterDto(), body, {
    cluster_template_id: baymodel_id,
    create_timeout: bay_create_timeout,
  });

type Members = Readonly<Record<string, unknown>>;

const OLDER: ReadonlyMap<string, string> = new Map([
  ['cluster_template_id', 'baymodel_id'],
  ['create_timeout', 'bay_create_timeout'],
  ['faults', 'bay_faults'],
]);

/** A cluster as shown, whole or not, under the older names. */
export const toBay = (
  shown: Members,
  { links }: Pick<RequestContext, 'links'>,
): Record<string, unknown> => ({
  ...Object.fromEntries(
    Object.entries(shown).map(([name, value]) => [OLDER.get(name) ?? name, value]),
  ),
  links: links.of('bays', String(shown['uuid'])),
});
