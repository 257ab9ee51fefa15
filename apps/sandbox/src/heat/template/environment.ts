import { parse } from 'yaml';
import { HeatError } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapOf, toText } from '../json.js';

/** What goes with a template: values and the names that types are known by. */
export interface Environment {
  readonly parameters: JsonMap;
  readonly parameterDefaults: JsonMap;
  readonly registry: JsonMap;
}

export const emptyEnvironment: Environment = {
  parameters: {},
  parameterDefaults: {},
  registry: {},
};

const SECTIONS = new Set([
  'parameters',
  'parameter_defaults',
  'parameter_merge_strategies',
  'resource_registry',
  'encrypted_param_names',
  'event_sinks',
]);

const load = (given: Json | undefined): JsonMap => {
  if (isMap(given)) return given;
  try {
    const read = parse(toText(given), { merge: true }) as Json;
    if (read === null) return {};
    if (isMap(read)) return read;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new HeatError(400, 'HTTPBadRequest', `Environment not in valid format: ${reason}`);
  }
  throw new HeatError(
    400,
    'HTTPBadRequest',
    'Environment not in valid format: The environment is not a valid YAML mapping data type.',
  );
};

/** @param given YAML text or a map; nothing is an empty environment */
export const readEnvironment = (given: Json | undefined): Environment => {
  const source = load(given);
  const unknown = Object.keys(source).find((section) => !SECTIONS.has(section));
  if (unknown !== undefined) {
    throw new HeatError(
      400,
      'HTTPBadRequest',
      `Environment not in valid format: environment has wrong section "${unknown}"`,
    );
  }
  return {
    parameters: mapOf(source.parameters),
    parameterDefaults: mapOf(source.parameter_defaults),
    registry: mapOf(source.resource_registry),
  };
};

const merged = (a: Json | undefined, b: Json): Json => {
  if (!isMap(a) || !isMap(b)) return b;
  const result: JsonMap = { ...a };
  for (const [key, value] of Object.entries(b)) result[key] = merged(result[key], value);
  return result;
};

/** Later values win; the registry's maps are merged into each other. */
export const mergeEnvironments = (a: Environment, b: Environment): Environment => ({
  parameters: { ...a.parameters, ...b.parameters },
  parameterDefaults: { ...a.parameterDefaults, ...b.parameterDefaults },
  registry: mapOf(merged(a.registry, b.registry)),
});

export const environmentDocument = (environment: Environment): JsonMap => ({
  parameters: environment.parameters,
  parameter_defaults: environment.parameterDefaults,
  resource_registry: { resources: {}, ...environment.registry },
  encrypted_param_names: [],
  event_sinks: [],
});

const mappedTo = (type: string, registry: JsonMap): string | undefined => {
  const exact = registry[type];
  if (typeof exact === 'string') return exact;
  for (const [pattern, target] of Object.entries(registry)) {
    if (!pattern.endsWith('*') || typeof target !== 'string') continue;
    const prefix = pattern.slice(0, -1);
    if (type.startsWith(prefix)) return target.replace('*', type.slice(prefix.length));
  }
  return undefined;
};

/** The type that a resource's type stands for, through as many mappings as there are. */
export const resolveType = (type: string, resourceName: string, registry: JsonMap): string => {
  const own = mapOf(mapOf(registry.resources)[resourceName]);
  let here = type;
  for (let steps = 0; steps < 10; steps += 1) {
    const next = mappedTo(here, own) ?? mappedTo(here, registry);
    if (next === undefined || next === here) return here;
    here = next;
  }
  return here;
};
