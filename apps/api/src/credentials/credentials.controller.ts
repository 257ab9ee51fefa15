import { Controller, HttpCode, Inject, Param, Patch } from '@nestjs/common';
import { Refused } from '@jeroboam/eventing/decider';
import { demandRotatable } from '@jeroboam/domain/cluster/preconditions';
import { driverOf } from '../clusters/actions.js';
import { operate } from '../clusters/operate.js';
import { RequestContext } from '../http/auth/request-context.js';
import { Caller, Since } from '../http/decorators.js';
import { missingArgument } from '../http/errors/faults.js';
import { SINCE } from '../http/microversion/history.js';
import { findCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';

/** `/v1/credentials` */
@Controller('v1/credentials')
export class CredentialsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Patch()
  @Operation({ summary: 'Always refused: no cluster is named' })
  @Since(SINCE.credentials, 'patch')
  rotateNone(): never {
    throw missingArgument('cluster_ident');
  }

  @Patch(':cluster')
  @Operation({
    summary: 'Rotate the credential a cluster acts with',
    answers: () => UuidDto,
    parameters: { cluster: 'Uuid or name of the cluster.' },
  })
  @Since(SINCE.credentials, 'patch')
  @HttpCode(202)
  async rotate(@Caller() caller: RequestContext, @Param('cluster') ident: string): Promise<object> {
    const { policy, reads } = this.parts;
    const scope = scopeOf(policy, caller, 'credential:rotate_all_projects');
    const { row } = findCluster(reads.rows, scope, ident);
    policy.enforce(caller, 'credential:rotate');
    demandRotatable(row);
    if (!driverOf(row).supports.credentialRotation)
      throw new Refused('invalid', 'Credential rotation is not supported by driver.');
    await operate(this.parts, caller, {
      row,
      command: (data) => ({ type: 'RotateCredential', data }),
    });
    return { uuid: row.spec.uuid };
  }
}
