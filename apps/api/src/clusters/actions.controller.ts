import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { ClusterRow, Numbered } from '@jeroboam/read-models/clusters';
import { RequestContext } from '../http/auth/request-context.js';
import { Argument, Caller, Since } from '../http/decorators.js';
import { Fault } from '../http/errors/faults.js';
import { clusterTarget, findCluster } from '../reads/find-cluster.js';
import { findTemplate } from '../reads/find-template.js';
import { ownScope, scopeOf } from '../reads/scope.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { resize, upgrade } from './actions.js';
import { ResizeDto, UpgradeDto } from './clusters.dto.js';

/** `/v1/clusters/{id}/actions` */
@Controller('v1/clusters/:id/actions')
export class ClusterActionsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Post('resize')
  @Since('1.7')
  @HttpCode(202)
  async resize(
    @Caller() caller: RequestContext,
    @Param('id') id: string,
    @Argument('cluster_resize_req') body: ResizeDto,
  ): Promise<object> {
    const cluster = await this.find(caller, id, 'resize');
    await resize(this.parts, caller, { cluster, body });
    return { uuid: cluster.row.spec.uuid };
  }

  @Post('upgrade')
  @Since('1.7')
  @HttpCode(202)
  async upgrade(
    @Caller() caller: RequestContext,
    @Param('id') id: string,
    @Argument('cluster_upgrade_req') body: UpgradeDto,
  ): Promise<object> {
    if (caller.microversion.below('1.8'))
      throw new Fault(400, 'Cluster upgrade is not supported in the provided microversion.');
    const { policy, reads } = this.parts;
    const cluster = await this.find(caller, id, 'upgrade');
    const scope = policy.isAdmin(caller) ? {} : ownScope(caller);
    const template = findTemplate(await reads.fresh(), scope, body.cluster_template);
    await upgrade(this.parts, caller, { cluster, template, body });
    return { uuid: cluster.row.spec.uuid };
  }

  private async find(
    caller: RequestContext,
    ident: string,
    action: string,
  ): Promise<Numbered<ClusterRow>> {
    const { policy, reads } = this.parts;
    const scope = scopeOf(policy, caller, `cluster:${action}_all_projects`);
    const cluster = findCluster(await reads.fresh(), scope, ident);
    policy.enforce(caller, `cluster:${action}`, clusterTarget(cluster.row));
    return cluster;
  }
}
