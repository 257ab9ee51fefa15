import type { Microversion, VersionRange } from '../microversion/microversion.js';
import {
  jsonMapType,
  labelMapType,
  nestedType,
  textListType,
  textMapListType,
  textMapType,
} from './containers.js';
import type { DtoClass, FieldType } from './field-type.js';
import {
  boolType,
  intType,
  oneOfType,
  textType,
  timeType,
  uuidType,
  type IntBounds,
  type TextBounds,
} from './scalars.js';

export interface FieldOptions extends VersionRange {
  /** Absent or null: 400 `Mandatory field missing.` */
  readonly required?: boolean;
  /** Null: 400. Otherwise null is taken as given: stored as null, or replaced by the default. */
  readonly notNull?: boolean;
  /** Answers may show null, though requests may not. */
  readonly nullShown?: boolean;
  /** Stands in for absent and null. */
  readonly default?: unknown;
  /** Known, shown, never settable. */
  readonly readOnly?: boolean;
  readonly description?: string;
  readonly example?: unknown;
}

/** One member of a DTO: its name on the wire is the name of the property. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly options: FieldOptions;
}

const declared = new WeakMap<object, Map<string, Field>>();

/** Fields of a class in their order of declaration, those of its parent first. */
export const fieldsOf = (dto: DtoClass): ReadonlyMap<string, Field> => {
  const parent = Object.getPrototypeOf(dto.prototype) as { constructor: DtoClass } | null;
  const own = declared.get(dto.prototype as object) ?? new Map<string, Field>();
  if (parent === null || parent.constructor === Object) return own;
  return new Map([...fieldsOf(parent.constructor), ...own]);
};

const layouts = new WeakMap<DtoClass, Map<number, ReadonlyMap<string, Field>>>();

/** Fields a class has at a version. Worked out once. */
export const fieldsAt = (dto: DtoClass, version: Microversion): ReadonlyMap<string, Field> => {
  const byMinor = layouts.get(dto) ?? new Map<number, ReadonlyMap<string, Field>>();
  layouts.set(dto, byMinor);
  const known = byMinor.get(version.minor);
  if (known) return known;
  const fields = new Map([...fieldsOf(dto)].filter(([, { options }]) => version.within(options)));
  byMinor.set(version.minor, fields);
  return fields;
};

const field =
  (type: FieldType, options: FieldOptions): PropertyDecorator =>
  (target, key) => {
    const fields = declared.get(target) ?? new Map<string, Field>();
    declared.set(target, fields.set(String(key), { name: String(key), type, options }));
  };

/** Text. Lengths count code points; `check` gives the reason why a text will not do. */
export const Text = (options: FieldOptions & TextBounds = {}): PropertyDecorator =>
  field(textType(options), options);

/** Whole number. Numeric text, booleans and fractions are taken and converted. */
export const Int = (options: FieldOptions & IntBounds = {}): PropertyDecorator =>
  field(intType(options), options);

/** Truth value, also as text: 1/t/true/on/y/yes and their opposites, in any case. */
export const Bool = (options: FieldOptions = {}): PropertyDecorator => field(boolType, options);

/** One of some texts. */
export const OneOf = (values: readonly string[], options: FieldOptions = {}): PropertyDecorator =>
  field(oneOfType(values), options);

/** UUID in any notation; the text stays as it was. */
export const Uuid = (options: FieldOptions = {}): PropertyDecorator => field(uuidType, options);

/** Labels: numbers and booleans are taken and become text. */
export const LabelMap = (options: FieldOptions = {}): PropertyDecorator =>
  field(labelMapType, options);

/** Map of text to text. */
export const TextMap = (options: FieldOptions = {}): PropertyDecorator =>
  field(textMapType, options);

/** Object of anything. */
export const JsonMap = (options: FieldOptions = {}): PropertyDecorator =>
  field(jsonMapType, options);

/** List of text. */
export const TextList = (options: FieldOptions = {}): PropertyDecorator =>
  field(textListType, options);

/** List of maps of text to text. */
export const TextMapList = (options: FieldOptions = {}): PropertyDecorator =>
  field(textMapListType, options);

/** Time in a reply, never settable. */
export const Time = (options: FieldOptions = {}): PropertyDecorator =>
  field(timeType, { ...options, readOnly: true });

/** Known in requests only to be refused. */
export const ReadOnly = (options: FieldOptions = {}): PropertyDecorator =>
  field({ parse: (value) => value, schema: {} }, { ...options, readOnly: true });

/** Object in a reply. */
export const Nested = (of: () => DtoClass, options: FieldOptions = {}): PropertyDecorator =>
  field(nestedType(of, false), { ...options, readOnly: true });

/** List of objects in a reply. */
export const NestedList = (of: () => DtoClass, options: FieldOptions = {}): PropertyDecorator =>
  field(nestedType(of, true), { ...options, readOnly: true });
