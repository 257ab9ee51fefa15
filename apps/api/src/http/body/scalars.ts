import { classOf, repr, str, toInteger, typeName } from '../python/repr.js';
import { Misfit, type FieldType, type Place } from './field-type.js';

export interface TextBounds {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** Reason why the text will not do, or `null`. */
  readonly check?: (value: string) => string | null;
}

const given = <T extends object>(members: T): T =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;

/** Characters are Unicode code points, as the service has always counted them. */
const lengthOf = (value: string): number => Array.from(value).length;

const lengthFault = (value: string, { min = 0, max = Infinity }: TextBounds): string | null => {
  const length = lengthOf(value);
  if (length < min) return `Value should have a minimum character requirement of ${min}`;
  if (length > max) return `Value should have a maximum character requirement of ${max}`;
  return null;
};

const boundsFault = (value: string, bounds: TextBounds): string | null => {
  const fault = lengthFault(value, bounds);
  if (fault !== null) return fault;
  if (bounds.pattern?.test(value) === false)
    return `Value should match the pattern ${bounds.pattern.source}`;
  return bounds.check?.(value) ?? null;
};

export const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  throw new Misfit(`Wrong type. Expected '<class 'str'>', got '${classOf(value)}'`);
};

export const textType = (bounds: TextBounds): FieldType => ({
  parse(value) {
    const text = textOf(value);
    const fault = boundsFault(text, bounds);
    if (fault !== null) throw new Misfit(fault);
    return text;
  },
  schema: given({
    type: 'string',
    minLength: bounds.min,
    maxLength: bounds.max,
    pattern: bounds.pattern?.source,
  }),
});

export interface IntBounds {
  readonly min?: number;
  /** `Infinity` for numbers that are cut later on. */
  readonly max?: number;
}

/** Largest number a column of the service has ever held. */
const largestInt = 2_147_483_647;

/** Numbers, numeric text and booleans become whole numbers; fractions are cut off. */
const integerOf = (value: unknown): number | string => {
  switch (typeof value) {
    case 'number':
      return Math.trunc(value);
    case 'boolean':
      return value ? 1 : 0;
    case 'string':
      return toInteger(value) ?? `invalid literal for int() with base 10: ${repr(value)}`;
    default:
      return `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`;
  }
};

const notAnInteger = (reason: string, { source }: Place): Misfit => {
  if (source === 'query') return new Misfit(`unable to convert to int. Error: ${reason}`);
  return new Misfit(reason, source === 'body' ? 'argument' : 'field');
};

export const intType = ({ min, max = largestInt }: IntBounds): FieldType => ({
  parse(value, place) {
    const integer = integerOf(value);
    if (typeof integer === 'string') throw notAnInteger(integer, place);
    if (min !== undefined && integer < min)
      throw new Misfit(`Value should be greater or equal to ${min}`);
    if (integer > max) throw new Misfit(`Value should be lower or equal to ${max}`);
    return integer;
  },
  schema: given({
    type: 'integer',
    minimum: min,
    maximum: Number.isFinite(max) ? max : undefined,
  }),
});

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'true', 'on', 'y', 'yes'].map((word) => [word, true] as const),
  ...['0', 'f', 'false', 'off', 'n', 'no'].map((word) => [word, false] as const),
]);
const accepted = [...booleans.keys()].sort().map(repr).join(', ');

export const boolType: FieldType = {
  parse(value) {
    const word = typeof value === 'object' ? undefined : str(value).trim().toLowerCase();
    const found = word === undefined ? undefined : booleans.get(word);
    if (found !== undefined) return found;
    throw new Misfit(`Unrecognized value ${repr(str(value))}, acceptable values are: ${accepted}`);
  },
  schema: { type: 'boolean' },
};

export const oneOfType = (values: readonly string[]): FieldType => ({
  parse(value) {
    if (typeof value === 'string' && values.includes(value)) return value;
    throw new Misfit(`Value should be one of: ${values.join(', ')}`);
  },
  schema: { type: 'string', enum: [...values] },
});

/** With dashes or without, in braces, as a URN, in any case. */
export const isUuidLike = (text: string): boolean =>
  /^[\da-f]{32}$/i.test(
    text
      .replace(/urn:|uuid:/g, '')
      .replace(/^[{}]+|[{}]+$/g, '')
      .replaceAll('-', ''),
  );

export const uuidType: FieldType = {
  parse(value, { source }) {
    if (typeof value === 'string' && isUuidLike(value)) return value;
    const reason = `Expected a uuid but received ${str(value)}.`;
    throw new Misfit(source === 'query' ? `unable to convert to uuid. Error: ${reason}` : reason);
  },
  schema: { type: 'string', format: 'uuid' },
};

/** ISO-8601 with microseconds and offset. Only ever sent. */
export const timeType: FieldType = {
  parse: textOf,
  schema: { type: 'string', format: 'date-time', example: '2026-11-23T07:08:06.514595+00:00' },
};
