import type { Json, JsonMap } from '../json.js';
import { isMap, listOf, mapOf, mapValues, toText } from '../json.js';
import type { Properties } from './property.js';
import { integer, list, map, text } from './property.js';

/** `OS::Heat::ResourceGroup`: so and so many of the same thing. */
export const groupProperties: Properties = {
  count: integer({ update: true, default: 1, range: { min: 0 } }),
  index_var: text({ default: '%index%', length: { min: 3 } }),
  resource_def: map({
    required: true,
    update: true,
    fields: { type: text({ required: true }), properties: map(), metadata: map() },
  }),
  removal_policies: list({
    update: true,
    default: [],
    items: map({ fields: { resource_list: list({ default: [] }) } }),
  }),
  removal_policies_mode: text({ update: true, default: 'append', allowed: ['append', 'update'] }),
};

export const groupAttributes = ['refs', 'refs_map', 'attributes', 'removed_rsrc_list'] as const;

/** A member as removal policies may name it. */
export interface Member {
  readonly name: string;
  readonly physicalId: string | null;
  readonly reference: Json;
}

/** Names of the members: numbers from 0, without those that were taken out for good. */
export const memberNames = (count: number, left: readonly string[]): string[] => {
  const out = new Set(left);
  const names: string[] = [];
  for (let index = 0; names.length < count; index += 1) {
    if (!out.has(String(index))) names.push(String(index));
  }
  return names;
};

const filled = (value: Json, indexVar: string, name: string): Json => {
  if (Array.isArray(value)) return value.map((item) => filled(item, indexVar, name));
  if (isMap(value)) return mapValues(value, (item) => filled(item, indexVar, name));
  return typeof value === 'string' ? value.replaceAll(indexVar, name) : value;
};

/** The template of the group's inside. */
export const memberTemplate = (properties: JsonMap, names: readonly string[]): JsonMap => {
  const definition = mapOf(properties.resource_def);
  const indexVar = toText(properties.index_var ?? '%index%');
  const resources = names.map((name) => [
    name,
    {
      type: definition.type ?? '',
      properties: filled(mapOf(definition.properties), indexVar, name),
      ...(definition.metadata === undefined
        ? {}
        : { metadata: filled(definition.metadata, indexVar, name) }),
    },
  ]);
  return {
    heat_template_version: '2015-04-30',
    resources: Object.fromEntries(resources) as JsonMap,
  };
};

/**
 * Names never to be used again: those from before and those that the removal policies name, by
 * name, physical id or reference.
 */
export const leftOut = (
  properties: JsonMap,
  members: readonly Member[],
  before: readonly string[],
): string[] => {
  const kept = properties.removal_policies_mode === 'update' ? [] : before;
  const wanted = listOf(properties.removal_policies)
    .flatMap((policy) => listOf(mapOf(policy).resource_list))
    .map(toText);
  const named = wanted.flatMap((one) => {
    const member = members.find(
      ({ name, physicalId, reference }) =>
        name === one || physicalId === one || toText(reference) === one,
    );
    if (member) return [member.name];
    return before.includes(one) ? [one] : [];
  });
  return [...new Set([...kept, ...named])];
};
