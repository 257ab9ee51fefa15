import { ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import type { Properties, Property, PropertyType } from '../resources/property.js';
import type { ParameterSchema, ParameterType } from '../template/parameters.js';
import { templateOf } from './blueprint.js';
import type { Source } from '../engine/records.js';

const TYPES: Readonly<Record<ParameterType, PropertyType>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  comma_delimited_list: 'list',
  json: 'any',
};

const asProperty = (schema: ParameterSchema): Property => ({
  type: TYPES[schema.type],
  required: schema.default === undefined,
  update: true,
  constraints: schema.constraints,
});

/** A template used as a resource takes its parameters as properties. */
export const insideProperties = (inside: Source): Properties =>
  Object.fromEntries(
    Object.entries(templateOf(inside).parameters).map(([name, schema]) => [
      name,
      asProperty(schema),
    ]),
  );

const withoutNothing = (values: JsonMap): JsonMap =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

/**
 * What is inside a resource whose type is a template among the files.
 * @throws ValidationFailed when there is no such file
 */
export const insideOfTemplate = (outer: Source, url: string, properties: JsonMap): Source => {
  const template = outer.files[url];
  if (template === undefined) {
    throw new ValidationFailed(`Could not fetch remote template "${url}": Invalid URL scheme `);
  }
  return inside(outer, template, withoutNothing(properties));
};

export const insideOfGroup = (outer: Source, template: Json): Source => inside(outer, template, {});

const inside = (outer: Source, template: Json, parameters: JsonMap): Source => ({
  id: '',
  template,
  files: outer.files,
  environment: { ...outer.environment, parameters },
});
