import { Refusal } from '../../refusal.js';
import { evaluate } from '../functions/evaluate.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapOf } from '../json.js';
import { kinds, sortOf } from '../resources/catalog.js';
import type { Sort } from '../resources/catalog.js';
import type { Kind, Made } from '../resources/kind.js';
import { ResourceError, wentToError } from '../resources/kind.js';
import { isExpected, reasonFromInside, reasonOf } from './failure.js';
import type { Journal } from './journal.js';
import { childStack, insideOf } from './nesting.js';
import type { Action, Resource, Stack } from './records.js';
import { NEVER } from './records.js';
import type { World } from './world.js';

/** Steps of whole stacks that the work on one resource may bring about. */
export interface Foreman {
  /** Begins an action of a stack. */
  begin(stack: Stack, action: Action, sourceId?: string): void;
  /** A resource of the stack has failed. */
  failed(stack: Stack, resource: Resource): void;
}

const METHODS: Readonly<Record<string, string>> = {
  CREATE: 'POST',
  UPDATE: 'PUT',
  DELETE: 'DELETE',
};

/** A resource without a delay of its own takes so long, at speed 1. */
const MOMENT_MS = 60;

const NO_HOST =
  'Message: No valid host was found. There are not enough hosts available., Code: 500';

/** The work on one resource: from the call to the service until it is done. */
export class Work {
  constructor(
    private readonly world: World,
    private readonly journal: Journal,
    private readonly foreman: Foreman,
  ) {}

  sort(stack: Stack, resource: Resource): Sort {
    return sortOf(resource, this.world.records.source(stack.sourceId).environment);
  }

