import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Refused } from '@jeroboam/eventing/decider';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { RequestContext } from '../http/auth/request-context.js';
import { represent } from '../http/body/represent.js';
import { Caller, Produces } from '../http/decorators.js';
import { Operation } from '../http/openapi/operation.js';
import { clusterTarget, findCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { credentialFor } from './credential.js';
import { EnvironmentDto, environmentFor } from './environment.js';
import { kubeconfig } from './kubeconfig.js';

/** Whose members may do anything, in Kubernetes: what clients of Magnum ask for themselves. */
const ADMINISTRATORS = 'system:masters';

const YAML = 'application/yaml';

/** `/v1/clusters/{id}/kubeconfig` and `…/environment` */
@Controller('v1/clusters/:id')
export class AccessController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get('kubeconfig')
  @Operation({
    summary: 'Give a kubeconfig for the caller',
    description: 'With a key pair made for it, certified for a short time and kept nowhere.',
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  @Produces(YAML)
  async kubeconfig(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { row, apiAddress } = this.reachable(caller, ident, ['kubernetes']);
    const credential = await credentialFor(this.parts, caller, row, ADMINISTRATORS);
    const userName = caller.identity.user.name;
    void reply.type(YAML).header('cache-control', 'no-store');
    return kubeconfig({ clusterName: row.spec.name, server: apiAddress, userName }, credential);
  }

  @Get('environment')
  @Operation({
    summary: 'Give what a Docker client of the caller needs for a swarm',
    description: 'With a key pair made for it, certified for a short time and kept nowhere.',
    answers: () => EnvironmentDto,
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  async environment(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const { row, apiAddress } = this.reachable(caller, ident, ['swarm', 'swarm-mode']);
    const credential = await credentialFor(this.parts, caller, row, null);
    void reply.header('cache-control', 'no-store');
    const answer = environmentFor({ clusterId: row.spec.uuid, apiAddress }, credential);
    return represent<object>(EnvironmentDto, answer, caller.microversion);
  }

  /** The cluster, for whom may have certificates signed, once it has an API of that kind. */
  private reachable(
    caller: RequestContext,
    ident: string,
    coes: readonly string[],
  ): { readonly row: PresentCluster; readonly apiAddress: string } {
    const { policy, reads } = this.parts;
    const scope = scopeOf(policy, caller, 'certificate:create_all_projects');
    const { row } = findCluster(reads.rows, scope, ident);
    policy.enforce(caller, 'certificate:create', clusterTarget(row));
    const { coe } = row.spec.template;
    if (!coes.includes(coe))
      throw new Refused('invalid', `This is for ${coes.join(' and ')}, not for COE type ${coe}.`);
    const { apiAddress } = row;
    if (apiAddress === null)
      throw new Refused('conflict', 'Cluster API address is not available yet');
    return { row, apiAddress };
  }
}
