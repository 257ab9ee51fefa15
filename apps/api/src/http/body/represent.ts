import type { Microversion } from '../microversion/microversion.js';
import { fieldsAt, type Field } from './fields.js';
import type { DtoClass } from './field-type.js';

/** What a DTO holds, whoever made it. */
export type Members<T> = { readonly [K in keyof T]: T[K] };

const nestedValue = ({ type }: Field, value: unknown, version: Microversion): unknown => {
  if (type.nested === undefined || value === null) return value;
  const dto = type.nested.of();
  return type.nested.many
    ? (value as readonly object[]).map((item) => represent(dto, item, version))
    : represent(dto, value as object, version);
};

/**
 * An object as a class shows it at a version: its members in order of declaration, without those
 * of other versions. A value `undefined` leaves the member out, `null` shows it as null.
 */
export const represent = <T extends object>(
  dto: DtoClass<T>,
  values: Members<T>,
  version: Microversion,
): Record<string, unknown> => {
  const source = values as Readonly<Record<string, unknown>>;
  const result: Record<string, unknown> = {};
  for (const field of fieldsAt(dto, version).values()) {
    const value = source[field.name];
    if (value !== undefined) result[field.name] = nestedValue(field, value, version);
  }
  return result;
};