  /** Starts an action of a resource. `change` is what it takes over at once. */
  begin(stack: Stack, resource: Resource, change: Partial<Resource> & { action: Action }): void {
    const started = this.journal.resource(resource, {
      status: 'IN_PROGRESS',
      phase: 'held',
      dueAt: 0,
      traversal: stack.traversal,
      ...change,
    });
    this.#attempt(stack, started, () => {
      const dueAt = this.#hold(stack, started);
      if (dueAt > Date.now()) this.world.records.resources.patch(started, { dueAt });
      else this.#perform(stack, started);
    });
  }

  /** Looks at one in progress: calls what was held back, completes what is ready. */
  settle(stack: Stack, resource: Resource): void {
    if (resource.phase === 'held') {
      if (resource.dueAt <= Date.now()) {
        this.#attempt(stack, resource, () => {
          this.#perform(stack, resource);
        });
      }
      return;
    }
    const found = this.sort(stack, resource);
    if (found.sort === 'plain') this.#settlePlain(stack, resource, found.kind);
    else this.#settleNested(stack, resource);
  }

  /** Fails the resource, and the stack with it. */
  fail(stack: Stack, resource: Resource, reason: string): void {
    const failed = this.journal.resource(resource, { status: 'FAILED', reason });
    this.foreman.failed(stack, failed);
  }

  #attempt(stack: Stack, resource: Resource, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isExpected(error)) throw error;
      const current = this.world.records.resources.get(resource.id) ?? resource;
      this.fail(stack, current, reasonOf(error, resource.name));
    }
  }

  /**
   * When the call may go out, as the faults in force have it.
   * @throws ResourceError of a fault that makes it fail
   */
  #hold(stack: Stack, resource: Resource): number {
    const { faults } = this.world.cloud;
    const found = this.sort(stack, resource);
    const call = found.sort === 'plain' ? found.kind.call : undefined;
    const rule =
      faults.take('heat-resource', resource.action, this.#faultPath(stack, resource)) ??
      (call && faults.take(call.service, METHODS[resource.action] ?? 'GET', call.path));
    if (rule?.action === 'hang') return NEVER;
    if (rule?.action === 'slow') return Date.now() + rule.delayMs;
    if (rule?.action !== 'fail') return 0;
    if (call?.path === '/servers' && rule.status >= 500) throw wentToError(NO_HOST);
    const refusal = new Refusal(rule.status, 'The request was refused by a fault', {});
    throw call
      ? refusal
      : new ResourceError('ResourceInError', `Went to status FAILED due to "${refusal.message}"`);
  }

  /** `/<root stack>/<resource>/<inner resource>:<type>?name=…&flavor=…` */
  #faultPath(stack: Stack, resource: Resource): string {
    const names = [resource.name];
    let here = stack;
    while (here.parentId !== null) {
      names.unshift(here.parentResource ?? '');
      here = this.world.records.stack(here.parentId);
    }
    const { name, flavor } = resource.properties;
    const given = Object.entries({ name, flavor }).filter(([, value]) => typeof value === 'string');
    const query = given.map(([key, value]) => `${key}=${String(value)}`).join('&');
    return `/${here.name}/${names.join('/')}:${resource.type}${query === '' ? '' : `?${query}`}`;
  }

  #perform(stack: Stack, resource: Resource): void {
    const found = this.sort(stack, resource);
    const made =
      found.sort === 'plain'
        ? this.#call(stack, resource, found.kind)
        : this.#callInside(stack, resource, found);
    const moment = Date.now() + MOMENT_MS * this.world.cloud.settings.speed;
    this.world.records.resources.patch(this.world.records.resources.get(resource.id) ?? resource, {
      phase: 'settling',
      dueAt: Math.max(moment, made.readyAt ?? 0),
      ...(made.physicalId === undefined ? {} : { physicalId: made.physicalId }),
      data: { ...resource.data, ...made.data },
    });
  }

  #call(stack: Stack, resource: Resource, kind: Kind): Partial<Made> {
    const site = this.world.site(stack, resource);
    switch (resource.action) {
      case 'CREATE':
        return kind.create(site);
      case 'UPDATE':
        return { readyAt: kind.update?.(site, mapOf(resource.data.changed)) };
      case 'DELETE':
        this.#remove(stack, resource, kind);
        return {};
      default:
        return {};
    }
  }

  #remove(stack: Stack, resource: Resource, kind: Kind): void {
    if (resource.physicalId === null) return;
    try {
      kind.delete?.(this.world.site(stack, resource));
    } catch (error) {
      // What is gone needs no deleting.
      if (!(error instanceof Refusal) || error.status !== 404) throw error;
    }
  }

  #callInside(
    stack: Stack,
    resource: Resource,
    found: Exclude<Sort, { sort: 'plain' }>,
  ): Partial<Made> {
    const child = this.world.childOf(resource);
    switch (resource.action) {
      case 'CREATE':
      case 'UPDATE': {
        const { properties } = resource;
        const { source, data } = insideOf(this.world, stack, { found, resource, properties });
        if (child) {
          this.foreman.begin(child, 'UPDATE', this.world.records.addSource(source));
          return { readyAt: NEVER, data };
        }
        const made = childStack(this.world, stack, { name: resource.name, source });
        this.world.records.stacks.put(made);
        this.foreman.begin(made, 'CREATE');
        return { physicalId: made.id, readyAt: NEVER, data };
      }
      case 'INIT':
        return {};
      default:
        if (!child) return {};
        this.foreman.begin(child, resource.action);
        return { readyAt: NEVER };
    }
  }

  #settlePlain(stack: Stack, resource: Resource, kind: Kind): void {
    if (resource.dueAt > Date.now()) return;
    this.#attempt(stack, resource, () => {
      const creating = resource.action === 'CREATE' || resource.action === 'UPDATE';
      const fault = creating ? kind.fault?.(this.world.site(stack, resource)) : undefined;
      if (fault) throw fault;
      this.#complete(resource);
    });
  }

  #settleNested(stack: Stack, resource: Resource): void {
    const child =
      resource.physicalId === null ? undefined : this.world.records.stacks.get(resource.physicalId);
    if (child?.status === 'IN_PROGRESS') return;
    if (child?.status === 'FAILED') {
      this.fail(stack, resource, reasonFromInside(child.reason, resource.name));
      return;
    }
    this.#complete(resource);
  }

  #complete(resource: Resource): void {
    this.journal.resource(resource, { status: 'COMPLETE' });
    if (resource.action === 'DELETE') this.world.records.resources.delete(resource.id);
  }
}

export const evaluated = (world: World, stack: Stack, value: Json): JsonMap => {
  const result = evaluate(value ?? {}, world.scope(stack));
  return isMap(result) ? result : {};
};

export const isKnownType = (type: string): boolean => Object.hasOwn(kinds, type);
