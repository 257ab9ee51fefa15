import { Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { doOrTry, DryRunQuery } from '../dry-run/dry-run.js';
import { RequestContext } from '../http/auth/request-context.js';
import { Argument, Arguments, Caller, Since } from '../http/decorators.js';
import { Fault } from '../http/errors/faults.js';
import { SINCE } from '../http/microversion/history.js';
import { findTemplate } from '../reads/find-template.js';
import { templateScopeOf } from '../reads/scope.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { resize, upgrade } from './actions.js';
import { heldCluster } from './held-cluster.js';
import { ResizeDto, UpgradeDto } from './clusters.dto.js';

/** `/v1/clusters/{id}/actions` */
@Controller('v1/clusters/:id/actions')
export class ClusterActionsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Post('resize')
  @Operation({
    summary: 'Change the size of a node group',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the cluster.' },
    tries: true,
    headers: ['If-Match'],
  })
  @Since(SINCE.actions)
  @HttpCode(202)
  async resize(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Argument('cluster_resize_req') body: ResizeDto,
    @Arguments() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    return doOrTry(this.parts, caller, { reply, query }, async (asked) => {
      const { cluster, parts } = await heldCluster(asked, caller, { ident, rule: 'resize' });
      await resize(parts, caller, { cluster, body });
      return { uuid: cluster.row.spec.uuid };
    });
  }

  @Post('upgrade')
  @Operation({
    summary: 'Upgrade to another template',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the cluster.' },
    tries: true,
    headers: ['If-Match'],
  })
  @Since(SINCE.actions)
  @HttpCode(202)
  async upgrade(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Argument('cluster_upgrade_req') body: UpgradeDto,
    @Arguments() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    if (caller.microversion.below(SINCE.upgrade))
      throw new Fault(400, 'Cluster upgrade is not supported in the provided microversion.');
    return doOrTry(this.parts, caller, { reply, query }, async (asked) => {
      const { cluster, parts } = await heldCluster(asked, caller, { ident, rule: 'upgrade' });
      const scope = templateScopeOf(parts.policy, caller);
      const reader = await parts.reads.fresh();
      const template = await parts.step('template', () =>
        findTemplate(reader, scope, body.cluster_template),
      );
      await upgrade(parts, caller, { cluster, template, body });
      return { uuid: cluster.row.spec.uuid };
    });
  }
}
