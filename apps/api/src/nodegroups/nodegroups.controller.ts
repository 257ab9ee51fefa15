import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import { operate } from '../clusters/operate.js';
import { doOrTry, DryRunQuery } from '../dry-run/dry-run.js';
import { RequestContext } from '../http/auth/request-context.js';
import { Text } from '../http/body/fields.js';
import type { Typing } from '../http/body/typing.js';
import { Argument, Arguments, Caller, Patches, Since, TypingOf } from '../http/decorators.js';
import { PageQuery, toListing, toPage } from '../http/listing/page.js';
import { SINCE } from '../http/microversion/history.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { findCluster } from '../reads/find-cluster.js';
import { findNodegroup } from '../reads/find-nodegroup.js';
import { scopeOf } from '../reads/scope.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { keyOf } from '../writing/repeated-requests.js';
import { changeNodegroup, nodegroupPatchRules } from './change-nodegroup.js';
import { createNodegroup } from './create-nodegroup.js';
import {
  NodegroupDto,
  NodegroupSummaryDto,
  toRequested,
  toResponse,
  toSummary,
} from './nodegroups.dto.js';
import { NODEGROUP_SORT_KEYS, pageOfNodegroups } from './page-of-nodegroups.js';

class NodegroupQuery extends PageQuery {
  @Text({ description: 'Only groups of this role.' })
  role?: string;
}

/** `/v1/clusters/{cluster}/nodegroups` */
@Controller('v1/clusters/:cluster/nodegroups')
export class NodegroupsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'List node groups of a cluster',
    answers: () => NodegroupSummaryDto,
    listedAs: 'nodegroups',
    parameters: { cluster: 'Uuid or name of the cluster.' },
  })
  @Since(SINCE.nodegroups, 'delete')
  list(
    @Caller() caller: RequestContext,
    @Param('cluster') ident: string,
    @Arguments() query: NodegroupQuery,
  ): object {
    const { policy, settings } = this.parts;
    policy.enforce(caller, 'nodegroup:get_all');
    const { maxLimit } = settings;
    const page = toPage(query, { sortKeys: NODEGROUP_SORT_KEYS, maxLimit });
    const { row } = this.find(caller, ident, 'get_all');
    const rows = pageOfNodegroups(row.nodegroups, page, query.role);
    return toListing({
      member: 'nodegroups',
      items: rows.map((each) => toSummary(each, caller)),
      rows,
      page,
      url: caller.links.url('clusters', row.spec.uuid, 'nodegroups'),
      markerOf: ({ uuid }) => uuid,
    });
  }

  @Get(':id')
  @Operation({
    summary: 'Show a node group',
    answers: () => NodegroupDto,
    parameters: {
      cluster: 'Uuid or name of the cluster.',
      id: 'Uuid, name or id of the node group.',
    },
  })
  @Since(SINCE.nodegroups, 'get_one')
  show(
    @Caller() caller: RequestContext,
    @Param('cluster') ident: string,
    @Param('id') id: string,
  ): object {
    this.parts.policy.enforce(caller, 'nodegroup:get');
    const cluster = this.find(caller, ident, 'get_one');
    return toResponse(cluster, findNodegroup(cluster, id), caller);
  }

  @Post()
  @Operation({
    summary: 'Add a node group',
    answers: () => NodegroupDto,
    parameters: { cluster: 'Uuid or name of the cluster.' },
    tries: true,
    headers: ['Idempotency-Key'],
    errors: [422],
  })
  @Since(SINCE.nodegroups, 'post')
  @HttpCode(202)
  async create(
    @Caller() caller: RequestContext,
    @Param('cluster') ident: string,
    @Argument('nodegroup') body: NodegroupDto,
    @Arguments() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const key = keyOf(caller);
    return doOrTry(this.parts, caller, { reply, query }, async (parts) => {
      const { row } = await parts.step('cluster', () => {
        parts.policy.enforce(caller, 'nodegroup:create');
        return this.find(caller, ident, 'create');
      });
      return toRequested(row, await createNodegroup(parts, caller, { body, row, key }), caller);
    });
  }

  @Patch(':id')
  @Operation({
    summary: 'Change bounds, labels and taints of a node group',
    answers: () => NodegroupDto,
    parameters: {
      cluster: 'Uuid or name of the cluster.',
      id: 'Uuid, name or id of the node group.',
    },
  })
  @Since(SINCE.nodegroups, 'patch')
  @HttpCode(202)
  async change(
    @Caller() caller: RequestContext,
    @Param('cluster') ident: string,
    @Param('id') id: string,
    @Patches(nodegroupPatchRules) patch: PatchDocument,
    @TypingOf() typing: Typing,
  ): Promise<object> {
    this.parts.policy.enforce(caller, 'nodegroup:update');
    const cluster = this.find(caller, ident, 'update');
    const nodegroup = findNodegroup(cluster, id);
    return changeNodegroup(this.parts, caller, { cluster, nodegroup, patch, typing });
  }

  @Delete(':id')
  @Operation({
    summary: 'Remove a node group',
    tries: true,
    parameters: {
      cluster: 'Uuid or name of the cluster.',
      id: 'Uuid, name or id of the node group.',
    },
  })
  @Since(SINCE.nodegroups, 'delete')
  @HttpCode(204)
  async remove(
    @Caller() caller: RequestContext,
    @Param('cluster') ident: string,
    @Param('id') id: string,
    @Arguments() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | undefined> {
    return doOrTry(this.parts, caller, { reply, query }, async (parts) => {
      const cluster = await parts.step('cluster', () => {
        parts.policy.enforce(caller, 'nodegroup:delete');
        return this.find(caller, ident, 'delete');
      });
      const { uuid: nodegroupId } = await parts.step('node group', () =>
        findNodegroup(cluster, id),
      );
      await operate(parts, caller, {
        row: cluster.row,
        command: (begin) => ({ type: 'RemoveNodegroup', data: { ...begin, nodegroupId } }),
      });
      return undefined;
    });
  }

  private find(caller: RequestContext, ident: string, rule: string): Numbered<ClusterRow> {
    const { policy, reads } = this.parts;
    const scope = scopeOf(policy, caller, `nodegroup:${rule}_all_projects`);
    return findCluster(reads.rows, scope, ident);
  }
}
