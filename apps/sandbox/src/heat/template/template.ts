import { parse } from 'yaml';
import { HeatError, ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { isMap, mapOf, mapValues, toText, typeName } from '../json.js';
import { readConstraints } from './constraints.js';
import type { ParameterSchema } from './parameters.js';
import { isParameterType } from './parameters.js';

export interface ResourceDefinition {
  readonly name: string;
  readonly type: string;
  readonly properties: Json;
  readonly metadata: Json;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: 'delete' | 'retain' | 'snapshot';
  readonly updatePolicy: Json;
  readonly condition?: Json;
}

export interface OutputDefinition {
  readonly description: string;
  readonly value: Json;
  readonly condition?: Json;
}

/** A HOT template, read and checked in form. */
export interface Template {
  /** Release of the language as a date. */
  readonly version: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, ParameterSchema>>;
  readonly parameterGroups: Json;
  readonly conditions: JsonMap;
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
}

const NAMED_VERSIONS: Readonly<Record<string, string>> = {
  newton: '2016-10-14',
  ocata: '2017-02-24',
  pike: '2017-09-01',
  queens: '2018-03-02',
  rocky: '2018-08-31',
  wallaby: '2021-04-16',
};

const VERSIONS = [
  '2013-05-23',
  '2014-10-16',
  '2015-04-30',
  '2015-10-15',
  '2016-04-08',
  ...Object.entries(NAMED_VERSIONS).flatMap(([name, date]) => [date, name]),
].sort();

const SECTIONS = new Set([
  'heat_template_version',
  'description',
  'parameter_groups',
  'parameters',
  'conditions',
  'resources',
  'outputs',
]);

const RESOURCE_KEYS = new Set([
  'type',
  'properties',
  'metadata',
  'depends_on',
  'deletion_policy',
  'update_policy',
  'description',
  'external_id',
  'condition',
]);
const PARAMETER_KEYS = new Set([
  'type',
  'default',
  'description',
  'label',
  'hidden',
  'immutable',
  'constraints',
  'tags',
]);
const OUTPUT_KEYS = new Set(['description', 'value', 'condition']);

/** What the template says, as a map. @throws HeatError 400 */
export const loadTemplate = (text: Json): JsonMap => {
  if (isMap(text)) return text;
  if (typeof text !== 'string' || text.trim() === '') {
    throw new HeatError(400, 'HTTPBadRequest', 'No template specified');
  }
  try {
    const read = parse(text, { merge: true, maxAliasCount: -1 }) as Json;
    if (isMap(read)) return read;
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new HeatError(
      400,
      'HTTPBadRequest',
      `Template not in valid format: Error parsing template [root stack] ${reason}`,
    );
  }
  throw new HeatError(
    400,
    'HTTPBadRequest',
    'Template not in valid format: The template is not a JSON object or YAML mapping.',
  );
};

const versionOf = (source: JsonMap): string => {
  const given = source.heat_template_version;
  if (given === undefined) {
    throw new HeatError(
      400,
      'InvalidTemplateVersion',
      'The template version is invalid: Template version was not provided',
    );
  }
  const version = toText(given);
  if (!VERSIONS.includes(version)) {
    throw new HeatError(
      400,
      'InvalidTemplateVersion',
      `The template version is invalid: "heat_template_version: ${version}". ` +
        `"heat_template_version" should be one of: ${VERSIONS.join(', ')}`,
    );
  }
  return NAMED_VERSIONS[version] ?? version;
};

interface Section {
  readonly name: 'resources' | 'outputs' | 'parameters';
  /** Any when absent. */
  readonly keys?: ReadonlySet<string>;
  readonly required?: string;
}

const checkEntry = (entry: JsonMap, { name, keys, required }: Section): void => {
  const noun = name.slice(0, -1);
  if (required !== undefined && entry[required] === undefined) {
    throw new ValidationFailed(`Each ${noun} must contain a ${required} key.`);
  }
  const unknown = Object.keys(entry).find((key) => keys?.has(key) === false);
  if (unknown !== undefined) {
    throw new ValidationFailed(`"${unknown}" is not a valid keyword inside a ${noun} definition`);
  }
};

const asMap = (value: Json | undefined, { name }: Section): JsonMap => {
  if (isMap(value)) return value;
  if (value === undefined || value === null) return {};
  throw new ValidationFailed(
    `"${name}" must contain a map of ${name.slice(0, -1)} maps. ` +
      `Found a [<class '${typeName(value)}'>] instead`,
  );
};

/** The entries of a section, each a map of nothing but known keys. */
const entriesOf = (source: JsonMap, section: Section): Readonly<Record<string, JsonMap>> =>
  mapValues(asMap(source[section.name], section), (given) => {
    const entry = asMap(given, section);
    checkEntry(entry, section);
    return entry;
  });

const invalidSchema = (message: string): HeatError =>
  new HeatError(400, 'InvalidSchemaError', message);

const constraintsOf = (entry: JsonMap): ParameterSchema['constraints'] => {
  try {
    return readConstraints(entry.constraints);
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    throw invalidSchema(error.detail);
  }
};

const isTrue = (value: Json | undefined): boolean => toText(value).toLowerCase() === 'true';

const readParameter = (entry: JsonMap, name: string): ParameterSchema => {
  if (!isParameterType(entry.type)) throw invalidSchema(`Invalid type (${toText(entry.type)})`);
  const unknown = Object.keys(entry).find((key) => !PARAMETER_KEYS.has(key));
  if (unknown !== undefined)
    throw invalidSchema(`Invalid key '${unknown}' for parameter (${name})`);
  return {
    type: entry.type,
    ...(entry.default === undefined ? {} : { default: entry.default }),
    description: toText(entry.description),
    ...(entry.label === undefined ? {} : { label: toText(entry.label) }),
    hidden: isTrue(entry.hidden),
    immutable: isTrue(entry.immutable),
    constraints: constraintsOf(entry),
  };
};

const dependenciesOf = (entry: JsonMap): string[] => {
  const given = entry.depends_on;
  if (given === undefined || given === null) return [];
  return (Array.isArray(given) ? given : [given]).map(toText);
};

const policyOf = (entry: JsonMap): ResourceDefinition['deletionPolicy'] => {
  const policy = toText(entry.deletion_policy ?? 'Delete').toLowerCase();
  if (policy === 'delete' || policy === 'retain' || policy === 'snapshot') return policy;
  throw new ValidationFailed(`Invalid deletion policy "${toText(entry.deletion_policy)}"`);
};

const readResource = (entry: JsonMap, name: string): ResourceDefinition => {
  if (typeof entry.type !== 'string') {
    throw new ValidationFailed(`Resource "${name}" type is not a string`);
  }
  return {
    name,
    type: entry.type,
    properties: entry.properties ?? {},
    metadata: entry.metadata ?? {},
    dependsOn: dependenciesOf(entry),
    deletionPolicy: policyOf(entry),
    updatePolicy: entry.update_policy ?? {},
    ...(entry.condition === undefined ? {} : { condition: entry.condition }),
  };
};

const readOutput = (entry: JsonMap, name: string): OutputDefinition => {
  if (entry.value === undefined) {
    throw new ValidationFailed(
      'Each output definition must contain a value key.',
      ['outputs', name],
      'Output validation error',
    );
  }
  return {
    description: toText(entry.description) || 'No description given',
    value: entry.value,
    ...(entry.condition === undefined ? {} : { condition: entry.condition }),
  };
};

/**
 * @param text YAML or JSON text, or what it says as a map
 * @throws HeatError as Heat refuses a template that is not well formed
 */
export const readTemplate = (text: Json): Template => {
  const source = loadTemplate(text);
  const version = versionOf(source);
  const unknown = Object.keys(source).find((section) => !SECTIONS.has(section));
  if (unknown !== undefined) {
    throw new ValidationFailed(`The template section is invalid: ${unknown}`);
  }
  const parameters = entriesOf(source, { name: 'parameters', required: 'type' });
  const resources = entriesOf(source, { name: 'resources', keys: RESOURCE_KEYS, required: 'type' });
  const outputs = entriesOf(source, { name: 'outputs', keys: OUTPUT_KEYS });
  return {
    version,
    description: toText(source.description) || 'No description',
    parameters: mapValues(parameters, readParameter),
    parameterGroups: source.parameter_groups ?? [],
    conditions: mapOf(source.conditions),
    resources: mapValues(resources, readResource),
    outputs: mapValues(outputs, readOutput),
  };
};
