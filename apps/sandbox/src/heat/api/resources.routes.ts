import type { FastifyInstance, FastifyRequest } from 'fastify';
import { PUBLIC } from '../../authentication.js';
import { param, queryOf, valuesOf } from '../../query.js';
import type { Records, Resource, Stack, StackEvent } from '../engine/records.js';
import { HeatError } from '../heat-error.js';
import { stackOf } from './find.js';
import { depthOf } from './list.js';
import type { Orchestration } from './orchestration.js';
import { Shown } from './shown.js';

interface Placed<T> {
  readonly stack: Stack;
  readonly item: T;
}

/** The stack and those nested in it, so many levels down. */
const withNested = (records: Records, stack: Stack, depth: number): Stack[] => {
  const nested = depth > 0 ? records.childrenOf(stack.id) : [];
  return [stack, ...nested.flatMap((child) => withNested(records, child, depth - 1))];
};

const resourceOf = (records: Records, stack: Stack, name: string): Resource => {
  const found = records.currentOf(stack.id).get(name);
  if (found) return found;
  throw new HeatError(
    404,
    'ResourceNotFound',
    `The Resource (${name}) could not be found in Stack ${stack.name}.`,
  );
};

const matches = (request: FastifyRequest, resource: Resource): boolean =>
  Object.entries({
    name: resource.name,
    type: resource.type,
    physical_resource_id: resource.physicalId ?? '',
    status: resource.status,
    action: resource.action,
  }).every(([key, value]) => {
    const wanted = valuesOf(request, key);
    return wanted.length === 0 || wanted.includes(value);
  });

/** Resources of a stack and the stacks within. */
export const resourceRoutes = (app: FastifyInstance, { engine }: Orchestration): void => {
  const { records, world } = engine;
  const shown = new Shown(world);

  app.get('/stacks/:name/:id/resources', (request) => {
    const stacks = withNested(records, stackOf(request, records), depthOf(request));
    const detail = queryOf(request).with_detail?.toLowerCase() === 'true';
    const resources = stacks.flatMap((stack) =>
      [...records.currentOf(stack.id).values()]
        .filter((resource) => matches(request, resource))
        .map((resource) =>
          detail ? shown.resourceDetail(stack, resource) : shown.resource(stack, resource),
        ),
    );
    return { resources };
  });
  app.get('/stacks/:name/:id/resources/:resource', (request) => {
    const stack = stackOf(request, records);
    const resource = resourceOf(records, stack, param(request, 'resource'));
    const detail = shown.resourceDetail(stack, resource);
    return { resource: detail };
  });
  app.get('/stacks/:name/:id/resources/:resource/metadata', (request) => {
    const stack = stackOf(request, records);
    return { metadata: resourceOf(records, stack, param(request, 'resource')).metadata };
  });
  app.patch('/stacks/:name/:id/resources/:resource', (request, reply) => {
    const stack = stackOf(request, records);
    engine.mark(stack, resourceOf(records, stack, param(request, 'resource')));
    return reply.code(200).send();
  });
  // The guests of a real cloud signal with what is in the URL alone.
  app.post('/stacks/:name/:id/resources/:resource/signal', PUBLIC, (request, reply) => {
    resourceOf(records, stackOf(request, records), param(request, 'resource'));
    return reply.code(200).send();
  });
};

const statusOf = (event: StackEvent): string => event.status;

const page = (
  events: readonly Placed<StackEvent>[],
  request: FastifyRequest,
): Placed<StackEvent>[] => {
  const query = queryOf(request);
  const ordered = query.sort_dir === 'asc' ? [...events] : [...events].reverse();
  const at = query.marker ? ordered.findIndex(({ item }) => item.id === query.marker) + 1 : 0;
  const limit = Number(query.limit ?? '');
  const wanted = valuesOf(request, 'resource_status');
  return ordered
    .filter(({ item }) => wanted.length === 0 || wanted.includes(statusOf(item)))
    .slice(at, limit > 0 ? at + limit : undefined);
};

/** Events, the newest first. */
export const eventRoutes = (app: FastifyInstance, { engine }: Orchestration): void => {
  const { records, world } = engine;
  const shown = new Shown(world);
  const eventsOf = (stacks: readonly Stack[]): Placed<StackEvent>[] =>
    stacks
      .flatMap((stack) => records.eventsOf(stack.id).map((item) => ({ stack, item })))
      .sort((a, b) => a.item.order - b.item.order);

  app.get('/stacks/:name/:id/events', (request) => {
    const stacks = withNested(records, stackOf(request, records), depthOf(request));
    const events = page(eventsOf(stacks), request);
    return { events: events.map(({ stack, item }) => shown.event(stack, item)) };
  });
  app.get('/stacks/:name/:id/resources/:resource/events', (request) => {
    const stack = stackOf(request, records);
    const name = param(request, 'resource');
    const events = eventsOf([stack]).filter(({ item }) => item.resourceName === name);
    if (events.length === 0) {
      throw new HeatError(404, 'HTTPNotFound', `No events found for resource ${name}`);
    }
    return { events: page(events, request).map(({ item }) => shown.event(stack, item)) };
  });
  app.get('/stacks/:name/:id/resources/:resource/events/:event', (request) => {
    const stack = stackOf(request, records);
    const event = records.events.get(param(request, 'event'));
    if (event?.stackId !== stack.id) {
      throw new HeatError(404, 'HTTPNotFound', `No event ${param(request, 'event')} found`);
    }
    return {
      event: {
        ...shown.event(stack, event),
        resource_type: event.resourceType,
        resource_properties: event.properties,
      },
    };
  });
};
