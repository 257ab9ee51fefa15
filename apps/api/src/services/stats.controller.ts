import { Controller, Get, Inject } from '@nestjs/common';
import { RequestContext } from '../http/auth/request-context.js';
import { Int, Text } from '../http/body/fields.js';
import { Arguments, Caller } from '../http/decorators.js';
import { Fault } from '../http/errors/faults.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { ask } from '../writing/ask.js';

class StatsQuery {
  @Text({ description: "An admin's default is the whole cloud, everybody else's their project." })
  project_id?: string;

  @Text({ default: 'cluster', description: 'Only `cluster`.' })
  type!: string;
}

/** What there is. */
export class StatsDto {
  @Int() clusters!: number;
  @Int({ description: 'Masters included.' }) nodes!: number;
}

/** What `jeroboam.stats.counts` is asked, and what it answers. `null`: all projects. */
interface Counts {
  readonly request: { readonly projectId: string | null };
  readonly reply: { readonly clusters: number; readonly nodes: number };
}

/** `/v1/stats` */
@Controller('v1/stats')
export class StatsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({ summary: 'Count clusters and nodes', answers: () => StatsDto })
  async counts(
    @Caller() caller: RequestContext,
    @Arguments() { project_id, type }: StatsQuery,
  ): Promise<object> {
    this.parts.policy.enforce(caller, 'stats:get_all');
    if (type.toLowerCase() !== 'cluster')
      throw new Fault(400, "Invalid stats type. Allowed values are 'cluster'");
    const request: Counts['request'] = { projectId: this.whose(caller, project_id) };
    const reply = await ask<Counts['reply']>(this.parts, 'jeroboam.stats.counts', request);
    return { clusters: reply.clusters, nodes: reply.nodes };
  }

  private whose(caller: RequestContext, projectId: string | undefined): string | null {
    if (this.parts.policy.isAdmin(caller)) return projectId ?? null;
    // Without a project there is nothing of one's own to count, and `null` would be everything.
    const isOwn = projectId === undefined || projectId === caller.projectId;
    if (isOwn && caller.projectId !== null) return caller.projectId;
    throw new Fault(403, 'Not authorized.');
  }
}
