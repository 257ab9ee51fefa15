import type { Cloud, Owner } from '../../cloud.js';
import { Refusal } from '../../refusal.js';
import { evaluate } from '../functions/evaluate.js';
import type { Scope } from '../functions/intrinsic.js';
import { HeatError, ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { atPath, isMap, listOf, mapValues, toText } from '../json.js';
import { sortOf } from '../resources/catalog.js';
import type { Kind, Site } from '../resources/kind.js';
import { truth } from '../functions/logic.js';
import type { Blueprint } from '../blueprint/blueprint.js';
import { draw } from '../blueprint/blueprint.js';
import { noLookup } from '../blueprint/lookup.js';
import type { Records, Resource, Source, Stack } from './records.js';

export interface Output {
  readonly key: string;
  readonly description: string;
  readonly value: Json;
  readonly error?: string;
}

const arnOf = (stack: Stack): string =>
  `arn:openstack:heat::${stack.projectId}:stacks/${stack.name}/${stack.id}`;

const incorrect = (name: string): ValidationFailed =>
  new ValidationFailed(`The specified reference "${name}" (in unknown) is incorrect.`);

const noAttribute = (resource: string, attribute: string): ValidationFailed =>
  new ValidationFailed(`The Referenced Attribute (${resource} ${attribute}) is incorrect.`);

/** What the functions of a stack see: its resources, and the insides of nested ones. */
export class World {
  readonly #drawn = new WeakMap<Source, Map<string, Blueprint>>();

  constructor(
    readonly cloud: Cloud,
    readonly records: Records,
  ) {}

  blueprint(stack: Stack, sourceId = stack.sourceId): Blueprint {
    const source = this.records.source(sourceId);
    const known = this.#drawn.get(source) ?? new Map<string, Blueprint>();
    this.#drawn.set(source, known);
    const found = known.get(stack.id) ?? draw(stack, source, { lookup: noLookup });
    known.set(stack.id, found);
    return found;
  }

  ownerOf(stack: Stack): Owner {
    return { projectId: stack.projectId, userId: stack.userId };
  }

  site(stack: Stack, resource: Resource, properties = resource.properties): Site {
    const owner = this.ownerOf(stack);
    return { cloud: this.cloud, owner, stack, resource, properties, now: Date.now() };
  }

  scope(stack: Stack, blueprint = this.blueprint(stack)): Scope {
    let current: Map<string, Resource> | undefined;
    const resourceOf = (name: string): Resource | undefined => {
      current ??= this.records.currentOf(stack.id);
      const resource = current.get(name);
      // A condition may have left it out: then it is nothing, not a mistake.
      if (!resource && !blueprint.template.resources[name]) throw incorrect(name);
      return resource;
    };
    return {
      ...blueprint.scope,
      reference: (name) => {
        const resource = resourceOf(name);
        return resource ? this.reference(stack, resource) : null;
      },
      attribute: (name, path) => {
        const resource = resourceOf(name);
        return resource ? this.attribute(stack, resource, path) : null;
      },
    };
  }

  childOf(resource: Resource): Stack | undefined {
    return resource.physicalId === null ? undefined : this.records.stacks.get(resource.physicalId);
  }

  /** What `get_resource` yields. */
  reference(stack: Stack, resource: Resource): Json {
    const kind = this.#kindOf(stack, resource);
    if (kind !== undefined) {
      if (resource.physicalId === null) return resource.name;
      return kind.reference?.(this.site(stack, resource)) ?? resource.physicalId;
    }
    const child = this.childOf(resource);
    if (!child) return resource.name;
    if (sortOf(resource, this.records.source(stack.sourceId).environment).sort === 'group')
      return child.id;
    const own = this.blueprint(child).template.outputs['OS::stack_id'];
    return own ? this.output(child, 'OS::stack_id').value : arnOf(child);
  }

  /** Value at `[attribute, ...path]`; of an empty path all attributes. `null` while there is none. */
  attribute(stack: Stack, resource: Resource, path: readonly Json[]): Json {
    if (resource.physicalId === null) return null;
    if (path.length === 0) return this.attributesOf(stack, resource);
    const { environment } = this.records.source(stack.sourceId);
    const { sort } = sortOf(resource, environment);
    if (sort === 'plain') return atPath(this.attributesOf(stack, resource), path) ?? null;
    const child = this.childOf(resource);
    return child ? this.#nestedAttribute(resource, { sort, child, path }) : null;
  }

  #nestedAttribute(
    resource: Resource,
    wanted: { sort: 'group' | 'template'; child: Stack; path: readonly Json[] },
  ): Json {
    const { sort, child, path } = wanted;
    const [name, ...rest] = path;
    const inner = /^resource\.([^.]+)(?:\.(.+))?$/.exec(toText(name));
    if (inner) {
      const [, member = '', attribute] = inner;
      return this.#member(resource, child, { name: member, attribute, rest });
    }
    return sort === 'group'
      ? this.#groupAttribute(resource, child, path)
      : this.#innerOutput(resource, child, path);
  }

  /** All attributes as `GET /resources/<name>` shows them. */
  attributesOf(stack: Stack, resource: Resource): JsonMap {
    const kind = this.#kindOf(stack, resource);
    if (kind !== undefined) return this.#plainAttributes(stack, resource, kind);
    const child = this.childOf(resource);
    if (!child) return {};
    if (sortOf(resource, this.records.source(stack.sourceId).environment).sort === 'group') {
      const { refs, refs_map } = this.#references(child);
      return { refs, refs_map, removed_rsrc_list: resource.data.leftOut ?? [], attributes: null };
    }
    return mapValues(
      this.blueprint(child).template.outputs,
      (_, key) => this.output(child, key).value,
    );
  }

  outputs(stack: Stack): Output[] {
    const blueprint = this.blueprint(stack);
    return Object.entries(blueprint.template.outputs)
      .filter(([, { condition }]) => condition === undefined || this.#holds(blueprint, condition))
      .map(([key]) => this.output(stack, key));
  }

  output(stack: Stack, key: string): Output {
    const blueprint = this.blueprint(stack);
    const definition = blueprint.template.outputs[key];
    if (!definition) throw new HeatError(404, 'NotFound', `Specified output key ${key} not found.`);
    const { description } = definition;
    try {
      return { key, description, value: evaluate(definition.value, this.scope(stack, blueprint)) };
    } catch (error) {
      if (!(error instanceof HeatError)) throw error;
      const detail = error instanceof ValidationFailed ? error.detail : error.message;
      return { key, description, value: null, error: detail };
    }
  }

  #holds({ scope }: Blueprint, condition: Json): boolean {
    return truth(condition, { scope, evaluate: (value) => evaluate(value, scope) });
  }

  #kindOf(stack: Stack, resource: Resource): Kind | undefined {
    const found = sortOf(resource, this.records.source(stack.sourceId).environment);
    return found.sort === 'plain' ? found.kind : undefined;
  }

  #plainAttributes(stack: Stack, resource: Resource, kind: Kind): JsonMap {
    if (resource.physicalId === null) return {};
    try {
      return kind.show?.(this.site(stack, resource)) ?? { show: null };
    } catch (error) {
      // Gone from under the stack.
      if (error instanceof Refusal) return {};
      throw error;
    }
  }

  #member(
    group: Resource,
    child: Stack,
    wanted: { name: string; attribute: string | undefined; rest: readonly Json[] },
  ): Json {
    const member = this.records.currentOf(child.id).get(wanted.name);
    if (!member) {
      throw new ValidationFailed(
        `Member '${wanted.name}' not found in group resource '${group.name}'.`,
      );
    }
    const path = wanted.attribute === undefined ? wanted.rest : [wanted.attribute, ...wanted.rest];
    return path.length === 0 ? this.reference(child, member) : this.attribute(child, member, path);
  }

  #members(child: Stack): Resource[] {
    return [...this.records.currentOf(child.id).values()].sort(
      (a, b) => Number(a.name) - Number(b.name),
    );
  }

  #references(child: Stack): { refs: Json[]; refs_map: JsonMap } {
    const members = this.#members(child);
    const entries = members.map((member) => [member.name, this.reference(child, member)] as const);
    return {
      refs: entries.map(([, reference]) => reference),
      refs_map: Object.fromEntries(entries),
    };
  }

  #groupAttribute(group: Resource, child: Stack, path: readonly Json[]): Json {
    const [name, ...rest] = path;
    const { refs, refs_map } = this.#references(child);
    if (name === 'refs') return atPath(refs, rest) ?? null;
    if (name === 'refs_map') return atPath(refs_map, rest) ?? null;
    if (name === 'removed_rsrc_list') return listOf(group.data.leftOut);
    const members = this.#members(child);
    if (name === 'attributes') {
      const values = members.map((one) => [one.name, this.attribute(child, one, rest)] as const);
      return Object.fromEntries(values);
    }
    return members.map((one) => this.attribute(child, one, path));
  }

  #innerOutput(resource: Resource, child: Stack, [name, ...rest]: readonly Json[]): Json {
    const key = toText(name);
    if (key === 'OS::stack_id') return child.id;
    if (!this.blueprint(child).template.outputs[key]) throw noAttribute(resource.name, key);
    const { value } = this.output(child, key);
    return rest.length === 0 || !(isMap(value) || Array.isArray(value))
      ? value
      : (atPath(value, rest) ?? null);
  }
}
