import { RequestMethod, type Type } from '@nestjs/common';
import { HTTP_CODE_METADATA, METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { fieldsOf } from '../body/fields.js';
import type { DtoClass, JsonSchema } from '../body/field-type.js';
import { inputsOf, routeFactsOf, type Inputs } from '../decorators.js';
import { DryRunDto } from '../../dry-run/dry-run.dto.js';
import type { RouteFacts } from '../request-state.js';
import {
  errorResponse,
  errorResponses,
  errorSchemas,
  requestIdHeader,
  sharedHeaders,
} from './errors.js';
import { exampleOf, patchExampleOf } from './examples.js';
import { operationOf, type HeededHeader, type OperationFacts } from './operation.js';
import { Schemas, versionMarks } from './schemas.js';

interface Route {
  readonly method: string;
  /** `/v1/clusters/{id}` */
  readonly path: string;
  readonly name: string;
  readonly tag: string;
  readonly status: number;
  readonly inputs: Inputs;
  readonly facts: RouteFacts;
  readonly operation: OperationFacts;
}

const joined = (...parts: readonly string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;

const textsOf = (value: unknown): readonly string[] =>
  [value].flat().map((one) => (typeof one === 'string' ? one : ''));

/** Collection of the resource a path leads to. */
const tagOf = (path: string): string =>
  /^\/v1\/clusters\/\{\w+\}\/(nodegroups|events)/.exec(path)?.[1] ??
  /^\/v1\/(\w+)(?:\/|$)/.exec(path)?.[1] ??
  'discovery';

const handlersOf = (prototype: object): readonly (readonly [string, object])[] =>
  Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return typeof handler === 'function' && Reflect.hasMetadata(METHOD_METADATA, handler)
      ? [[name, handler] as const]
      : [];
  });

const routesOf = (controller: Type): Route[] => {
  const prototype = controller.prototype as object;
  return handlersOf(prototype).flatMap(([name, handler]) => {
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    const status = Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined;
    const bases = textsOf(Reflect.getMetadata(PATH_METADATA, controller));
    const ends = textsOf(Reflect.getMetadata(PATH_METADATA, handler));
    return bases.flatMap((base) =>
      ends.map((end) => {
        const path = joined(base, end).replace(/:(\w+)/g, '{$1}');
        return {
          method: method.toLowerCase(),
          path,
          name,
          tag: tagOf(path),
          status: status ?? (method === 'POST' ? 201 : 200),
          inputs: inputsOf(prototype, name),
          facts: routeFactsOf(handler),
          operation: operationOf(prototype, name),
        };
      }),
    );
  });
};

const versionHeader = {
  name: 'OpenStack-API-Version',
  in: 'header',
  description: '`container-infra 1.10`, or `container-infra latest`. Absent: 1.1.',
  schema: { type: 'string' },
};

const heeded: Readonly<Record<HeededHeader, string>> = {
  'Idempotency-Key': 'The same request with the same key does the same once.',
  'If-Match': 'ETag of the state that the request is meant for; 412 when it is another.',
  'If-None-Match': 'ETag of what the client has; 304 when it is that still.',
};

const headersOf = ({ path, operation }: Route): JsonSchema[] => [
  ...(operation.headers ?? []).map((name) => ({
    name,
    in: 'header',
    description: heeded[name],
    schema: { type: 'string' },
  })),
  ...(path.startsWith('/v1') ? [versionHeader] : []),
];

const parametersOf = (route: Route): JsonSchema[] => {
  const { path, inputs, operation } = route;
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(operation.parameters?.[name] === undefined
      ? {}
      : { description: operation.parameters[name] }),
    schema: { type: 'string' },
  }));
  const fields = inputs.query === undefined ? [] : [...fieldsOf(inputs.query()).values()];
  const inQuery = fields.map(({ name, type, options }) => ({
    name,
    in: 'query',
    ...(options.description === undefined ? {} : { description: options.description }),
    schema: {
      ...type.schema,
      ...(options.default === undefined ? {} : { default: options.default }),
    },
    ...versionMarks(options),
  }));
  return [...inPath, ...inQuery, ...headersOf(route)];
};

/** A JSON patch in the dialect of this API. */
const patchSchema: JsonSchema = {
  type: 'array',
  items: {
    type: 'object',
    required: ['path', 'op'],
    additionalProperties: false,
    properties: {
      path: { type: 'string', pattern: '^(/[\\w-]+)+$' },
      op: { type: 'string', enum: ['replace', 'add', 'remove'] },
      value: {
        type: ['string', 'integer', 'boolean'],
        description: 'Maps are written as a Python or JSON literal in text.',
      },
    },
  },
};

