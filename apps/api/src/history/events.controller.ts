import { Controller, Get, Inject, Param } from '@nestjs/common';
import { RequestContext } from '../http/auth/request-context.js';
import { Int } from '../http/body/fields.js';
import { Arguments, Caller } from '../http/decorators.js';
import { Fault } from '../http/errors/faults.js';
import { Operation } from '../http/openapi/operation.js';
import { resourceParts, type ResourceParts } from '../resource-parts.js';
import { EventDto, toResponse } from './events.dto.js';
import { knownFor, turnsOf } from './past.js';

class EventsQuery {
  @Int({ description: 'Largest number of events. Larger values than the server allows are cut.' })
  limit?: number;

  @Int({ min: 0, description: 'Number of the last event of the page before.' })
  marker?: number;
}

/** `/v1/clusters/{id}/events` */
@Controller('v1/clusters/:id/events')
export class EventsController {
  constructor(@Inject(resourceParts) private readonly parts: ResourceParts) {}

  @Get()
  @Operation({
    summary: 'Tell the history of a cluster',
    description: 'Oldest first. Of a deleted cluster too, by its uuid.',
    answers: () => EventDto,
    listedAs: 'events',
    parameters: { id: 'Uuid or name of the cluster.' },
  })
  async list(
    @Caller() caller: RequestContext,
    @Param('id') ident: string,
    @Arguments() query: EventsQuery,
  ): Promise<object> {
    const { settings, store } = this.parts;
    const { uuid } = knownFor(this.parts, caller, ident);
    const { limit: asked = settings.maxLimit, marker = -1 } = query;
    if (asked <= 0) throw new Fault(400, 'Limit must be positive');
    const limit = Math.min(asked, settings.maxLimit);
    const turns = (await turnsOf(store, uuid)).slice(marker + 1, marker + 1 + limit);
    const events = turns.map((turn) => toResponse(turn, caller));
    const last = turns.at(-1);
    if (last === undefined || turns.length < limit) return { events };
    const url = caller.links.url('clusters', uuid, 'events');
    return { events, next: `${url}?limit=${limit}&marker=${last.recorded.revision}` };
  }
}
