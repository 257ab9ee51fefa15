import fc, { type Arbitrary } from 'fast-check';
import type { JsonSchema } from '../http/body/field-type.js';
import { anything, SchemaValues } from './schema-values.js';

/** What is sent. `<cluster>`, `<template>`, `<nodegroup>`, `<project>` stand for ids of the scene. */
export interface FuzzRequest {
  readonly method: string;
  readonly url: string;
  /** User, as `ApiUnderTest.tokenOf` takes it; `null`: no token. */
  readonly as: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | null;
}

interface Operation {
  readonly parameters: readonly { name: string; in: string; schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: JsonSchema }>> };
}

/** As much of an OpenAPI document as the fuzzer reads. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

const NOBODY = '00000000-0000-4000-8000-000000000000';

const inPath: Readonly<Record<string, readonly string[]>> = {
  id: ['c1', '<cluster>', '<template>', 'k8s', 'default-worker', '<nodegroup>', 'gpu', '1'],
  cluster: ['c1', '<cluster>', 'c2', '<failed>'],
  project: ['<project>', 'unknown'],
  resource: ['Cluster', 'cluster', 'Node'],
};

const oddSegments = [NOBODY, 'detail', '%', '%zz', '%00', '%2e%2e', '%F0%9F%98%80', '.json', ''];

const segment = (name: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 18, arbitrary: fc.constantFrom(...(inPath[name] ?? ['c1'])) },
    { weight: 1, arbitrary: fc.constantFrom(...oddSegments, 'x'.repeat(1100)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map(encoded) },
  );

const encoded = (value: string): string => encodeURIComponent(value.toWellFormed());

const pathOf = (pattern: string): Arbitrary<string> =>
  fc
    .tuple(
      ...pattern
        .split('/')
        .map((part) => (part.startsWith('{') ? segment(part.slice(1, -1)) : fc.constant(part))),
    )
    .chain((parts) => {
      const path = parts.join('/');
      const bent = [`${path}/`, path.replace('/v1', ''), `/v2${path}`, path.toUpperCase()];
      return fc.oneof(
        { weight: 12, arbitrary: fc.constant(path) },
        { weight: 1, arbitrary: fc.constantFrom(...bent.map((one) => one || '/')) },
      );
    });

const usualArguments = new Map<string, readonly string[]>(
  Object.entries({
    limit: ['1', '2', '1000', '0', '-1', 'x', ''],
    marker: ['<cluster>', '<template>', '<nodegroup>', '1', NOBODY, 'x'],
    sort_key: ['id', 'uuid', 'name', 'created_at', 'status', 'labels', 'node_count', '1; --'],
    sort_dir: ['asc', 'desc', 'up'],
    rollback: ['true', '0', 'maybe'],
    at: ['2026-01-01T12:30:00Z', '2026-01-01', '9999-99-99', ''],
  }),
);

const argumentValue = (name: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(usualArguments.get(name) ?? ['true', 'cluster'])) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  );

const queryOf = ({ parameters }: Operation): Arbitrary<string> => {
  const names = parameters.filter((one) => one.in === 'query').map(({ name }) => name);
  const name = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...names, ...(names.length === 0 ? ['x'] : [])) },
    { weight: 1, arbitrary: fc.constantFrom('unknown', '__proto__', 'constructor', '') },
  );
  const pair = name.chain((one) =>
    argumentValue(one).map((value) => `${encoded(one)}=${encoded(value)}`),
  );
  const some = fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&'));
  return fc.oneof(
    { weight: names.length === 0 ? 40 : 8, arbitrary: fc.constant('') },
    { weight: names.length === 0 ? 1 : 8, arbitrary: some.map((query) => `?${query}`) },
    { weight: 1, arbitrary: fc.constantFrom('?', '?&&', '?%', '?=', '?a[]=1&a[b]=2') },
  );
};

const broken = fc.oneof(
  fc.constantFrom('', '{', '[]', 'null', '""', '0', '\u0000', '[{}]', '{"a":1}{', '[null]'),
  fc.constantFrom('['.repeat(5000), '{"a":'.repeat(200) + '1' + '}'.repeat(200)),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value)),
);

/** Names a patch may speak of: every member of every object in the document. */
const membersOf = ({ components }: ApiDocument): readonly string[] => [
  ...new Set(
    Object.values(components.schemas).flatMap(({ properties }) => Object.keys(properties ?? {})),
  ),
];