const bodyOf = ({ inputs }: Route, schemas: Schemas): JsonSchema => {
  const content = (schema: JsonSchema, example: unknown) => ({
    requestBody: { required: true, content: { 'application/json': { schema, example } } },
  });
  if (inputs.patch !== undefined)
    return content({ $ref: '#/components/schemas/JsonPatch' }, patchExampleOf(inputs.patch));
  const dto = inputs.body?.dto();
  return dto === undefined ? {} : content(schemas.ref(dto, 'request'), exampleOf(dto, 'request'));
};

const pageOf = (member: string, item: JsonSchema): JsonSchema => ({
  type: 'object',
  required: [member],
  properties: {
    [member]: { type: 'array', items: item },
    next: { type: 'string', format: 'uri', description: 'The next page, when this one is full.' },
  },
});

/** Answers may be in no class's words: what those of discovery say is in the contract. */
const contentOf = ({ operation }: Route, schemas: Schemas): JsonSchema => {
  const dto: DtoClass | undefined = operation.answers?.();
  if (dto === undefined) return { schema: {} };
  const item = schemas.ref(dto, 'response');
  const example = exampleOf(dto, 'response');
  const { listedAs } = operation;
  return listedAs === undefined
    ? { schema: item, example }
    : { schema: pageOf(listedAs, item), example: { [listedAs]: [example] } };
};

const answerOf = (route: Route, schemas: Schemas): JsonSchema => {
  const { facts, status } = route;
  const headers = requestIdHeader;
  if (status === 204) return { description: 'Done.', headers };
  const content = contentOf(route, schemas);
  const text = { schema: { type: 'string' } };
  const types = facts.produces ?? ['application/json'];
  return {
    description: status === 202 ? 'Accepted.' : 'Done.',
    headers,
    content: Object.fromEntries(
      types.map((type) => [type, type === 'application/json' ? content : text]),
    ),
  };
};

/** Where early versions wait for what later ones only accept. */
const acceptanceOf = ({ operation: { accepts } }: Route, schemas: Schemas): JsonSchema => {
  if (accepts === undefined) return {};
  const schema = schemas.ref(accepts(), 'response');
  const content = { 'application/json': { schema, example: exampleOf(accepts(), 'response') } };
  return { 202: { description: 'Accepted.', headers: requestIdHeader, content } };
};

const trialOf = ({ operation }: Route, schemas: Schemas): JsonSchema => {
  if (!operation.tries) return {};
  const schema = schemas.ref(DryRunDto, 'response');
  return {
    200: { description: 'What would happen.', content: { 'application/json': { schema } } },
  };
};

const unchangedOf = ({ operation: { headers = [] } }: Route): JsonSchema =>
  headers.includes('If-None-Match')
    ? { 304: { description: 'As `If-None-Match` has it.', headers: requestIdHeader } }
    : {};

const ownErrors = ({ headers = [], errors = [] }: OperationFacts): readonly number[] =>
  headers.includes('If-Match') ? [412, ...errors] : errors;

const statusesOf = ({ inputs, facts, path, operation }: Route): readonly number[] => {
  const common = facts.isPublic ? [] : [401, 403, 429, 503];
  const versioned = path.startsWith('/v1') ? [400, 406] : [];
  const bodied = inputs.body === undefined && inputs.patch === undefined ? [] : [413, 415];
  const named = path.includes('{') ? [404, 409] : [];
  const all = [...common, ...versioned, ...bodied, ...named, ...ownErrors(operation), 500];
  return [...new Set(all)].sort((one, other) => one - other);
};

const operationObject = (route: Route, schemas: Schemas): JsonSchema => ({
  operationId: `${route.tag}_${route.name}`,
  tags: [route.tag],
  summary: route.operation.summary,
  ...(route.operation.description === undefined
    ? {}
    : { description: route.operation.description }),
  ...versionMarks(route.facts),
  ...(route.facts.isPublic ? { security: [] } : {}),
  parameters: parametersOf(route),
  ...bodyOf(route, schemas),
  responses: {
    [route.status]: answerOf(route, schemas),
    ...trialOf(route, schemas),
    ...acceptanceOf(route, schemas),
    ...unchangedOf(route),
    ...Object.fromEntries(statusesOf(route).map((status) => [status, errorResponse(status)])),
  },
});

/** The OpenAPI 3.1 document of some controllers: the same for every installation. */
export const openApiDocument = (controllers: readonly Type[]): JsonSchema => {
  const schemas = new Schemas();
  const routes = controllers
    .flatMap(routesOf)
    .sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes)
    (paths[route.path] ??= {})[route.method] = operationObject(route, schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Container infrastructure',
      version: 'v1',
      description:
        'Clusters of containers on OpenStack. Members and routes that exist from or up to a version carry `x-openstack-min-ver` and `x-openstack-max-ver`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where container-infra is in the catalog, without `/v1`.' }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Auth-Token',
          description: 'A token of Keystone, scoped to a project.',
        },
      },
      headers: sharedHeaders,
      responses: errorResponses,
      schemas: { ...errorSchemas, JsonPatch: patchSchema, ...schemas.components },
    },
  };
};
