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
import { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, TypingOf } from '../http/decorators.js';
import { PageQuery } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { changeCluster, clusterPatchRules } from './change-cluster.js';
import {
  ChangeQuery,
  clusterFor,
  listingOfClusters,
  removeCluster,
  type ClusterShape,
} from './cluster-requests.js';
import { ClusterDto, ClusterSummaryDto } from './clusters.dto.js';
import { createCluster } from './create-cluster.js';
import { toDetail, toResponse, toSummary } from './represent-cluster.js';

const shape: ClusterShape = { collection: 'clusters', toSummary, toDetail };

/** `/v1/clusters` */
@Controller('v1/clusters')
export class ClustersController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'List clusters',
    answers: () => ClusterSummaryDto,
    listedAs: 'clusters',
    errors: [404],
  })
  list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): Promise<object> {
    return listingOfClusters(this.parts, caller, { query, shape, rule: 'get_all' });
  }

  @Get('detail')
  @Operation({
    summary: 'List clusters with all their members',
    answers: () => ClusterDto,
    listedAs: 'clusters',
    errors: [404],
  })
  detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): Promise<object> {
    return listingOfClusters(this.parts, caller, { query, shape, rule: 'detail' });
  }

  @Get(':id')
  @Operation({
    summary: 'Show a cluster',
    answers: () => ClusterDto,
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  async show(@Caller() caller: RequestContext, @Param('id') ident: string): Promise<object> {
    const { row } = await clusterFor(this.parts, caller, { ident, rule: 'get' });
    return toResponse(row, caller);
  }

  @Post()
  @Operation({
    summary: 'Create a cluster',
    description: 'With a header `Idempotency-Key` a repeated request gives the same cluster.',
    answers: () => UuidDto,
    errors: [404, 409],
  })
  @HttpCode(202)
  async create(
    @Caller() caller: RequestContext,
    @Argument('cluster') body: ClusterDto,
    @Headers('idempotency-key') key?: string,
  ): Promise<object> {
    return { uuid: await createCluster(this.parts, caller, { body, key: key ?? null }) };
  }

  @Patch(':id')
  @Operation({
    summary: 'Change the number of workers, or what is known of the health',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  @HttpCode(202)
  async change(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Patches(clusterPatchRules) patch: PatchDocument,
    @Arguments() query: ChangeQuery,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    const { row } = await clusterFor(this.parts, caller, { ident, rule: 'update' });
    this.parts.policy.enforce(caller, 'cluster:update_health_status');
    const rollback = query.rollback ?? false;
    await changeCluster(this.parts, caller, { row, patch, typing, rollback });
    return { uuid: row.spec.uuid };
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a cluster, whatever its state',
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  @HttpCode(204)
  remove(@Caller() caller: RequestContext, @Param('id') id: string): Promise<void> {
    return removeCluster(this.parts, caller, id);
  }
}
