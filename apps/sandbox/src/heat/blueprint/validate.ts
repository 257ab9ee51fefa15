import { evaluateKnown, referencesIn } from '../functions/evaluate.js';
import { HeatError, ValidationFailed, under } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapValues, toText } from '../json.js';
import type { Sort } from '../resources/catalog.js';
import { sortOf } from '../resources/catalog.js';
import { groupProperties, memberTemplate } from '../resources/group.js';
import type { Properties, Property } from '../resources/property.js';
import { readValue, refuseMissing, refuseUnknown, renamed } from '../resources/property.js';
import type { Lookup } from '../template/constraints.js';
import type { ResourceDefinition } from '../template/template.js';
import type { Blueprint } from './blueprint.js';
import { draw, planOf } from './blueprint.js';
import { insideOfGroup, insideOfTemplate, insideProperties } from './inside.js';
import type { Source } from '../engine/records.js';

type Path = readonly (string | number)[];

/** A template on its way through validation. */
interface Subject {
  readonly blueprint: Blueprint;
  readonly lookup: Lookup;
  readonly path: Path;
  /** Values are missing that only the running stack will have. */
  readonly lax: boolean;
}

const schemaOf = (found: Sort, source: Source): Properties => {
  switch (found.sort) {
    case 'plain':
      return found.kind.properties;
    case 'group':
      return groupProperties;
    case 'template':
      return insideProperties(insideOfTemplate(source, found.url, {}));
  }
};

/** The value as far as it is known before there are resources; nothing where it is not. */
const known = (value: Json, { blueprint, lax }: Subject): Json => {
  try {
    return evaluateKnown(value, blueprint.scope);
  } catch (error) {
    // A parameter that is nothing yet may not suit a function.
    if (lax && error instanceof ValidationFailed) return null;
    throw error;
  }
};

const checked = (property: Property | undefined, value: Json, subject: Subject): Json => {
  const read = known(value, subject);
  return read === null || !property ? read : readValue(read, property, subject.lookup);
};

/** The properties as far as they are known. */
const checkProperties = (
  definition: ResourceDefinition,
  properties: Properties,
  subject: Subject,
): JsonMap => {
  const path = [...subject.path, 'resources', definition.name, 'properties'];
  return under(path, 'Property error', () => {
    const raw = definition.properties ?? {};
    if (!isMap(raw)) throw new ValidationFailed('Properties must be a map');
    // The one type that swallows everything.
    if (definition.type === 'OS::Heat::None') return {};
    refuseUnknown(properties, raw);
    const given = renamed(properties, raw);
    refuseMissing(properties, given);
    return mapValues(given, (value, key) =>
      under([key], '', () => checked(properties[key], value, subject)),
    );
  });
};

interface Nested {
  readonly name: string;
  readonly found: Sort;
  readonly properties: JsonMap;
}

const checkInside = ({ name, found, properties }: Nested, outer: Subject): void => {
  if (found.sort === 'plain') return;
  const { source, identity } = outer.blueprint;
  const inside =
    found.sort === 'group'
      ? insideOfGroup(source, memberTemplate(properties, ['0']))
      : insideOfTemplate(source, found.url, properties);
  const label = found.sort === 'group' ? 'nested_stack' : found.url;
  const blueprint = draw(identity, inside, { lookup: outer.lookup, lax: true });
  checkBlueprint({
    ...outer,
    blueprint,
    lax: true,
    path: [...outer.path, 'resources', `${name}<${label}>`],
  });
};

const hasAttribute = (found: Sort, attribute: string, source: Source): boolean => {
  switch (found.sort) {
    case 'group':
      return true;
    case 'plain':
      return attribute === 'show' || found.kind.attributes.includes(attribute);
    case 'template': {
      if (attribute.startsWith('resource.') || attribute === 'OS::stack_id') return true;
      const inside = insideOfTemplate(source, found.url, {});
      return Object.hasOwn(draw(NOBODY, inside, ANY).template.outputs, attribute);
    }
  }
};

const NOBODY = { id: '', name: '', projectId: '' };
const ANY = { lookup: () => undefined, lax: true };

const checkAttributes = (value: Json, { blueprint }: Subject, path: Path): void => {
  const { definitions, template, scope, source } = blueprint;
  for (const reference of referencesIn(value, scope)) {
    const where = [...path, ...reference.path, 'get_attr'];
    const target = definitions.get(reference.resource);
    if (!target && template.resources[reference.resource]) continue;
    if (!target) {
      throw new ValidationFailed(
        `The specified reference "${reference.resource}" (in unknown) is incorrect.`,
        where,
      );
    }
    const attribute = reference.attribute;
    if (typeof attribute !== 'string') continue;
    if (!hasAttribute(sortOf(target, source.environment), attribute, source)) {
      const what = `${reference.resource} ${toText(attribute)}`;
      throw new ValidationFailed(`The Referenced Attribute (${what}) is incorrect.`, where);
    }
  }
};

const checkBlueprint = (subject: Subject): void => {
  const { blueprint, path } = subject;
  planOf(blueprint);
  for (const definition of blueprint.definitions.values()) {
    const found = sortOf(definition, blueprint.source.environment);
    const schema = schemaOf(found, blueprint.source);
    checkAttributes(definition.properties, subject, [
      ...path,
      'resources',
      definition.name,
      'properties',
    ]);
    const properties = checkProperties(definition, schema, subject);
    checkInside({ name: definition.name, found, properties }, subject);
  }
  for (const [key, { value }] of Object.entries(blueprint.template.outputs)) {
    checkAttributes(value, subject, [...path, 'outputs', key, 'value']);
  }
};

/**
 * Refuses what Heat would: unknown types, properties, references and attributes, values that break
 * a constraint, circles; in the stack and in everything nested in it.
 * @throws HeatError
 */
export const validate = (blueprint: Blueprint, lookup: Lookup): void => {
  try {
    checkBlueprint({ blueprint, lookup, path: [], lax: false });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new HeatError(400, 'StackValidationFailed', 'Recursion depth exceeds 5.');
    }
    throw error;
  }
};
