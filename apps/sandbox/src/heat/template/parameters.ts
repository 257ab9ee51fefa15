import { HeatError, ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapValues, toJsonText, toRepr, toText } from '../json.js';
import type { Constraint, Lookup } from './constraints.js';
import { enforce } from './constraints.js';

const TYPES = ['string', 'number', 'comma_delimited_list', 'json', 'boolean'] as const;
export type ParameterType = (typeof TYPES)[number];

export interface ParameterSchema {
  readonly type: ParameterType;
  readonly default?: Json;
  readonly description: string;
  readonly label?: string;
  readonly hidden: boolean;
  readonly immutable: boolean;
  readonly constraints: readonly Constraint[];
}

export const isParameterType = (type: Json | undefined): type is ParameterType =>
  TYPES.some((known) => known === type);

const asNumber = (value: Json): Json => {
  const read = typeof value === 'number' ? value : Number(toText(value).trim() || 'NaN');
  if (Number.isNaN(read)) {
    throw new ValidationFailed(`could not convert string to float: ${toRepr(value)}`);
  }
  return read;
};

const TRUE = new Set(['t', 'true', 'on', 'y', 'yes', '1']);
const FALSE = new Set(['f', 'false', 'off', 'n', 'no', '0']);

export const asBoolean = (value: Json): boolean => {
  const word = toText(value).trim().toLowerCase();
  if (TRUE.has(word)) return true;
  if (FALSE.has(word)) return false;
  throw new ValidationFailed(
    `Unrecognized value '${toText(value)}', acceptable values are: ` +
      [...FALSE, ...TRUE]
        .sort()
        .map((known) => `'${known}'`)
        .join(', '),
  );
};

const asItems = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(toText);
  if (isMap(value)) {
    throw new ValidationFailed(
      "Value must be a comma-delimited list string: 'dict' object has no attribute 'split'",
    );
  }
  const text = toText(value);
  return text === '' ? [] : text.split(',').map((item) => item.trim());
};

const asDocument = (value: Json): Json => {
  if (typeof value === 'object' && value !== null) return value;
  try {
    return JSON.parse(toText(value) || '{}') as Json;
  } catch {
    throw new ValidationFailed('Value must be valid JSON');
  }
};

const coerce: Readonly<Record<ParameterType, (value: Json) => Json>> = {
  string: (value) => (typeof value === 'object' && value !== null ? toRepr(value) : toText(value)),
  number: asNumber,
  boolean: asBoolean,
  comma_delimited_list: asItems,
  json: asDocument,
};

/** Value of a parameter as functions see it. @throws HeatError that names the parameter. */
const read = (name: string, given: Json, reading: Reading): Json => {
  const schema = reading.schemas[name];
  if (schema === undefined) return given;
  try {
    const value = coerce[schema.type](given);
    const empty =
      schema.default !== undefined &&
      toText(given) === toText(schema.default) &&
      toText(given) === '';
    if (!empty) enforce(value, schema.constraints, reading.lookup);
    return value;
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    throw new ValidationFailed(`Parameter '${name}' is invalid: ${error.detail}`);
  }
};

interface Reading {
  readonly schemas: Readonly<Record<string, ParameterSchema>>;
  readonly lookup: Lookup;
}

export interface Given {
  readonly parameters: JsonMap;
  readonly defaults: JsonMap;
  /** One without a value is nothing, not a mistake: its value is not known yet. */
  readonly lax?: boolean;
}

/**
 * Values of all parameters: given, else the environment's default, else the template's.
 * @throws HeatError for one that is unknown, missing or invalid.
 */
export const readParameters = (
  schemas: Readonly<Record<string, ParameterSchema>>,
  given: Given,
  lookup: Lookup,
): JsonMap => {
  const unknown = Object.keys(given.parameters).find((name) => !Object.hasOwn(schemas, name));
  if (unknown !== undefined) {
    throw new HeatError(
      400,
      'UnknownUserParameter',
      `The Parameter (${unknown}) was not defined in template.`,
    );
  }
  return mapValues(schemas, (schema, name) => {
    const value = given.parameters[name] ?? given.defaults[name] ?? schema.default;
    if (value === undefined && given.lax === true) return null;
    if (value === undefined) {
      throw new HeatError(400, 'UserParameterMissing', `The Parameter (${name}) was not provided.`);
    }
    return read(name, value, { schemas, lookup });
  });
};

/** As a stack shows the value: always text, secrets hidden. */
export const shownParameter = (value: Json, schema: ParameterSchema | undefined): string => {
  if (schema?.hidden === true) return '******';
  if (Array.isArray(value)) {
    return schema?.type === 'json' ? toJsonText(value) : value.map(toText).join(',');
  }
  return isMap(value) ? toJsonText(value) : toText(value);
};
