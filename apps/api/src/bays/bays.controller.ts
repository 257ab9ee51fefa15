import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { changeCluster } from '../clusters/changes/change-cluster.js';
import {
  ChangeQuery,
  clusterFor,
  listingOfClusters,
  type ClusterShape,
} from '../clusters/cluster-requests.js';
import { createCluster } from '../clusters/creation/create-cluster.js';
import { removeCluster } from '../clusters/remove-cluster.js';
import { toDetail, toResponse, toSummary } from '../clusters/represent-cluster.js';
import { RequestContext } from '../http/auth/request-context.js';
import { Argument, Arguments, Caller, Patches, Until } from '../http/decorators.js';
import { SINCE, UNTIL } from '../http/microversion/history.js';
import { PageQuery } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { keyOf } from '../writing/repeated-requests.js';
import { BayDto, BaySummaryDto, bayPatchRules, toBay, toCluster } from './bays.dto.js';

const shape: ClusterShape = {
  collection: 'bays',
  toSummary: (row, caller) => toBay(toSummary(row, caller), caller),
  toDetail: (row, caller) => toBay(toDetail(row, caller), caller),
};

const patched = {
  rules: bayPatchRules,
  show: (row: Parameters<typeof toDetail>[0], caller: RequestContext) =>
    toBay(toDetail(row, caller), caller),
};

/**
 * `/v1/bays`: what clusters were called, up to the version that dropped the name. Before 1.2 answers
 * held the bay, from then on its uuid.
 */
@Controller('v1/bays')
export class BaysController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'List bays',
    answers: () => BaySummaryDto,
    listedAs: 'bays',
    errors: [404],
  })
  @Until(UNTIL.bays)
  list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return listingOfClusters(this.parts, caller, { query, shape, rule: 'get_all' });
  }

  @Get('detail')
  @Operation({
    summary: 'List bays with all their members',
    answers: () => BayDto,
    listedAs: 'bays',
    errors: [404],
  })
  @Until(UNTIL.bays)
  detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return listingOfClusters(this.parts, caller, { query, shape, rule: 'detail' });
  }

  @Get(':id')
  @Operation({
    summary: 'Show a bay',
    answers: () => BayDto,
    parameters: { id: 'Uuid or name of the bay.' },
  })
  @Until(UNTIL.bays)
  show(@Caller() caller: RequestContext, @Param('id') ident: string): object {
    return this.shown(caller, ident);
  }

  @Post()
  @Operation({
    summary: 'Create a bay',
    description: 'From 1.2 on: 202 and the uuid alone.',
    answers: () => BayDto,
    accepts: () => UuidDto,
    errors: [404, 409],
  })
  @Until(UNTIL.bays)
  async create(
    @Caller() caller: RequestContext,
    @Argument('bay') body: BayDto,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const asked = { body: toCluster(body), key: keyOf(caller), unknownIs400: true };
    const uuid = await createCluster(this.parts, caller, asked);
    if (caller.microversion.atLeast(SINCE.acceptedBays)) {
      void reply.status(202).send({ uuid });
      return;
    }
    void reply.header('Location', caller.links.url('bays', uuid));
    void reply.status(201).send(this.shown(caller, uuid));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change the number of workers',
    description: 'From 1.2 on: 202 and the uuid alone.',
    answers: () => BayDto,
    accepts: () => UuidDto,
    parameters: { id: 'Uuid or name of the bay.' },
  })
  @Until(UNTIL.bays)
  async change(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Patches(bayPatchRules) patch: PatchDocument,
    @Arguments() query: ChangeQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { row } = clusterFor(this.parts, caller, { ident, rule: 'update' });
    const rollback = query.rollback ?? false;
    const typing = { microversion: caller.microversion, limits: reply.request.edge.limits };
    await changeCluster(this.parts, caller, { row, patch, typing, rollback, shape: patched });
    const { uuid } = row.spec;
    if (caller.microversion.atLeast(SINCE.acceptedBays)) void reply.status(202).send({ uuid });
    else void reply.status(200).send(this.shown(caller, uuid));
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a bay, whatever its state',
    parameters: { id: 'Uuid or name of the bay.' },
  })
  @Until(UNTIL.bays)
  @HttpCode(204)
  remove(@Caller() caller: RequestContext, @Param('id') id: string): Promise<void> {
    return removeCluster(this.parts, caller, id);
  }

  private shown(caller: RequestContext, ident: string): object {
    const { row } = clusterFor(this.parts, caller, { ident, rule: 'get' });
    return toBay(toResponse(row, caller), caller);
  }
}
