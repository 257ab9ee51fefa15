import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Clock } from '@jeroboam/platform/ids/clock';
import { FreshReads } from '@jeroboam/platform/read-model/fresh-reads';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import { auditOf } from '@jeroboam/read-models/audit';
import { countClaims } from '@jeroboam/read-models/claims';
import { countClusters } from '@jeroboam/read-models/clusters';
import { quotaOf } from '@jeroboam/read-models/quotas';
import type { StatsRequests } from '@jeroboam/read-models/requests';
import { usageOf } from '@jeroboam/read-models/usage';
import { toAuditQuery, toCountsQuery, toQuotaQuery, toUsageQuery } from './requests.js';

const SUBJECT = 'jeroboam.stats';

type Reply<Query extends keyof StatsRequests> = Promise<StatsRequests[Query]['reply']>;

/**
 * Each query: read it, wait until the rows show what was written before it, answer. After the wait
 * it answers in any case: an old number is better than none.
 */
@Controller()
export class StatsController {
  constructor(
    private readonly rows: SqliteRowStore,
    private readonly fresh: FreshReads,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(`${SUBJECT}.counts`)
  async counts(@Payload() message: unknown): Reply<'counts'> {
    const { projectId } = toCountsQuery(message);
    await this.fresh.ready();
    return countClusters(this.rows, projectId);
  }

  @MessagePattern(`${SUBJECT}.quota`)
  async quota(@Payload() message: unknown): Reply<'quota'> {
    const { projectId, defaultLimit } = toQuotaQuery(message);
    await this.fresh.ready();
    return {
      hardLimit: quotaOf(this.rows, projectId, 'Cluster')?.row.hardLimit ?? defaultLimit,
      used: countClaims(this.rows, projectId),
    };
  }

  @MessagePattern(`${SUBJECT}.usage`)
  async usage(@Payload() message: unknown): Reply<'usage'> {
    const query = toUsageQuery(message, Date.parse(this.clock.now()));
    await this.fresh.ready();
    const clusters = usageOf(this.rows, query);
    const isFull = clusters.length === query.limit;
    return { clusters, next: isFull ? (clusters.at(-1)?.clusterId ?? null) : null };
  }

  @MessagePattern(`${SUBJECT}.audit`)
  async audit(@Payload() message: unknown): Reply<'audit'> {
    const query = toAuditQuery(message);
    await this.fresh.ready();
    const events = auditOf(this.rows, query);
    const isFull = events.length === query.limit;
    return { events, next: isFull ? (events.at(-1)?.position ?? null) : null };
  }
}
