import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AtQuery, ListAtQuery } from '../history/instant.js';
import { clusterThen, listingOfClustersThen } from '../history/clusters-then.js';
import { doOrTry, DryRunQuery } from '../dry-run/dry-run.js';
import { RequestContext } from '../http/auth/request-context.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, TypingOf } from '../http/decorators.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { revalidated } from '../revisions/conditions.js';
import { digestOfCluster } from '../revisions/entity-tag.js';
import { keyOf } from '../writing/repeated-requests.js';
import { changeCluster, clusterPatchRules } from './changes/change-cluster.js';
import {
  ChangeQuery,
  clusterFor,
  listingOfClusters,
  type ClusterListing,
  type ClusterShape,
} from './cluster-requests.js';
import { ClusterDto, ClusterSummaryDto } from './clusters.dto.js';
import { createCluster } from './creation/create-cluster.js';
import { heldCluster } from './held-cluster.js';
import { removeCluster } from './remove-cluster.js';
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
  list(@Caller() caller: RequestContext, @Arguments() query: ListAtQuery): Promise<object> {
    return this.listing(caller, { query, shape, rule: 'get_all' });
  }

  @Get('detail')
  @Operation({
    summary: 'List clusters with all their members',
    answers: () => ClusterDto,
    listedAs: 'clusters',
    errors: [404],
  })
  detail(@Caller() caller: RequestContext, @Arguments() query: ListAtQuery): Promise<object> {
    return this.listing(caller, { query, shape, rule: 'detail' });
  }

  @Get(':id')
  @Operation({
    summary: 'Show a cluster',
    answers: () => ClusterDto,
    parameters: { id: 'Uuid or name of the cluster.' },
    headers: ['If-None-Match'],
  })
  async show(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Arguments() { at }: AtQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    if (at !== undefined)
      return toResponse(await clusterThen(this.parts, caller, { ident, at }), caller);
    const { row } = clusterFor(this.parts, caller, { ident, rule: 'get' });
    const show = () => toResponse(row, caller);
    return revalidated(reply, caller, { digest: digestOfCluster(row), show });
  }

  @Post()
  @Operation({
    summary: 'Create a cluster',
    description: 'With a header `Idempotency-Key` a repeated request gives the same cluster.',
    answers: () => UuidDto,
    tries: true,
    headers: ['Idempotency-Key'],
    errors: [404, 409, 422],
  })
  @HttpCode(202)
  async create(
    @Caller() caller: RequestContext,
    @Argument('cluster') body: ClusterDto,
    @Arguments() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const key = keyOf(caller);
    return doOrTry(this.parts, caller, { reply, query }, async (parts) => ({
      uuid: await createCluster(parts, caller, { body, key }),
    }));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change the number of workers, or what is known of the health',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the cluster.' },
    headers: ['If-Match'],
  })
  @HttpCode(202)
  async change(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Patches(clusterPatchRules) patch: PatchDocument,
    @Arguments() query: ChangeQuery,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    const { cluster, parts } = await heldCluster(this.parts, caller, { ident, rule: 'update' });
    const { row } = cluster;
    parts.policy.enforce(caller, 'cluster:update_health_status');
    const rollback = query.rollback ?? false;
    await changeCluster(parts, caller, { row, patch, typing, rollback });
    return { uuid: row.spec.uuid };
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a cluster, whatever its state',
    parameters: { id: 'Uuid or name of the cluster.' },
    tries: true,
    headers: ['If-Match'],
  })
  @HttpCode(204)
  remove(
    @Caller() caller: RequestContext,
    @Param('id') id: string,
    @Arguments() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    return doOrTry(this.parts, caller, { reply, query }, async (parts) => {
      await removeCluster(parts, caller, id);
      return undefined;
    });
  }

  private async listing(
    caller: RequestContext,
    asked: ClusterListing & { readonly query: ListAtQuery },
  ): Promise<object> {
    const { at } = asked.query;
    return at === undefined
      ? listingOfClusters(this.parts, caller, asked)
      : await listingOfClustersThen(this.parts, caller, { ...asked, at });
  }
}
