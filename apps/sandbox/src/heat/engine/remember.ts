import { createHash } from 'node:crypto';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapValues } from '../json.js';

/** Texts longer than this are only known by their hash once they have done their work. */
const LONGEST_KEPT = 2048;

const shortened = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shortened);
  if (isMap(value)) return mapValues(value, shortened);
  if (typeof value !== 'string' || value.length <= LONGEST_KEPT) return value;
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
};

/** The properties as a resource keeps them: enough to tell whether they have changed. */
export const remembered = (properties: JsonMap): JsonMap => mapValues(properties, shortened);
