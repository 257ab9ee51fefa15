import { Controller, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { Refused } from '@jeroboam/eventing/decider';
import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import { demandStatus } from '@jeroboam/domain/cluster/preconditions';
import { isReady } from '@jeroboam/domain/cluster/status';
import { clusterByUuid, type ClusterRow } from '@jeroboam/read-models/clusters';
import { driverOf } from '../clusters/actions.js';
import { operate } from '../clusters/operate.js';
import { RequestContext } from '../http/auth/request-context.js';
import { isUuidLike } from '../http/body/scalars.js';
import { Argument, Arguments, Caller } from '../http/decorators.js';
import { clusterTarget, findCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { ask } from '../writing/ask.js';
import { actOf, keyOf, type Act } from '../writing/repeated-requests.js';
import { authorityOf, CertificateDto, CertificateQuery, toResponse } from './certificates.dto.js';

type Ca = AuthorityRequests['ca'];
type Sign = AuthorityRequests['sign'];

/** `/v1/certificates` */
@Controller('v1/certificates')
export class CertificatesController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get(':cluster')
  @Operation({
    summary: "Show the certificate of a cluster's authority",
    answers: () => CertificateDto,
    parameters: { cluster: 'Uuid or name of the cluster.' },
  })
  async show(
    @Caller() caller: RequestContext,
    @Param('cluster') ident: string,
    @Arguments() { ca_cert_type }: CertificateQuery,
  ): Promise<object> {
    const { spec } = this.allowed(caller, ident, 'get');
    const request: Ca['request'] = {
      clusterId: spec.uuid,
      authority: authorityOf(ca_cert_type),
    };
    const { pem } = await ask<Ca['reply']>(this.parts, 'jeroboam.authority.ca', request);
    return toResponse({ clusterId: spec.uuid, pem }, {}, caller);
  }

  @Post()
  @Operation({
    summary: 'Have a certificate signed',
    answers: () => CertificateDto,
    headers: ['Idempotency-Key'],
    errors: [404, 409, 422],
  })
  @HttpCode(201)
  async sign(
    @Caller() caller: RequestContext,
    @Argument('certificate') body: CertificateDto,
  ): Promise<object> {
    const { cluster_uuid, csr, ca_cert_type } = body;
    const { spec } = this.signable(caller, cluster_uuid);
    const request: Sign['request'] = {
      clusterId: spec.uuid,
      clusterName: spec.name,
      authority: authorityOf(ca_cert_type),
      csr,
      ...keyedBy(actOf(`${spec.uuid}/certificate`, keyOf(caller), body)),
    };
    const { pem } = await ask<Sign['reply']>(this.parts, 'jeroboam.authority.sign', request);
    const type = ca_cert_type === undefined || ca_cert_type === null ? {} : { ca_cert_type };
    return toResponse({ clusterId: spec.uuid, pem }, { csr, ...type }, caller);
  }

  @Patch(':cluster')
  @Operation({
    summary: "Rotate a cluster's authorities",
    answers: () => UuidDto,
    parameters: { cluster: 'Uuid or name of the cluster.' },
  })
  @HttpCode(202)
  async rotate(@Caller() caller: RequestContext, @Param('cluster') ident: string): Promise<object> {
    const row = this.allowed(caller, ident, 'rotate_ca');
    checkRotation(row);
    await operate(this.parts, caller, {
      row,
      command: (data) => ({ type: 'RotateAuthority', data }),
    });
    return { uuid: row.spec.uuid };
  }

  /** An unknown cluster in the body, not in the path, is 400. */
  private signable(caller: RequestContext, ident: string): ClusterRow {
    try {
      return this.allowed(caller, ident, 'create');
    } catch (error) {
      if (error instanceof Refused && error.code === 'not-found')
        throw new Refused('invalid', error.message);
      throw error;
    }
  }

  /** The cluster, for whom the rule lets. Its own nodes are of no project, but know its uuid. */
  private allowed(
    caller: RequestContext,
    ident: string,
    operation: 'get' | 'create' | 'rotate_ca',
  ): ClusterRow {
    const { policy, reads } = this.parts;
    const reader = reads.rows;
    const known =
      operation !== 'rotate_ca' && isUuidLike(ident) ? clusterByUuid(reader, {}, ident) : null;
    const isNode =
      known !== null && policy.allows(caller, 'cluster_user', clusterTarget(known.row));
    const scope = isNode ? {} : scopeOf(policy, caller, `certificate:${operation}_all_projects`);
    const { row } = findCluster(reader, scope, ident);
    policy.enforce(caller, `certificate:${operation}`, clusterTarget(row));
    return row;
  }
}

/** Who signs remembers what it signed for a key. */
const keyedBy = ({ operationId, requestKey }: Act): Pick<Sign['request'], 'keyed'> =>
  requestKey === null ? {} : { keyed: { operationId, requestKey } };

const checkRotation = (row: ClusterRow): void => {
  // Without TLS there is nothing to rotate: the cluster itself refuses that.
  if (row.spec.template.tlsDisabled || driverOf(row).supports.caRotation) return;
  demandStatus(row, isReady, 'Updating a cluster');
  throw new Refused('invalid', "'rotate_ca_certificate' is not supported by this driver.");
};
