import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { RequestContext } from '../http/auth/request-context.js';
import { Argument, Caller, Since } from '../http/decorators.js';
import { Fault } from '../http/errors/faults.js';
import { findTemplate } from '../reads/find-template.js';
import { ownScope } from '../reads/scope.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { resize, upgrade } from './actions.js';
import { clusterFor } from './cluster-requests.js';
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
  })
  @Since('1.7')
  @HttpCode(202)
  async resize(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Argument('cluster_resize_req') body: ResizeDto,
  ): Promise<object> {
    const cluster = await clusterFor(this.parts, caller, { ident, rule: 'resize' });
    await resize(this.parts, caller, { cluster, body });
    return { uuid: cluster.row.spec.uuid };
  }

  @Post('upgrade')
  @Operation({
    summary: 'Upgrade to another template',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  @Since('1.7')
  @HttpCode(202)
  async upgrade(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Argument('cluster_upgrade_req') body: UpgradeDto,
  ): Promise<object> {
    if (caller.microversion.below('1.8'))
      throw new Fault(400, 'Cluster upgrade is not supported in the provided microversion.');
    const { policy, reads } = this.parts;
    const cluster = await clusterFor(this.parts, caller, { ident, rule: 'upgrade' });
    const scope = policy.isAdmin(caller) ? {} : ownScope(caller);
    const template = findTemplate(await reads.fresh(), scope, body.cluster_template);
    await upgrade(this.parts, caller, { cluster, template, body });
    return { uuid: cluster.row.spec.uuid };
  }
}
