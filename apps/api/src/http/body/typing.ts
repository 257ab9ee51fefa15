import { Fault, InvalidInput, missingArgument, unknownArgument } from '../errors/faults.js';
import type { Microversion } from '../microversion/microversion.js';
import { str } from '../python/repr.js';
import { isDict } from './containers.js';
import { fieldsAt, type Field } from './fields.js';
import { Misfit, type DtoClass, type Place } from './field-type.js';

/** What typing knows of the request beside the text itself. */
export interface Typing extends Omit<Place, 'source'> {
  readonly microversion: Microversion;
}

interface Argument {
  readonly name: string;
  readonly whole: unknown;
  readonly place: Place;
}

const absent = ({ name, options }: Field, value: unknown): unknown => {
  if (options.required) throw new InvalidInput(name, null, 'Mandatory field missing.');
  if (options.notNull && value === null)
    throw new InvalidInput(name, null, 'Value should not be null.');
  return options.default === undefined ? value : options.default;
};

const blame = (error: unknown, field: string, value: unknown, argument: Argument): unknown => {
  if (!(error instanceof Misfit)) return error;
  return error.blames === 'argument'
    ? new InvalidInput(argument.name, argument.whole, error.message)
    : new InvalidInput(field, value, error.message);
};

const typed = (field: Field, value: unknown, argument: Argument): unknown => {
  const { name, options, type } = field;
  if (value !== undefined && options.readOnly)
    throw new InvalidInput(name, value, 'Cannot set read only field.');
  if (value === undefined || value === null) return absent(field, value);
  try {
    return type.parse(value, argument.place);
  } catch (error) {
    throw blame(error, name, value, argument);
  }
};

const own = (object: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const filled = <T extends object>(
  dto: DtoClass<T>,
  fields: Iterable<Field>,
  valueOf: (field: Field) => unknown,
): T => {
  const entries = [...fields].map((field) => [field.name, valueOf(field)] as const);
  return Object.assign(new dto(), Object.fromEntries(entries));
};

/** The body's object, or the 400 that says it is none. */
export const objectOf = (name: string, body: unknown): Readonly<Record<string, unknown>> => {
  if (body === undefined) throw missingArgument(name);
  if (isDict(body)) return body;
  throw new InvalidInput(name, body, `Value not a valid dict: ${str(body)}`);
};

const refuseUnknown = (name: string, strangers: readonly string[]): void => {
  if (strangers.length === 0) return;
  const noun = strangers.length === 1 ? 'attribute' : 'attributes';
  throw new Fault(400, `Unknown ${noun} for argument ${name}: ${strangers.join(', ')}`);
};

/**
 * The body of a request as its class says. `name` is the argument's, as messages show it. Members
 * that were not sent are `undefined`, unless they have a default. Throws the 400 of the first fault.
 */
export const typeBody = <T extends object>(
  dto: DtoClass<T>,
  { name, body }: { readonly name: string; readonly body: unknown },
  typing: Typing,
): T => {
  const object = objectOf(name, body);
  const fields = fieldsAt(dto, typing.microversion);
  refuseUnknown(
    name,
    Object.keys(object).filter((key) => !fields.has(key)),
  );
  const place: Place = { source: 'body', limits: typing.limits };
  const argument: Argument = { name, whole: body, place };
  return filled(dto, fields.values(), (field) => typed(field, own(object, field.name), argument));
};

/** Text of a query by name; a repeated parameter is a list. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

const single = (name: string, value: unknown): unknown => {
  if (Array.isArray(value)) throw new InvalidInput(name, value, 'Value should be given once.');
  return value;
};

/** The query of a request as its class says. Throws the 400 of the first fault. */
export const typeQuery = <T extends object>(dto: DtoClass<T>, query: Query, typing: Typing): T => {
  const fields = fieldsAt(dto, typing.microversion);
  const stranger = Object.keys(query).find((key) => !fields.has(key));
  if (stranger !== undefined) throw unknownArgument(stranger);
  const place: Place = { source: 'query', limits: typing.limits };
  return filled(dto, fields.values(), (field) => {
    const value = single(field.name, own(query, field.name));
    return typed(field, value, { name: field.name, whole: value, place });
  });
};

/** One member's value, as in a patch. Members the class does not have pass as they are. */
export const typeMember = (
  dto: DtoClass,
  { name, value }: { readonly name: string; readonly value: unknown },
  typing: Typing,
): unknown => {
  const field = fieldsAt(dto, typing.microversion).get(name);
  if (field === undefined || value === null || value === undefined) return value;
  const place: Place = { source: 'patch', limits: typing.limits };
  try {
    return field.type.parse(value, place);
  } catch (error) {
    throw blame(error, name, value, { name, whole: value, place });
  }
};
