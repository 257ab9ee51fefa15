import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { changeTemplate, toPatchReply } from '../clustertemplates/change-template.js';
import { toResponse } from '../clustertemplates/clustertemplates.dto.js';
import { createTemplate } from '../clustertemplates/create-template.js';
import {
  listingOfTemplates,
  removeTemplate,
  showTemplate,
  templateFor,
} from '../clustertemplates/template-requests.js';
import { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, TypingOf, Until } from '../http/decorators.js';
import { UNTIL } from '../http/microversion/history.js';
import { PageQuery } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { templateTarget } from '../reads/find-template.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import {
  BaymodelDto,
  baymodelPatchRules as rules,
  baymodelShape as shape,
} from './baymodels.dto.js';

/** `/v1/baymodels`: what cluster templates were called, up to the version that dropped the name. */
@Controller('v1/baymodels')
export class BaymodelsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'List baymodels',
    answers: () => BaymodelDto,
    listedAs: 'baymodels',
    errors: [404],
  })
  @Until(UNTIL.bays)
  list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return listingOfTemplates(this.parts, caller, { query, shape, rule: 'get_all' });
  }

  @Get('detail')
  @Operation({
    summary: 'List baymodels; the same as the plain list',
    answers: () => BaymodelDto,
    listedAs: 'baymodels',
    errors: [404],
  })
  @Until(UNTIL.bays)
  detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return listingOfTemplates(this.parts, caller, { query, shape, rule: 'detail' });
  }

  @Get(':id')
  @Operation({
    summary: 'Show a baymodel',
    answers: () => BaymodelDto,
    parameters: { id: 'Uuid or name of the template.' },
  })
  @Until(UNTIL.bays)
  show(@Caller() caller: RequestContext, @Param('id') id: string): object {
    return toResponse(showTemplate(this.parts, caller, id), caller, shape);
  }

  @Post()
  @Operation({ summary: 'Create a baymodel', answers: () => BaymodelDto, errors: [404, 409] })
  @Until(UNTIL.bays)
  @HttpCode(201)
  async create(
    @Caller() caller: RequestContext,
    @Argument('baymodel') body: BaymodelDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const row = await createTemplate(this.parts, caller, { body, key: null });
    void reply.header('Location', caller.links.url('baymodels', row.template.uuid));
    return toResponse(row, caller, shape);
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a baymodel',
    answers: () => BaymodelDto,
    parameters: { id: 'Uuid or name of the template.' },
  })
  @Until(UNTIL.bays)
  async change(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Patches(rules) patch: PatchDocument,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    const row = templateFor(this.parts, caller, { ident, rule: 'update' });
    this.parts.policy.enforce(caller, 'clustertemplate:update', templateTarget(row));
    const changed = await changeTemplate(this.parts, caller, { row, patch, typing, rules });
    return toPatchReply(changed, caller, { patch, shape });
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a baymodel that no cluster uses',
    parameters: { id: 'Uuid or name of the template.' },
  })
  @Until(UNTIL.bays)
  @HttpCode(204)
  remove(@Caller() caller: RequestContext, @Param('id') id: string): Promise<void> {
    return removeTemplate(this.parts, caller, id);
  }
}
