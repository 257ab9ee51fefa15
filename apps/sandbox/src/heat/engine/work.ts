import type { FaultRule } from '../../control/faults.js';
import { Refusal } from '../../refusal.js';
import { mapOf } from '../json.js';
import { sortOf } from '../resources/catalog.js';
import type { Sort } from '../resources/catalog.js';
import type { Kind, Made, ServiceCall } from '../resources/kind.js';
import { remembered } from './remember.js';
import { failureOf, faultPath } from './fault.js';
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
   * @throws ResourceError or Refusal of a fault that makes it fail
   */
  #hold(stack: Stack, resource: Resource): number {
    const found = this.sort(stack, resource);
    const call = found.sort === 'plain' ? found.kind.call : undefined;
    const rule = this.#fault(stack, resource, call);
    switch (rule?.action) {
      case 'hang':
        return NEVER;
      case 'slow':
        return Date.now() + rule.delayMs;
      case 'fail':
        throw failureOf(rule, call);
      case undefined:
        return 0;
    }
  }

  #fault(stack: Stack, resource: Resource, call: ServiceCall | undefined): FaultRule | undefined {
    const { faults } = this.world.cloud;
    const path = faultPath(this.world.records, stack, resource);
    return (
      faults.take('heat-resource', resource.action, path) ??
      (call && faults.take(call.service, METHODS[resource.action] ?? 'GET', call.path))
    );
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
    const properties = remembered(resource.properties);
    this.journal.resource(resource, { status: 'COMPLETE', properties });
    if (resource.action === 'DELETE') this.world.records.resources.delete(resource.id);
  }
}
