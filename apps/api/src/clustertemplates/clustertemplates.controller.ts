import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import {
  listTemplates,
  TEMPLATE_SORT_KEYS,
  type ClusterTemplateRow,
} from '@jeroboam/read-models/cluster-templates';
import { countClustersOfTemplate, type Scope } from '@jeroboam/read-models/clusters';
import { newId } from '@jeroboam/platform/ids/ids';
import type { FastifyReply } from 'fastify';
import { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, TypingOf } from '../http/decorators.js';
import { PageQuery, toListing, toPage } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { findTemplate, templateTarget } from '../reads/find-template.js';
import { scopeOf } from '../reads/scope.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { changeTemplate, templatePatchRules } from './change-template.js';
import { ClusterTemplateDto, toResponse } from './clustertemplates.dto.js';
import { createTemplate } from './create-template.js';

const sortKeys = new Set(Object.keys(TEMPLATE_SORT_KEYS));

/** `/v1/clustertemplates` */
@Controller('v1/clustertemplates')
export class ClusterTemplatesController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): Promise<object> {
    this.parts.policy.enforce(caller, 'clustertemplate:get_all');
    const scope = scopeOf(this.parts.policy, caller, 'clustertemplate:get_all_all_projects');
    return this.page(caller, query, { scope, path: ['clustertemplates'] });
  }

  @Get('detail')
  detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): Promise<object> {
    this.parts.policy.enforce(caller, 'clustertemplate:detail');
    const scope = scopeOf(this.parts.policy, caller, 'clustertemplate:detail_all_projects');
    return this.page(caller, query, { scope, path: ['clustertemplates', 'detail'] });
  }

  @Get(':id')
  async show(@Caller() caller: RequestContext, @Param('id') id: string): Promise<object> {
    const { policy } = this.parts;
    const row = await this.find(caller, id, 'clustertemplate:get_one_all_projects');
    if (!row.template.public) policy.enforce(caller, 'clustertemplate:get', templateTarget(row));
    return toResponse(row, caller);
  }

  @Post()
  @HttpCode(201)
  async create(
    @Caller() caller: RequestContext,
    @Argument('cluster_template') body: ClusterTemplateDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await createTemplate(this.parts, caller, body);
    void reply.header('Location', caller.links.url('clustertemplates', row.template.uuid));
    return toResponse(row, caller);
  }

  @Patch(':id')
  async change(
    @Caller() caller: RequestContext,
    @Param('id') id: string,
    @Patches(templatePatchRules) patch: PatchDocument,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    const row = await this.find(caller, id, 'clustertemplate:update_all_projects');
    this.parts.policy.enforce(caller, 'clustertemplate:update', templateTarget(row));
    return toResponse(await changeTemplate(this.parts, caller, { row, patch, typing }), caller);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Caller() caller: RequestContext, @Param('id') id: string): Promise<void> {
    const { aggregates, clock, policy, reads } = this.parts;
    const row = await this.find(caller, id, 'clustertemplate:delete_all_projects');
    policy.enforce(caller, 'clustertemplate:delete', templateTarget(row));
    const { uuid } = row.template;
    const clusterCount = countClustersOfTemplate(await reads.fresh(), uuid);
    await aggregates.clusterTemplate(
      uuid,
      { type: 'DeleteTemplate', data: { clusterCount, at: clock.now() } },
      metadataOf(caller, newId()),
    );
  }

  private async find(
    caller: RequestContext,
    ident: string,
    allProjectsRule: string,
  ): Promise<ClusterTemplateRow> {
    const { policy, reads } = this.parts;
    return findTemplate(await reads.fresh(), scopeOf(policy, caller, allProjectsRule), ident);
  }

  private async page(
    caller: RequestContext,
    query: PageQuery,
    { scope, path }: { readonly scope: Scope; readonly path: readonly string[] },
  ): Promise<object> {
    const { maxLimit } = this.parts.settings;
    const page = toPage(query, { sortKeys, maxLimit });
    const reader = await this.parts.reads.fresh();
    if (page.marker !== null) findTemplate(reader, scope, page.marker);
    const rows = listTemplates(reader, scope, { ...page, markerKey: page.marker });
    return toListing({
      member: 'clustertemplates',
      items: rows.map((row) => toResponse(row, caller)),
      rows,
      page,
      url: caller.links.url(...path),
      markerOf: ({ template }) => template.uuid,
    });
  }
}
