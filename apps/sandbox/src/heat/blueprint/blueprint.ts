import { evaluate, referencesIn } from '../functions/evaluate.js';
import type { Scope } from '../functions/intrinsic.js';
import { truth } from '../functions/logic.js';
import { HeatError, ValidationFailed, under } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { sortOf } from '../resources/catalog.js';
import type { Lookup } from '../template/constraints.js';
import type { Graph } from '../template/graph.js';
import { inOrder } from '../template/graph.js';
import { readParameters } from '../template/parameters.js';
import type { ResourceDefinition, Template } from '../template/template.js';
import { readTemplate } from '../template/template.js';
import type { Source, Stack } from '../engine/records.js';

export type Identity = Pick<Stack, 'id' | 'name' | 'projectId'>;

/** A stack's source with its parameters' values in it. */
export interface Blueprint {
  readonly identity: Identity;
  readonly source: Source;
  readonly template: Template;
  readonly parameters: JsonMap;
  /** Without those whose condition does not hold. */
  readonly definitions: ReadonlyMap<string, ResourceDefinition>;
  /** Parameters and conditions only: it knows of no resource. */
  readonly scope: Scope;
}

const templates = new WeakMap<Source, Template>();

export const templateOf = (source: Source): Template => {
  const known = templates.get(source);
  if (known) return known;
  const read = readTemplate(source.template);
  templates.set(source, read);
  return read;
};

const parameterOf = (identity: Identity, parameters: JsonMap, name: string): Json => {
  switch (name) {
    case 'OS::stack_id':
      return identity.id;
    case 'OS::stack_name':
      return identity.name;
    case 'OS::project_id':
      return identity.projectId;
    default: {
      const value = parameters[name];
      if (value !== undefined) return value;
      throw new ValidationFailed(`The Parameter (${name}) was not provided.`);
    }
  }
};

const notHere = (what: string): never => {
  throw new ValidationFailed(`${what} is not available here`);
};

const conditionOf = (template: Template, scope: Scope, name: string): boolean => {
  const condition = template.conditions[name];
  if (condition === undefined) throw new ValidationFailed(`Invalid condition "${name}"`);
  return truth(condition, { scope, evaluate: (value) => evaluate(value, scope) });
};

const enabled = (template: Template, scope: Scope): Map<string, ResourceDefinition> => {
  const definitions = Object.values(template.resources).filter(({ name, condition }) =>
    condition === undefined
      ? true
      : under(['resources', name, 'condition'], '', () =>
          truth(condition, { scope, evaluate: (value) => evaluate(value, scope) }),
        ),
  );
  return new Map(definitions.map((definition) => [definition.name, definition]));
};

export interface Reading {
  /** Checks the parameters' custom constraints. */
  readonly lookup: Lookup;
  /** Take parameters without a value as nothing. */
  readonly lax?: boolean;
}

/** @throws HeatError when the template or a parameter is not valid */
export const draw = (identity: Identity, source: Source, reading: Reading): Blueprint => {
  const template = templateOf(source);
  const { parameters: given, parameterDefaults: defaults } = source.environment;
  const parameters = readParameters(
    template.parameters,
    { parameters: given, defaults, lax: reading.lax === true },
    reading.lookup,
  );
  const scope: Scope = {
    version: template.version,
    parameter: (name) => parameterOf(identity, parameters, name),
    reference: () => notHere('get_resource'),
    attribute: () => notHere('get_attr'),
    condition: (name) => conditionOf(template, scope, name),
    file: (name) => {
      const content = source.files[name];
      if (content !== undefined) return content;
      throw new ValidationFailed(
        `No content found in the "files" section for get_file path: ${name}`,
      );
    },
  };
  return { identity, source, template, parameters, scope, definitions: enabled(template, scope) };
};

const incorrect = (reference: string, where: string): HeatError =>
  new HeatError(
    400,
    'InvalidTemplateReference',
    `The specified reference "${reference}" (in ${where}) is incorrect.`,
  );

const implicit = (
  blueprint: Blueprint,
  definition: ResourceDefinition,
): readonly ResourceDefinition[] => {
  const found = sortOf(definition, blueprint.source.environment);
  if (found.sort !== 'plain' || !found.kind.needs) return [];
  return found.kind.needs(definition, [...blueprint.definitions.values()]);
};

/** @throws HeatError InvalidTemplateReference when it refers to what is not there */
const needsOf = (blueprint: Blueprint, definition: ResourceDefinition): Set<string> => {
  const { definitions, scope, template } = blueprint;
  const needs = new Set<string>();
  const add = (name: string, where: string): void => {
    if (definitions.has(name)) needs.add(name);
    // What a condition left out is no mistake; what the template never had is.
    else if (!template.resources[name]) throw incorrect(name, where);
  };
  for (const name of definition.dependsOn) add(name, definition.name);
  const sections = { Properties: definition.properties, Metadata: definition.metadata };
  for (const [section, value] of Object.entries(sections)) {
    for (const { resource, path } of referencesIn(value, scope)) {
      const names = path.filter((step) => typeof step === 'string');
      add(resource, [definition.name, section, ...names].join('.'));
    }
  }
  for (const { name } of implicit(blueprint, definition)) needs.add(name);
  needs.delete(definition.name);
  return needs;
};

/** What each resource needs, and all of them in an order that respects it. */
export interface Plan {
  readonly needs: Graph;
  readonly order: readonly string[];
}

const plans = new WeakMap<Blueprint, Plan>();

/** @throws HeatError for a reference that is incorrect or a circle */
export const planOf = (blueprint: Blueprint): Plan => {
  const known = plans.get(blueprint);
  if (known) return known;
  const needs = new Map(
    [...blueprint.definitions].map(([name, definition]) => [name, needsOf(blueprint, definition)]),
  );
  const plan = { needs, order: inOrder(needs) };
  plans.set(blueprint, plan);
  return plan;
};
