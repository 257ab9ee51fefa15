import { Controller, Get, Inject } from '@nestjs/common';
import type { Member } from '@jeroboam/platform/membership/heartbeat-tracker';
import type { Numbered } from '@jeroboam/read-models/clusters';
import { listConductors, type ConductorRow } from '@jeroboam/read-models/conductors';
import { RequestContext } from '../http/auth/request-context.js';
import { Bool, Int, NestedList, OneOf, Text, Time } from '../http/body/fields.js';
import { represent, type Members } from '../http/body/represent.js';
import { Caller } from '../http/decorators.js';
import { wireTime, wireTimeOrNull } from '../reads/wire.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';

/** A conductor. */
export class ServiceDto {
  @Text() host!: string;
  @Text() binary!: string;
  @OneOf(['up', 'down']) state!: string;
  @Int() id!: number;
  @Int({ description: 'Minutes it has been there in.' }) report_count!: number;
  @Bool() disabled!: boolean;
  @Text() disabled_reason!: string | null;
  @Time() created_at!: string;
  @Time({ description: 'When it was last heard.' }) updated_at!: string | null;
}

/** All of them. */
export class ServicesDto {
  @NestedList(() => ServiceDto)
  mservices!: object[];
}

const latest = (members: readonly Member[], host: string): Member | undefined =>
  members
    .filter((member) => member.host === host)
    .toSorted((one, other) => (one.lastSeenAt < other.lastSeenAt ? 1 : -1))[0];

/** When, and after which silence a conductor is down. */
interface Watch {
  readonly now: string;
  readonly serviceDownMs: number;
}

const isUp = (seenAt: string, { now, serviceDownMs }: Watch): boolean =>
  Math.abs(Date.parse(now) - Date.parse(seenAt)) <= serviceDownMs;

/**
 * Heard by this process, or marked in the log: that is all a process knows that has just begun, or whose
 * conductors are silent. One that has never been seen counts from when it was registered.
 */
const toService = (
  { seq, row }: Numbered<ConductorRow>,
  heard: Member | undefined,
  watch: Watch,
): Members<ServiceDto> => {
  const isNews = heard !== undefined && heard.lastSeenAt >= (row.seenAt ?? '');
  const seenAt = isNews ? heard.lastSeenAt : row.seenAt;
  return {
    host: row.host,
    binary: row.binary,
    state: isUp(seenAt ?? row.createdAt, watch) ? 'up' : 'down',
    id: seq,
    report_count: Math.max(heard?.reportCount ?? 0, row.reportCount),
    disabled: false,
    disabled_reason: null,
    created_at: wireTime(row.createdAt),
    updated_at: wireTimeOrNull(seenAt),
  };
};

/** `/v1/mservices` */
@Controller('v1/mservices')
export class ServicesController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({ summary: 'List conductors', answers: () => ServicesDto })
  list(@Caller() caller: RequestContext): object {
    const { clock, conductors, policy, reads, settings } = this.parts;
    policy.enforce(caller, 'magnum-service:get_all');
    const members = conductors.members();
    const watch = { now: clock.now(), serviceDownMs: settings.serviceDownMs };
    return {
      mservices: listConductors(reads.rows).map((conductor) =>
        represent(
          ServiceDto,
          toService(conductor, latest(members, conductor.row.host), watch),
          caller.microversion,
        ),
      ),
    };
  }
}
