import {
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
} from '@nestjs/common';
import {
  CLUSTER_SORT_KEYS,
  listClusters,
  listClusterSummaries,
  type ClusterRow,
  type Numbered,
} from '@jeroboam/read-models/clusters';
import { RequestContext } from '../http/auth/request-context.js';
import { Bool } from '../http/body/fields.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, TypingOf } from '../http/decorators.js';
import { PageQuery, toListing, toPage, type Page } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { clusterTarget, findCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { changeCluster, clusterPatchRules } from './change-cluster.js';
import { ClusterDto } from './clusters.dto.js';
import { createCluster } from './create-cluster.js';
import { operate } from './operate.js';
import { toDetail, toResponse, toSummary } from './represent-cluster.js';

const sortKeys = new Set(Object.keys(CLUSTER_SORT_KEYS));

/** Arguments of a change. */
class ChangeQuery {
  @Bool({ since: '1.3', description: 'Undo in the cloud what fails there.' })
  rollback?: boolean | null;
}

/** `/v1/clusters` */
@Controller('v1/clusters')
export class ClustersController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  async list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): Promise<object> {
    this.parts.policy.enforce(caller, 'cluster:get_all');
    const scope = scopeOf(this.parts.policy, caller, 'cluster:get_all_all_projects');
    const page = this.pageOf(query);
    const reader = await this.parts.reads.fresh();
    if (page.marker !== null) findCluster(reader, scope, page.marker);
    const rows = listClusterSummaries(reader, scope, { ...page, markerKey: page.marker });
    return toListing({
      member: 'clusters',
      items: rows.map((row) => toSummary(row, caller)),
      rows,
      page,
      url: caller.links.url('clusters'),
      markerOf: ({ uuid }) => uuid,
    });
  }

  @Get('detail')
  async detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): Promise<object> {
    this.parts.policy.enforce(caller, 'cluster:detail');
    const scope = scopeOf(this.parts.policy, caller, 'cluster:detail_all_projects');
    const page = this.pageOf(query);
    const reader = await this.parts.reads.fresh();
    if (page.marker !== null) findCluster(reader, scope, page.marker);
    const rows = listClusters(reader, scope, { ...page, markerKey: page.marker });
    return toListing({
      member: 'clusters',
      items: rows.map(({ row }) => toDetail(row, caller)),
      rows,
      page,
      url: caller.links.url('clusters', 'detail'),
      markerOf: ({ row }) => row.spec.uuid,
    });
  }

  @Get(':id')
  async show(@Caller() caller: RequestContext, @Param('id') id: string): Promise<object> {
    const { row } = await this.find(caller, id, 'get_one');
    this.parts.policy.enforce(caller, 'cluster:get', clusterTarget(row));
    return toResponse(row, caller);
  }

  @Post()
  @HttpCode(202)
  async create(
    @Caller() caller: RequestContext,
    @Argument('cluster') body: ClusterDto,
    @Headers('idempotency-key') key?: string,
  ): Promise<object> {
    return { uuid: await createCluster(this.parts, caller, { body, key: key ?? null }) };
  }

  @Patch(':id')
  @HttpCode(202)
  async change(
    @Caller() caller: RequestContext,
    @Param('id') id: string,
    @Patches(clusterPatchRules) patch: PatchDocument,
    @Arguments() query: ChangeQuery,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    const { policy } = this.parts;
    const { row } = await this.find(caller, id, 'update');
    policy.enforce(caller, 'cluster:update', clusterTarget(row));
    policy.enforce(caller, 'cluster:update_health_status');
    const rollback = query.rollback ?? false;
    await changeCluster(this.parts, caller, { row, patch, typing, rollback });
    return { uuid: row.spec.uuid };
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Caller() caller: RequestContext, @Param('id') id: string): Promise<void> {
    const { row } = await this.find(caller, id, 'delete');
    this.parts.policy.enforce(caller, 'cluster:delete', clusterTarget(row));
    await operate(this.parts, caller, {
      row,
      command: (data) => ({ type: 'DeleteCluster', data }),
    });
  }

  private async find(
    caller: RequestContext,
    ident: string,
    rule: string,
  ): Promise<Numbered<ClusterRow>> {
    const { policy, reads } = this.parts;
    const scope = scopeOf(policy, caller, `cluster:${rule}_all_projects`);
    return findCluster(await reads.fresh(), scope, ident);
  }

  private pageOf(query: PageQuery): Page {
    return toPage(query, { sortKeys, maxLimit: this.parts.settings.maxLimit });
  }
}
