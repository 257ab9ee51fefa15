import { randomUUID } from 'node:crypto';
import { seconds } from '../../time.js';
import { evaluate } from '../functions/evaluate.js';
import type { Json, JsonMap } from '../json.js';
import { equalJson, mapOf } from '../json.js';
import type { Sort } from '../resources/catalog.js';
import { sortOf } from '../resources/catalog.js';
import { groupProperties } from '../resources/group.js';
import type { Properties } from '../resources/property.js';
import { readProperties } from '../resources/property.js';
import type { ResourceDefinition } from '../template/template.js';
import type { Blueprint, Plan } from '../blueprint/blueprint.js';
import { planOf } from '../blueprint/blueprint.js';
import { isExpected, reasonOf } from './failure.js';
import { insideOfTemplate, insideProperties } from '../blueprint/inside.js';
import { noLookup } from '../blueprint/lookup.js';
import { insideOf, sameInside } from './nesting.js';
import type { Resource, Stack } from './records.js';
import { remembered } from './remember.js';
import type { Work } from './work.js';
import type { World } from './world.js';

interface Goal {
  readonly definition: ResourceDefinition;
  readonly found: Sort;
  readonly properties: JsonMap;
  readonly metadata: Json;
  readonly requires: readonly string[];
}

const blank = (stack: Stack, definition: ResourceDefinition): Resource => ({
  id: randomUUID(),
  stackId: stack.id,
  name: definition.name,
  type: definition.type,
  action: 'INIT',
  status: 'COMPLETE',
  reason: '',
  physicalId: null,
  properties: {},
  metadata: {},
  requires: [],
  traversal: 0,
  phase: 'held',
  dueAt: 0,
  superseded: false,
  deletionPolicy: definition.deletionPolicy,
  data: {},
  createdAt: seconds(),
  updatedAt: seconds(),
});

const changesOf = (before: JsonMap, after: JsonMap): JsonMap => {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const known = remembered(after);
  const changed = [...keys].filter((key) => !equalJson(before[key] ?? null, known[key] ?? null));
  return Object.fromEntries(changed.map((key) => [key, after[key] ?? null]));
};

/** A stack whose resources are being brought to what its source says. */
interface Building {
  readonly stack: Stack;
  readonly blueprint: Blueprint;
  readonly plan: Plan;
  /** Of the current resource of each name. */
  readonly ids: Map<string, string>;
}

/** Brings the resources of a stack to what its source says, as far as can be done now. */
export class Convergence {
  constructor(
    private readonly world: World,
    private readonly work: Work,
  ) {}

  /** True when every resource is as it should be. */
  advance(stack: Stack): boolean {
    const { records } = this.world;
    const blueprint = this.world.blueprint(stack);
    const plan = planOf(blueprint);
    const site = { stack, blueprint, plan, ids: this.#lay(stack, blueprint, plan) };
    for (const name of plan.order) {
      if (records.stack(stack.id).status !== 'IN_PROGRESS') return false;
      this.#step(site, name);
    }
    return plan.order.every((name) => this.#isDone(site, name));
  }

  /** Looks at one resource in progress. */
  settle(stack: Stack, resource: Resource): void {
    this.work.settle(stack, resource);
  }

  /** Every resource is on record from the start, whether its turn has come or not. */
  #lay(stack: Stack, blueprint: Blueprint, plan: Plan): Map<string, string> {
    const { records } = this.world;
    const ids = new Map<string, string>();
    for (const { name, id } of records.currentOf(stack.id).values()) ids.set(name, id);
    for (const definition of blueprint.definitions.values()) {
      if (ids.has(definition.name)) continue;
      const requires = [...(plan.needs.get(definition.name) ?? [])];
      const laid = records.resources.put({ ...blank(stack, definition), requires });
      ids.set(definition.name, laid.id);
    }
    return ids;
  }

  #resource(site: Building, name: string): Resource | undefined {
    return this.world.records.resources.get(site.ids.get(name) ?? '');
  }

