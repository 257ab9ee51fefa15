import { SERVICE_TYPES } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import type { CloudError, CloudErrorContext } from '../http/errors.js';
import type { Failure } from '../http/failure.js';
import { object, objects, text } from '../http/json.js';
import { path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import { ActionInProgress, StackExists, StackNotFound } from './errors.js';
import { matching } from './filter.js';
import {
  Heat,
  type Stack,
  type StackChange,
  type StackEvent,
  type StackFilter,
  type StackRef,
  type StackRequest,
  type StackResource,
  type StackSummary,
} from './port.js';
import { failedFirst } from './resources.js';
import {
  changeBody,
  eventFrom,
  listQueries,
  requestBody,
  resourcesFrom,
  secretValues,
  stackFrom,
  summaryFrom,
} from './wire.js';

/** Orchestration v1 over HTTP. */
export class HeatClient extends Heat {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'orchestration',
      base: async (as) => await as.endpoint(SERVICE_TYPES.orchestration),
      refine,
    });
  }

  override async createStack(as: Session, request: StackRequest): Promise<string> {
    const body = await this.#client.body(as, {
      method: 'POST',
      path: '/stacks',
      body: requestBody(request),
      secrets: secretValues(request.parameters),
    });
    return text(object(object(body)['stack'])['id']);
  }

  override async showStack(as: Session, stack: StackRef): Promise<Stack> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: await this.#locate(as, stack),
    });
    const shown = stackFrom(object(object(body)['stack']));
    // Heat finds a stack by name for a moment after its deletion has ended.
    if (shown.status === 'DELETE_COMPLETE' && stack === shown.name) {
      const context = this.#client.context(404);
      throw new StackNotFound(`The Stack (${shown.name}) could not be found.`, context);
    }
    return shown;
  }

  override async updateStack(as: Session, stack: StackRef, change: StackChange): Promise<void> {
    await this.#client.call(as, {
      method: 'PATCH',
      path: await this.#locate(as, stack),
      body: changeBody(change),
      secrets: secretValues(change.parameters),
    });
  }

  override async deleteStack(as: Session, stack: StackRef): Promise<void> {
    const found = await this.#client.orNull(this.#locate(as, stack));
    if (found !== null) await this.#client.ensureGone(as, found);
  }

  override async listStacks(
    as: Session,
    filter: StackFilter = {},
  ): Promise<readonly StackSummary[]> {
    const found = new Map<string, StackSummary>();
    for (const query of listQueries(filter)) {
      const body = await this.#client.body(as, { method: 'GET', path: '/stacks', query });
      for (const row of objects(object(body)['stacks'])) {
        const summary = summaryFrom(row);
        found.set(summary.id, summary);
      }
    }
    return matching([...found.values()], filter);
  }

  override async listResources(
    as: Session,
    stack: StackRef,
    nestedDepth = 0,
  ): Promise<readonly StackResource[]> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: `${await this.#locate(as, stack)}/resources`,
      query: { nested_depth: String(nestedDepth) },
    });
    return failedFirst(resourcesFrom(objects(object(body)['resources'])));
  }

  override async listEvents(as: Session, stack: StackRef): Promise<readonly StackEvent[]> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: `${await this.#locate(as, stack)}/events`,
      query: { limit: '100', sort_keys: 'created_at', sort_dir: 'desc' },
    });
    return objects(object(body)['events']).map(eventFrom);
  }

  /**
   * The path of a stack, which is its name and id. Given one of the two, Heat answers with a
   * redirect to it; only the path's end is used, as the host in it is what Heat believes its own to be.
   */
  async #locate(as: Session, stack: StackRef): Promise<string> {
    if (typeof stack !== 'string') return path`/stacks/${stack.name}/${stack.id}`;
    const answer = await this.#client.call(as, { method: 'GET', path: path`/stacks/${stack}` });
    const at = /\/stacks\/([^/?]+)\/([^/?]+)\/?$/.exec(answer.headers['location'] ?? '');
    if (at?.[1] !== undefined && at[2] !== undefined) {
      return path`/stacks/${decodeURIComponent(at[1])}/${decodeURIComponent(at[2])}`;
    }
    const { name, id } = stackFrom(object(object(answer.body)['stack']));
    return path`/stacks/${name}/${id}`;
  }
}

const refine = (failure: Failure, context: CloudErrorContext): CloudError | null => {
  if (context.status === 404) return new StackNotFound(failure.message, context);
  if (failure.type === 'StackExists') return new StackExists(failure.message, context);
  if (failure.type === 'ActionInProgress') return new ActionInProgress(failure.message, context);
  return null;
};