const usefulPaths = [
  ...['/node_count', '/labels/a', '/min_node_count', '/max_node_count', '/health_status'],
  ...['/name', '/public', '/hidden', '/tags', '/labels', '/node_labels', '/node_taints'],
];

const patchOf = (names: readonly string[]): Arbitrary<unknown> => {
  const path = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...usefulPaths) },
    { weight: 4, arbitrary: fc.constantFrom(...names).map((name) => `/${name}`) },
    { weight: 1, arbitrary: fc.constantFrom('/__proto__', '/__proto__/x', '/a/b/c', '', '/', 'x') },
    { weight: 1, arbitrary: anything },
  );
  const literals = ["{'a': 'b'}", '{"a": 1}', '[', "{'a': ", "[{'key': 'k'}]", 'None', '((((', '{'];
  const value = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...literals, 0, 1, 2, 3, 'x', 'HEALTHY', true, '4') },
    { weight: 2, arbitrary: anything },
  );
  const op = fc.constantFrom('replace', 'replace', 'replace', 'add', 'remove', 'test', null);
  const step = fc.record({ op, path, value }, { requiredKeys: ['path', 'op'] });
  return fc.array(step, { maxLength: 3 });
};

const bodyOf = (operation: Operation, document: ApiDocument): Arbitrary<string | null> => {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (schema === undefined)
    return fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: broken });
  const values = new SchemaValues(document.components.schemas);
  const isPatch = schema['$ref'] === '#/components/schemas/JsonPatch';
  const valid = isPatch ? patchOf(membersOf(document)) : values.of(schema);
  return fc.oneof(
    { weight: 20, arbitrary: valid.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: broken },
    { weight: 1, arbitrary: anything.map((value) => JSON.stringify(value)) },
  );
};

const users = [
  ...Array.from({ length: 10 }, () => 'demo'),
  ...['admin', 'admin', 'demo_reader@demo', 'alt_demo', null],
];

const versions = [
  ...Array.from({ length: 14 }, (_, minor) => `1.${minor + 1}`),
  ...Array.from({ length: 10 }, () => '1.10'),
  ...Array.from({ length: 10 }, () => '1.12'),
  ...['latest', '1.99', '2.0', 'x', ''],
];

const usually = (usual: string, ...others: readonly string[]): Arbitrary<string> =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const headers: Arbitrary<Record<string, string>> = fc
  .record(
    {
      version: fc.constantFrom(...versions),
      accept: usually('application/json', '*/*', 'text/html', 'application/*;q=0.1', ',;'),
      type: usually('application/json', 'application/json; charset=utf-8', 'text/plain', ''),
      key: fc.constantFrom('key-1', 'key-2', 'k'.repeat(300)),
      match: fc.constantFrom('*', '"x"', 'W/"1"', 'x'),
      id: fc.constantFrom('req-x', `req-${NOBODY}`),
    },
    { requiredKeys: ['version'] },
  )
  .map(({ version, accept, type, key, match, id }) => ({
    'openstack-api-version': `container-infra ${version}`,
    ...(accept === undefined ? {} : { accept }),
    'content-type': type ?? 'application/json',
    ...(key === undefined ? {} : { 'idempotency-key': key }),
    ...(match === '*' || match === undefined ? {} : { 'if-match': match }),
    ...(id === undefined ? {} : { 'x-openstack-request-id': id }),
  }));

const otherMethods = ['PUT', 'HEAD', 'OPTIONS', 'DELETE', 'POST', 'PATCH', 'GET'];

const methodOf = (method: string): Arbitrary<string> =>
  fc.oneof(
    { weight: 24, arbitrary: fc.constant(method.toUpperCase()) },
    { weight: 1, arbitrary: fc.constantFrom(...otherMethods) },
  );

/** Requests of every operation of the document, most of them nearly right. */
export const requestsOf = (document: ApiDocument): Arbitrary<FuzzRequest> => {
  const each = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const url = fc
        .tuple(pathOf(path), queryOf(operation))
        .map(([one, query]) => `${one}${query}`);
      const payload = bodyOf(operation, document);
      return fc.record({
        method: methodOf(method),
        url,
        as: fc.constantFrom(...users),
        headers,
        payload,
      });
    }),
  );
  return fc.oneof(...each);
};
