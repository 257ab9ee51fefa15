import { classOf, str } from '../python/repr.js';
import { Misfit, type DtoClass, type FieldType, type Place } from './field-type.js';
import { textOf } from './scalars.js';

export const isDict = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const dictOf = (value: unknown): Readonly<Record<string, unknown>> => {
  if (isDict(value)) return value;
  throw new Misfit(`Value not a valid dict: ${str(value)}`);
};

const listOf = (value: unknown, { source }: Place): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new Misfit(
    `Value not a valid list: ${str(value)}`,
    source === 'body' ? 'argument' : 'field',
  );
};

const scalars = ['str', 'int', 'bool', 'float'].map((name) => `<class '${name}'>`);

/** Labels are text; what is not, becomes text as Python prints it (`True`, `1.5`). */
const labelText = (value: unknown): string => {
  if (value !== null && ['string', 'number', 'boolean'].includes(typeof value)) return str(value);
  throw new Misfit(`Wrong type. Expected '(${scalars.join(', ')})', got '${classOf(value)}'`);
};

const checkLimits = (labels: Readonly<Record<string, string>>, { limits }: Place): void => {
  const entries = Object.entries(labels);
  if (entries.length > limits.labels)
    throw new Misfit(`Value should have at most ${limits.labels} entries`);
  const long = entries.find((entry) => entry.some((text) => text.length > limits.labelChars));
  if (long) throw new Misfit(`Keys and values should have at most ${limits.labelChars} characters`);
};

const mapped = (
  value: Readonly<Record<string, unknown>>,
  of: (item: unknown) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, of(item)]));

const mapSchema = { type: 'object', additionalProperties: { type: 'string' } } as const;

/** Map of text to text, numbers or booleans; all values become text. */
export const labelMapType: FieldType = {
  parse(value, place) {
    const labels = mapped(dictOf(value), labelText);
    checkLimits(labels, place);
    return labels;
  },
  schema: mapSchema,
};

/** Map of text to text and nothing else. */
export const textMapType: FieldType = {
  parse(value, place) {
    const map = mapped(dictOf(value), textOf);
    checkLimits(map, place);
    return map;
  },
  schema: mapSchema,
};

/** Object of anything. */
export const jsonMapType: FieldType = {
  parse: dictOf,
  schema: { type: 'object', additionalProperties: true },
};

export const textListType: FieldType = {
  parse: (value, place) => listOf(value, place).map(textOf),
  schema: { type: 'array', items: { type: 'string' } },
};

/** List of maps of text to text. */
export const textMapListType: FieldType = {
  parse: (value, place) => listOf(value, place).map((item) => textMapType.parse(item, place)),
  schema: { type: 'array', items: mapSchema },
};

/** An object with fields of its own; only in replies. */
export const nestedType = (of: () => DtoClass, many: boolean): FieldType => ({
  parse: dictOf,
  schema: { type: many ? 'array' : 'object' },
  nested: { of, many },
});
