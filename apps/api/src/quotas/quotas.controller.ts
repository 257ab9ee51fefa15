import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { Refused } from '@jeroboam/eventing/decider';
import type { ProjectCommand } from '@jeroboam/domain/project/decider';
import { listQuotas, QUOTA_SORT_KEYS, quotaKeyOf, quotaOf } from '@jeroboam/read-models/quotas';
import type { RowReader } from '@jeroboam/eventing/row-store';
import { RequestContext } from '../http/auth/request-context.js';
import { Argument, Arguments, Caller } from '../http/decorators.js';
import { Fault, missingArgument } from '../http/errors/faults.js';
import { toListing, toPage } from '../http/listing/page.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { actOf, isDone, keyOf, unkeyed, type Act } from '../writing/repeated-requests.js';
import { QuotaDto, QuotasQuery, RESOURCE, toResponse } from './quotas.dto.js';

const sortKeys = new Set(Object.keys(QUOTA_SORT_KEYS));

/** Limit of a quota that is made without one. */
const UNSAID_LIMIT = 1;

const noQuota = (projectId: string, resource: string): Refused =>
  new Refused(
    'not-found',
    `Quota could not be found: project_id ${projectId} resource ${resource}.`,
  );

/** `/v1/quotas` */
@Controller('v1/quotas')
export class QuotasController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({ summary: 'List quotas', answers: () => QuotaDto, listedAs: 'quotas', errors: [404] })
  list(@Caller() caller: RequestContext, @Arguments() query: QuotasQuery): object {
    const { policy, reads, settings } = this.parts;
    policy.enforce(caller, 'quota:get_all');
    const page = toPage(query, { sortKeys, maxLimit: settings.maxLimit });
    const reader = reads.rows;
    const markerKey = page.marker === null ? null : markerKeyOf(reader, page.marker);
    const projectId = query.all_tenants ? null : (caller.projectId ?? '');
    const rows = listQuotas(reader, projectId, { ...page, markerKey });
    return toListing({
      member: 'quotas',
      items: rows.map((row) => toResponse(row, caller)),
      rows,
      page,
      url: caller.links.url('quotas'),
      markerOf: ({ seq }) => seq,
    });
  }

  @Get(':project')
  @Operation({
    summary: 'Always refused: no resource is named',
    parameters: { project: 'Id of the project.' },
  })
  showNone(): never {
    throw missingArgument('resource');
  }

  @Get(':project/:resource')
  @Operation({
    summary: 'Show a quota, or the default',
    answers: () => QuotaDto,
    parameters: { project: 'Id of the project.', resource: '`Cluster`.' },
  })
  show(
    @Caller() caller: RequestContext,
    @Param('project') projectId: string,
    @Param('resource') resource: string,
  ): object {
    const { policy, reads, settings } = this.parts;
    policy.enforce(caller, 'quota:get');
    if (!policy.isAdmin(caller) && caller.projectId !== projectId)
      throw new Fault(403, 'Not authorized.');
    if (resource !== RESOURCE) throw noQuota(projectId, resource);
    const found = quotaOf(reads.rows, projectId, RESOURCE);
    if (found !== null) return toResponse(found, caller);
    return { hard_limit: settings.maxClustersPerProject, project_id: projectId, resource };
  }

  @Post()
  @Operation({
    summary: 'Create a quota',
    answers: () => QuotaDto,
    headers: ['Idempotency-Key'],
    errors: [404, 409, 422],
  })
  @HttpCode(201)
  async create(
    @Caller() caller: RequestContext,
    @Argument('quota') body: QuotaDto,
  ): Promise<object> {
    const { clock, keystone, policy } = this.parts;
    const { project_id, hard_limit = UNSAID_LIMIT } = body;
    policy.enforce(caller, 'quota:create');
    if (!project_id) throw new Fault(400, 'Must provide a valid project ID.');
    if (!(await keystone.projectExists(project_id)))
      throw new Fault(404, `The project_id ${project_id} could not be found.`);
    const data = { projectId: project_id, resource: RESOURCE, hardLimit: hard_limit } as const;
    const act = actOf(`${project_id}/quota`, keyOf(caller), body);
    if (!(await isDone(this.parts, `project-${project_id}`, act)))
      await this.send(caller, { type: 'CreateQuota', data: { ...data, at: clock.now() } }, act);
    return this.shown(caller, project_id);
  }

  @Patch(':project/:resource')
  @Operation({
    summary: 'Change a quota',
    answers: () => QuotaDto,
    parameters: { project: 'Id of the project.', resource: '`Cluster`.' },
  })
  @HttpCode(202)
  async change(
    @Caller() caller: RequestContext,
    @Param('project') projectId: string,
    @Param('resource') resource: string,
    @Argument('quotapatch') body: QuotaDto,
  ): Promise<object> {
    const { clock, policy, reads } = this.parts;
    policy.enforce(caller, 'quota:update');
    const found = resource === RESOURCE ? quotaOf(reads.rows, projectId, RESOURCE) : null;
    if (found === null) throw noQuota(projectId, resource);
    const hardLimit = body.hard_limit ?? found.row.hardLimit;
    const data = { projectId, resource: RESOURCE, hardLimit, at: clock.now() } as const;
    await this.send(caller, { type: 'ChangeQuota', data });
    return this.shown(caller, projectId);
  }

  @Delete(':project/:resource')
  @Operation({
    summary: 'Remove a quota: the default counts again',
    parameters: { project: 'Id of the project.', resource: '`Cluster`.' },
  })
  @HttpCode(204)
  async remove(
    @Caller() caller: RequestContext,
    @Param('project') projectId: string,
    @Param('resource') resource: string,
  ): Promise<void> {
    this.parts.policy.enforce(caller, 'quota:delete');
    if (resource !== RESOURCE) throw noQuota(projectId, resource);
    const data = { projectId, resource: RESOURCE, at: this.parts.clock.now() } as const;
    await this.send(caller, { type: 'RemoveQuota', data });
  }

  private async send(
    caller: RequestContext,
    command: ProjectCommand & Targeted,
    { operationId, requestKey }: Act = unkeyed(),
  ): Promise<void> {
    const { aggregates } = this.parts;
    const metadata = metadataOf(caller, operationId, requestKey);
    await aggregates.project(command.data.projectId, command, metadata);
  }

  private shown(caller: RequestContext, projectId: string): object {
    const found = quotaOf(this.parts.reads.rows, projectId, RESOURCE);
    if (found === null) throw noQuota(projectId, RESOURCE);
    return toResponse(found, caller);
  }
}

interface Targeted {
  readonly data: { readonly projectId: string };
}

const markerKeyOf = (reader: RowReader, id: number): string => {
  const key = quotaKeyOf(reader, id);
  if (key !== null) return key;
  throw new Refused('not-found', `Quota could not be found: quota id ${id} .`);
};