  #isDone(site: Building, name: string): boolean {
    const resource = this.#resource(site, name);
    return resource?.traversal === site.stack.traversal && resource.status === 'COMPLETE';
  }

  #step(site: Building, name: string): void {
    const definition = site.blueprint.definitions.get(name);
    const resource = this.#settled(site, name);
    if (!resource || !definition || this.#isDone(site, name)) return;
    const needs = [...(site.plan.needs.get(name) ?? [])];
    if (needs.every((need) => this.#isDone(site, need))) {
      this.#attempt(site.stack, resource, () => {
        this.#start(site, resource, this.#goal(site.stack, definition, needs));
      });
    }
  }

  /** The resource when nothing is in progress with it, be it from an earlier action. */
  #settled(site: Building, name: string): Resource | undefined {
    const before = this.#resource(site, name);
    if (before?.status !== 'IN_PROGRESS') return before;
    this.work.settle(site.stack, before);
    const after = this.#resource(site, name);
    // One that has failed just now has failed the stack.
    return after?.status === 'COMPLETE' ? after : undefined;
  }

  /** What the template gets wrong only now, with its values known, fails the resource. */
  #attempt(stack: Stack, resource: Resource, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isExpected(error)) throw error;
      const action = resource.action === 'INIT' ? 'CREATE' : 'UPDATE';
      this.work.fail(stack, { ...resource, action }, reasonOf(error, resource.name));
    }
  }

  #goal(stack: Stack, definition: ResourceDefinition, requires: readonly string[]): Goal {
    const source = this.world.records.source(stack.sourceId);
    const found = sortOf(definition, source.environment);
    const scope = this.world.scope(stack);
    const given = mapOf(evaluate(definition.properties ?? {}, scope));
    const schema = this.#schema(stack, found);
    return {
      definition,
      found,
      properties: schema ? readProperties(schema, given, noLookup) : given,
      metadata: evaluate(definition.metadata, scope),
      requires,
    };
  }

  #schema(stack: Stack, found: Sort): Properties | undefined {
    if (found.sort === 'group') return groupProperties;
    if (found.sort === 'plain') {
      return Object.keys(found.kind.properties).length === 0 ? undefined : found.kind.properties;
    }
    const source = this.world.records.source(stack.sourceId);
    return insideProperties(insideOfTemplate(source, found.url, {}));
  }

  #start(site: Building, resource: Resource, goal: Goal): void {
    const { stack } = site;
    const { definition, properties, metadata, requires } = goal;
    const taken = {
      type: definition.type,
      deletionPolicy: definition.deletionPolicy,
      properties,
      metadata,
      requires,
    };
    if (resource.action === 'INIT') {
      this.work.begin(stack, resource, { ...taken, action: 'CREATE' });
      return;
    }
    const changed = changesOf(remembered(resource.properties), properties);
    if (this.#mustReplace(stack, { resource, goal, changed })) {
      this.#replace(site, resource, goal);
    } else if (this.#mustUpdate(stack, { resource, goal, changed })) {
      const data = { ...resource.data, changed };
      this.work.begin(stack, resource, { ...taken, action: 'UPDATE', data });
    } else {
      this.world.records.resources.patch(resource, {
        traversal: stack.traversal,
        requires,
        deletionPolicy: definition.deletionPolicy,
      });
    }
  }

  #mustReplace(
    stack: Stack,
    { resource, goal, changed }: { resource: Resource; goal: Goal; changed: JsonMap },
  ): boolean {
    const { found, definition } = goal;
    if (found.sort !== 'plain') return resource.physicalId === null;
    if (resource.type !== definition.type || isSpoiled(resource)) return true;
    const fixed = Object.keys(changed).some((key) => found.kind.properties[key]?.update !== true);
    const site = this.world.site(stack, resource, goal.properties);
    return fixed || found.kind.replaces?.(site, changed) === true;
  }

  #mustUpdate(
    stack: Stack,
    { resource, goal, changed }: { resource: Resource; goal: Goal; changed: JsonMap },
  ): boolean {
    const { found, properties, metadata } = goal;
    const same = Object.keys(changed).length === 0 && equalJson(resource.metadata, metadata);
    if (!same || resource.status === 'FAILED') return true;
    if (found.sort === 'plain') return false;
    const child = this.world.childOf(resource);
    if (!child || child.status === 'FAILED') return true;
    const { source } = insideOf(this.world, stack, { found, resource, properties });
    return !sameInside(source, this.world.records.source(child.sourceId));
  }

  /** The new one is made first; the old one goes when all else is done. */
  #replace({ stack, ids }: Building, resource: Resource, goal: Goal): void {
    const { records } = this.world;
    records.resources.patch(resource, { superseded: true });
    const { definition, properties, metadata, requires } = goal;
    const next = records.resources.put({ ...blank(stack, definition), requires });
    ids.set(definition.name, next.id);
    this.work.begin(stack, next, { properties, metadata, requires, action: 'CREATE' });
  }
}

/** Never made whole, or said to be broken since. */
const isSpoiled = ({ action, status }: Resource): boolean =>
  status === 'FAILED' && (action === 'CREATE' || action === 'CHECK');
