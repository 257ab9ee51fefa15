import { ValidationFailed, under } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapValues, toJsonText, toRepr, toText } from '../json.js';
import type { Constraint, Lookup } from '../template/constraints.js';
import { enforce } from '../template/constraints.js';

export type PropertyType = 'string' | 'integer' | 'number' | 'boolean' | 'list' | 'map' | 'any';

/** What a resource type takes: one property, or one key of a map property. */
export interface Property {
  readonly type: PropertyType;
  readonly required?: boolean;
  /** Changed in place; otherwise a change makes a new resource. */
  readonly update?: boolean;
  readonly default?: Json;
  readonly constraints?: readonly Constraint[];
  /** Of a map whose keys are known. */
  readonly fields?: Properties;
  /** Of a list, what each item is. */
  readonly items?: Property;
  /** An old name: the value counts as that of this property. */
  readonly aliasOf?: string;
}

export type Properties = Readonly<Record<string, Property>>;

type Options = Omit<Property, 'type' | 'items' | 'fields'> & {
  readonly allowed?: readonly Json[];
  readonly range?: JsonMap;
  readonly length?: JsonMap;
  /** Name of a custom constraint. */
  readonly is?: string;
};

const declare = (type: PropertyType, options: Options): Property => {
  const { allowed, range, length, is, ...rest } = options;
  const constraints: Constraint[] = [];
  if (allowed) constraints.push({ allowed_values: [...allowed] });
  if (range) constraints.push({ range });
  if (length) constraints.push({ length });
  if (is) constraints.push({ custom_constraint: is });
  return { type, ...rest, ...(constraints.length > 0 ? { constraints } : {}) };
};

export const text = (options: Options = {}): Property => declare('string', options);
export const integer = (options: Options = {}): Property => declare('integer', options);
export const decimal = (options: Options = {}): Property => declare('number', options);
export const boolean = (options: Options = {}): Property => declare('boolean', options);
export const anything = (options: Options = {}): Property => declare('any', options);
export const map = (options: Options & { readonly fields?: Properties } = {}): Property => {
  const { fields, ...rest } = options;
  return { ...declare('map', rest), ...(fields ? { fields } : {}) };
};
export const list = (options: Options & { readonly items?: Property } = {}): Property => {
  const { items, ...rest } = options;
  return { ...declare('list', rest), ...(items ? { items } : {}) };
};

const BLANK: Readonly<Record<PropertyType, Json>> = {
  string: '',
  integer: 0,
  number: 0,
  boolean: false,
  list: [],
  map: {},
  any: null,
};

const asNumber = (value: Json, type: 'integer' | 'number'): number => {
  const read = typeof value === 'number' ? value : Number(toText(value).trim() || 'NaN');
  if (Number.isNaN(read) || (type === 'integer' && !Number.isInteger(read))) {
    throw new ValidationFailed(
      type === 'integer'
        ? `Value ${toRepr(value)} is not an integer`
        : `could not convert string to float: ${toRepr(value)}`,
    );
  }
  return read;
};

const asBoolean = (value: Json): boolean => {
  const word = toText(value).toLowerCase();
  if (['true', 'on', 'yes', '1', 't', 'y'].includes(word)) return true;
  if (['false', 'off', 'no', '0', 'f', 'n'].includes(word)) return false;
  throw new ValidationFailed(`${toJsonText(value)} is not a valid boolean`);
};

const parsed = (value: Json): Json => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
};

const asMap = (value: Json, property: Property, lookup: Lookup): JsonMap => {
  const read = parsed(value);
  if (!isMap(read)) throw new ValidationFailed(`${toJsonText(value)} is not a map`);
  return property.fields ? readFields(property.fields, read, lookup) : read;
};

const asList = (value: Json, property: Property, lookup: Lookup): Json[] => {
  const read = parsed(value);
  if (!Array.isArray(read)) throw new ValidationFailed(`"${toRepr(value)}" is not a list`);
  const { items } = property;
  return items
    ? read.map((item, index) => under([index], '', () => coerce(item, items, lookup)))
    : read;
};

const asText = (value: Json): string => {
  if (typeof value === 'object' && value !== null) {
    throw new ValidationFailed(`Value must be a string; got ${toRepr(value)}`);
  }
  return toText(value);
};

const converted = (value: Json, property: Property, lookup: Lookup): Json => {
  switch (property.type) {
    case 'string':
      return asText(value);
    case 'integer':
    case 'number':
      return asNumber(value, property.type);
    case 'boolean':
      return asBoolean(value);
    case 'map':
      return asMap(value, property, lookup);
    case 'list':
      return asList(value, property, lookup);
    case 'any':
      return value;
  }
};

const coerce = (value: Json, property: Property, lookup: Lookup): Json => {
  if (value === null) return property.default ?? BLANK[property.type];
  const read = converted(value, property, lookup);
  enforce(read, property.constraints ?? [], lookup);
  return read;
};

/** With old names replaced by today's. */
export const renamed = (properties: Properties, given: JsonMap): JsonMap =>
  Object.fromEntries(
    Object.entries(given).map(([key, value]) => [properties[key]?.aliasOf ?? key, value]),
  );

/** @throws ValidationFailed for a key that the type does not know */
export const refuseUnknown = (properties: Properties, given: JsonMap): void => {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined) throw new ValidationFailed(`Unknown Property ${unknown}`);
};

/** @throws ValidationFailed for a required key without a value */
export const refuseMissing = (properties: Properties, given: JsonMap): void => {
  const missing = Object.keys(properties).find(
    (key) => properties[key]?.required === true && given[key] === undefined,
  );
  if (missing !== undefined) throw new ValidationFailed(`Property ${missing} not assigned`);
};

const readFields = (properties: Properties, source: JsonMap, lookup: Lookup): JsonMap => {
  refuseUnknown(properties, source);
  const given = renamed(properties, source);
  refuseMissing(properties, given);
  return mapValues(given, (value, key) => {
    const property = properties[key];
    return property ? under([key], '', () => coerce(value, property, lookup)) : value;
  });
};

/** One value as its property wants it. @throws ValidationFailed */
export const readValue = coerce;

/**
 * The values as the resource sees them: of the declared types, defaults filled in.
 * @throws ValidationFailed with the path of the property that is wrong
 */
export const readProperties = (
  properties: Properties,
  source: JsonMap,
  lookup: Lookup,
): JsonMap => {
  const given = readFields(properties, source, lookup);
  const defaults = Object.entries(properties).flatMap(([key, property]) =>
    property.default === undefined || property.aliasOf ? [] : [[key, property.default] as const],
  );
  return { ...Object.fromEntries(defaults), ...given };
};

const TYPE_NAMES: Readonly<Record<PropertyType, string>> = {
  string: 'string',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  list: 'list',
  map: 'map',
  any: 'any',
};

/** As `GET /resource_types/<type>` describes it. */
export const describeProperty = (property: Property): JsonMap => ({
  type: TYPE_NAMES[property.type],
  required: property.required === true,
  update_allowed: property.update === true,
  immutable: false,
  ...(property.default === undefined ? {} : { default: property.default }),
  ...(property.constraints ? { constraints: [...property.constraints] } : {}),
  ...(property.fields ? { schema: mapValues(property.fields, describeProperty) } : {}),
  ...(property.items ? { schema: { '*': describeProperty(property.items) } } : {}),
});
