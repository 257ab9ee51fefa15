import type { QuotaRow } from '@jeroboam/read-models/quotas';
import type { Numbered } from '@jeroboam/read-models/clusters';
import type { RequestContext } from '../http/auth/request-context.js';
import { Bool, Int, OneOf, Text, Time } from '../http/body/fields.js';
import { represent } from '../http/body/represent.js';
import { NumberedPageQuery } from '../http/listing/page.js';
import { wireTime, wireTimeOrNull } from '../reads/wire.js';

/** What can be limited. */
export const RESOURCE = 'Cluster';

/** A quota, as sent and as shown. */
export class QuotaDto {
  @Int({ description: 'Ignored in requests.' })
  id?: number | null;

  @Int({ min: 0, notNull: true, description: 'Clusters of the project; 1 when not given.' })
  hard_limit?: number;

  @Text({ min: 1, max: 255, description: 'Id of the project.' })
  project_id?: string | null;

  @OneOf([RESOURCE], { default: RESOURCE })
  resource!: string;

  @Time()
  created_at?: string;

  @Time()
  updated_at?: string | null;
}

/** `GET /quotas` */
export class QuotasQuery extends NumberedPageQuery {
  @Bool({ default: false, description: "All projects', not the caller's alone." })
  all_tenants!: boolean;
}

export const toResponse = (
  { seq, row }: Numbered<QuotaRow>,
  { microversion }: RequestContext,
): Record<string, unknown> =>
  represent(
    QuotaDto,
    {
      id: seq,
      hard_limit: row.hardLimit,
      project_id: row.projectId,
      resource: row.resource,
      created_at: wireTime(row.createdAt),
      updated_at: wireTimeOrNull(row.updatedAt),
    },
    microversion,
  );
