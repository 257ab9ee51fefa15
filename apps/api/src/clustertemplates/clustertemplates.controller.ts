import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, TypingOf } from '../http/decorators.js';
import { PageQuery } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { templateTarget } from '../reads/find-template.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { forTemplate, revalidated } from '../revisions/conditions.js';
import { digestOfTemplate } from '../revisions/entity-tag.js';
import { keyOf } from '../writing/repeated-requests.js';
import { changeTemplate, templatePatchRules, toPatchReply } from './change-template.js';
import {
  ClusterTemplateDto,
  clusterTemplateShape as shape,
  toResponse,
} from './clustertemplates.dto.js';
import { createTemplate } from './create-template.js';
import {
  listingOfTemplates,
  removeTemplate,
  showTemplate,
  templateFor,
} from './template-requests.js';

/** `/v1/clustertemplates` */
@Controller('v1/clustertemplates')
export class ClusterTemplatesController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'List templates',
    answers: () => ClusterTemplateDto,
    listedAs: 'clustertemplates',
    errors: [404],
  })
  list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return listingOfTemplates(this.parts, caller, { query, shape, rule: 'get_all' });
  }

  @Get('detail')
  @Operation({
    summary: 'List templates; the same as the plain list',
    answers: () => ClusterTemplateDto,
    listedAs: 'clustertemplates',
    errors: [404],
  })
  detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return listingOfTemplates(this.parts, caller, { query, shape, rule: 'detail' });
  }

  @Get(':id')
  @Operation({
    summary: 'Show a template',
    answers: () => ClusterTemplateDto,
    headers: ['If-None-Match'],
    parameters: { id: 'Uuid or name of the template.' },
  })
  show(
    @Caller() caller: RequestContext,
    @Param('id') id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object | undefined {
    const row = showTemplate(this.parts, caller, id);
    const show = () => toResponse(row, caller);
    return revalidated(reply, caller, { digest: digestOfTemplate(row), show });
  }

  @Post()
  @Operation({
    summary: 'Create a template',
    answers: () => ClusterTemplateDto,
    headers: ['Idempotency-Key'],
    errors: [404, 409, 422],
  })
  @HttpCode(201)
  async create(
    @Caller() caller: RequestContext,
    @Argument('cluster_template') body: ClusterTemplateDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await createTemplate(this.parts, caller, { body, key: keyOf(caller) });
    void reply.header('Location', caller.links.url('clustertemplates', row.template.uuid));
    return toResponse(row, caller);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a template',
    answers: () => ClusterTemplateDto,
    headers: ['If-Match'],
    parameters: { id: 'Uuid or name of the template.' },
  })
  async change(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Patches(templatePatchRules) patch: PatchDocument,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    const row = templateFor(this.parts, caller, { ident, rule: 'update' });
    this.parts.policy.enforce(caller, 'clustertemplate:update', templateTarget(row));
    const parts = await forTemplate(this.parts, caller, row);
    const changed = await changeTemplate(parts, caller, { row, patch, typing });
    return toPatchReply(changed, caller, { patch });
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a template that no cluster uses',
    headers: ['If-Match'],
    parameters: { id: 'Uuid or name of the template.' },
  })
  @HttpCode(204)
  remove(@Caller() caller: RequestContext, @Param('id') id: string): Promise<void> {
    return removeTemplate(this.parts, caller, id);
  }
}
