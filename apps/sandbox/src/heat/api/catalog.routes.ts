import type { FastifyInstance } from 'fastify';
import { hostname } from 'node:os';
import { param, valuesOf } from '../../query.js';
import { bareMicros } from '../../time.js';
import { draw } from '../blueprint/blueprint.js';
import { cloudLookup } from '../blueprint/lookup.js';
import { validate } from '../blueprint/validate.js';
import { badRequest, forbidden, notFound } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { mapValues } from '../json.js';
import { GROUP, kinds } from '../resources/catalog.js';
import { groupAttributes, groupProperties } from '../resources/group.js';
import { describeProperty } from '../resources/property.js';
import type { Properties } from '../resources/property.js';
import { environmentDocument } from '../template/environment.js';
import type { ParameterSchema } from '../template/parameters.js';
import type { Orchestration } from './orchestration.js';
import { bodyOf, readStackRequest } from './requests.js';

interface Described {
  readonly properties: Properties;
  readonly attributes: readonly string[];
}

const described = (type: string): Described | undefined =>
  type === GROUP
    ? { properties: groupProperties, attributes: groupAttributes }
    : Object.hasOwn(kinds, type)
      ? kinds[type]
      : undefined;

const TYPE_NAMES: Readonly<Record<ParameterSchema['type'], string>> = {
  string: 'String',
  number: 'Number',
  comma_delimited_list: 'CommaDelimitedList',
  json: 'Json',
  boolean: 'Boolean',
};

const ruled = (schema: ParameterSchema): JsonMap => {
  const rules: JsonMap = {};
  for (const {
    range,
    length,
    allowed_values: values,
    allowed_pattern: pattern,
  } of schema.constraints) {
    if (values !== undefined) rules.AllowedValues = values;
    if (pattern !== undefined) rules.AllowedPattern = pattern;
    const bounds = [
      ['MinValue', 'MaxValue', range],
      ['MinLength', 'MaxLength', length],
    ] as const;
    for (const [min, max, given] of bounds) {
      const rule = (given ?? {}) as JsonMap;
      if (rule.min !== undefined) rules[min] = rule.min;
      if (rule.max !== undefined) rules[max] = rule.max;
    }
  }
  return rules;
};

const describeParameter = (schema: ParameterSchema, name: string): Json => ({
  Type: TYPE_NAMES[schema.type],
  Description: schema.description,
  NoEcho: String(schema.hidden),
  Label: schema.label ?? name,
  ...(schema.default === undefined ? {} : { Default: schema.default }),
  ...ruled(schema),
});

/** What the service knows and is: resource types, versions, validation of a template. */
export const catalogRoutes = (app: FastifyInstance, { cloud }: Orchestration): void => {
  app.get('/resource_types', (request) => {
    const wanted = valuesOf(request, 'name').map((pattern) => new RegExp(pattern));
    const types = [...Object.keys(kinds), GROUP].sort();
    return {
      resource_types: types.filter((type) => wanted.every((pattern) => pattern.test(type))),
    };
  });
  app.get('/resource_types/:type', (request) => {
    const type = param(request, 'type');
    const found = described(type);
    if (!found) throw notFound('Resource Type', type);
    const attributes = [...found.attributes, 'show'].map((name) => [name, { type: 'string' }]);
    return {
      resource_type: type,
      properties: mapValues(found.properties, describeProperty),
      attributes: Object.fromEntries(attributes) as JsonMap,
      support_status: { status: 'SUPPORTED', message: null, version: null, previous_status: null },
    };
  });
  app.get('/build_info', () => ({ api: { revision: 'unknown' }, engine: { revision: 'unknown' } }));
  app.get('/services', (request) => {
    if (!request.caller.isAdmin) throw forbidden('service:index');
    return { services: [serviceRow()] };
  });
  app.post('/validate', (request) => {
    const body = bodyOf(request.body);
    if (body.template === undefined) throw badRequest('No template specified');
    const { template, files, environment } = readStackRequest(body);
    const lookup = cloudLookup(cloud, request.caller);
    const identity = { id: '', name: 'validated', projectId: request.caller.projectId };
    const source = { id: '', template: template ?? null, files, environment };
    const blueprint = draw(identity, source, { lookup, lax: true });
    validate(blueprint, lookup);
    return {
      Description: blueprint.template.description,
      Parameters: mapValues(blueprint.template.parameters, describeParameter),
      Environment: environmentDocument(environment),
    };
  });
};

const startedAt = bareMicros();

const serviceRow = (): JsonMap => ({
  id: 'f0c3ff5a-4d6f-4b1e-8c5a-5a4b6c1e2d3f',
  binary: 'heat-engine',
  host: hostname(),
  hostname: hostname(),
  engine_id: '5f1d1ed8-90d4-4c8a-9d5c-2a1f9d7e6b11',
  topic: 'engine',
  status: 'up',
  report_interval: 60,
  created_at: startedAt,
  updated_at: startedAt,
  deleted_at: null,
});
