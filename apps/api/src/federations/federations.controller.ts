import { Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import { Refused } from '@jeroboam/eventing/decider';
import { RequestContext } from '../http/auth/request-context.js';
import { Bool } from '../http/body/fields.js';
import { Argument, Arguments, Caller, Patches } from '../http/decorators.js';
import { Fault } from '../http/errors/faults.js';
import { PageQuery, toPage } from '../http/listing/page.js';
import type { PatchDocument } from '../http/patch/patch-document.js';
import { findCluster } from '../reads/find-cluster.js';
import { ownScope } from '../reads/scope.js';
import { Operation } from '../http/openapi/operation.js';
import { UuidDto } from '../reads/uuid.dto.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { identityOf, keyOf } from '../writing/repeated-requests.js';
import { FederationDto } from './federations.dto.js';

const sortKeys = new Set([
  'id',
  'uuid',
  'project_id',
  'name',
  'hostcluster_id',
  'member_ids',
  'status',
  'status_reason',
  'properties',
  'created_at',
  'updated_at',
]);

const patchRules = { dto: FederationDto, internal: ['status', 'status_reason'] };

class ChangeQuery {
  @Bool()
  rollback?: boolean | null;
}

const noFederation = (ident: string): Refused =>
  new Refused('not-found', `Federation ${ident} could not be found.`);

/**
 * `/v1/federations`. No driver of Magnum has ever made one: requests are checked and accepted, and
 * nothing comes of them. That is the contract.
 */
@Controller('v1/federations')
export class FederationsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'List federations',
    answers: () => FederationDto,
    listedAs: 'federations',
    errors: [404],
  })
  list(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return this.none(caller, query, 'federation:get_all');
  }

  @Get('detail')
  @Operation({
    summary: 'List federations',
    answers: () => FederationDto,
    listedAs: 'federations',
    errors: [404],
  })
  detail(@Caller() caller: RequestContext, @Arguments() query: PageQuery): object {
    return this.none(caller, query, 'federation:detail');
  }

  @Get(':id')
  @Operation({
    summary: 'Show a federation',
    answers: () => FederationDto,
    parameters: { id: 'Uuid or name of the federation.' },
  })
  show(@Caller() caller: RequestContext, @Param('id') id: string): never {
    this.parts.policy.enforce(caller, 'federation:get');
    throw noFederation(id);
  }

  @Post()
  @Operation({
    summary: 'Create a federation',
    answers: () => UuidDto,
    headers: ['Idempotency-Key'],
    errors: [404, 409],
  })
  @HttpCode(202)
  create(@Caller() caller: RequestContext, @Argument('federation') body: FederationDto): object {
    const { hostcluster_id, properties } = body;
    this.parts.policy.enforce(caller, 'federation:create');
    if (!hostcluster_id)
      throw new Fault(400, 'No hostcluster specified. Please specify a hostcluster_id.');
    findCluster(this.parts.reads.rows, ownScope(caller), hostcluster_id);
    if (!properties || Object.keys(properties).length === 0)
      throw new Fault(400, 'Please specify a `properties` dict for the federation.');
    if (!Object.hasOwn(properties, 'dns-zone'))
      throw new Fault(400, 'No DNS zone specified. Please specify a `dns-zone`.');
    return { uuid: identityOf(caller.projectId ?? '', keyOf(caller), body).uuid };
  }

  @Patch(':id')
  @Operation({
    summary: 'Change a federation',
    answers: () => UuidDto,
    parameters: { id: 'Uuid or name of the federation.' },
  })
  @HttpCode(202)
  change(
    @Patches(patchRules) _patch: PatchDocument,
    @Arguments() _query: ChangeQuery,
    @Caller() caller: RequestContext,
    @Param('id') id: string,
  ): never {
    this.parts.policy.enforce(caller, 'federation:update');
    throw noFederation(id);
  }

  @Delete(':id')
  @Operation({
    summary: 'Delete a federation',
    parameters: { id: 'Uuid or name of the federation.' },
  })
  @HttpCode(204)
  remove(@Caller() caller: RequestContext, @Param('id') id: string): never {
    this.parts.policy.enforce(caller, 'federation:delete');
    throw noFederation(id);
  }

  private none(caller: RequestContext, query: PageQuery, rule: string): object {
    const { policy, settings } = this.parts;
    policy.enforce(caller, rule);
    const { marker } = toPage(query, { sortKeys, maxLimit: settings.maxLimit });
    if (marker !== null) throw noFederation(marker);
    return { federations: [] };
  }
}
