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
import { actOf, isDone, keyOf, type Act } from '../writing/repeated-requests.js';
import { resize, upgrade } from './actions.js';
import { clusterFor, type Sought } from './cluster-requests.js';
import { holding, type Held } from './held-cluster.js';
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
    headers: ['Idempotency-Key', 'If-Match'],
    errors: [422],
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
      return once(asked, caller, { ident, rule: 'resize', body }, ({ cluster, parts, act }) =>
        resize(parts, caller, { cluster, body, act }),
      );
    });
  }

  @Post('upgrade')
  @Operation({
    summary: 'Upgrade to another template',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the cluster.' },
    tries: true,
    headers: ['Idempotency-Key', 'If-Match'],
    errors: [422],
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
      return once(asked, caller, { ident, rule: 'upgrade', body }, async (held) => {
        const { cluster, parts, act } = held;
        const scope = templateScopeOf(parts.policy, caller);
        const reader = parts.reads.rows;
        const template = await parts.step('template', () =>
          findTemplate(reader, scope, body.cluster_template),
        );
        await upgrade(parts, caller, { cluster, template, body, act });
      });
    });
  }
}

/** The cluster, unless this very request has been here: then there is no more to be done. */
const once = async (
  asked: ResourceParts,
  caller: RequestContext,
  { body, ...sought }: Sought & { readonly body: object },
  work: (held: Held & { readonly act: Act }) => Promise<void>,
): Promise<object> => {
  const cluster = await asked.step('cluster', () => clusterFor(asked, caller, sought));
  const { uuid } = cluster.row.spec;
  const act = actOf(`${uuid}/${sought.rule}`, keyOf(caller), body);
  const done =
    act.requestKey !== null &&
    (await asked.step('idempotency key', () => isDone(asked, `cluster-${uuid}`, act)));
  if (!done) await work({ ...(await holding(asked, caller, cluster)), act });
  return { uuid };
};
