import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { controllers } from '../../controllers.js';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { typeBody } from '../body/typing.js';
import { inputsOf } from '../decorators.js';
import { Admission } from '../edge/admission.js';
import { Microversion } from '../microversion/microversion.js';
import { parsePatch } from '../patch/patch-document.js';
import { openApiDocument } from './document.js';
import { exampleOf, patchExampleOf } from './examples.js';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { name: string; in: string; description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { example?: unknown }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

const text = JSON.stringify(openApiDocument(controllers));
const document = JSON.parse(text) as Record<string, unknown> & {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(
    ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
  ),
);

/** The root of the repository: tests run there. */
const committed = join(process.cwd(), 'docs/openapi.json');

describe('the document of the API', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await ApiUnderTest.start();
  });
  afterAll(() => api.stop());

  it('is committed as it is (else: npm run openapi)', () => {
    expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(document);
  });

  it('obeys the rules of OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { errors, valid } = await validator.validate(structuredClone(document));
    expect([errors, valid, validator.version]).toEqual([undefined, true, '3.1']);
  });

  it('is served', async () => {
    const answer = await api.ask('GET /v1/openapi.json', { token: '' });
    expect([answer.status, answer.body]).toEqual([200, document]);
  });

  it('has every route that is registered, and no other', () => {
    const routes = api.app.get(Admission).routes.all();
    const patterns = routes.map((route) => route.replaceAll(/:(\w+)/g, '{$1}'));
    expect(operations.map(([route]) => route).toSorted()).toEqual(patterns.toSorted());
  });

  it('refers to nothing that is not there', () => {
    const missing = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].filter(([, path = '']) => {
      let at: unknown = document;
      for (const part of path.split('/')) at = (at as Record<string, unknown> | undefined)?.[part];
      return at === undefined;
    });
    expect(missing.map(([reference]) => reference)).toEqual([]);
  });

  it('gives each operation a name of its own', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe.each(operations)('%s', (route, operation) => {
  it('is described with its parameters and refusals', () => {
    expect(operation.summary).toMatch(/^\S.*\S$/);
    const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const named = operation.parameters.filter((one) => one.in === 'path');
    expect(named.map(({ name }) => name)).toEqual(inPath);
    expect(named.filter(({ description }) => description === undefined)).toEqual([]);
    const statuses = Object.keys(operation.responses);
    const own = operation.security?.length === 0 ? ['500'] : ['401', '403', '429', '500', '503'];
    expect(statuses).toEqual(expect.arrayContaining(own));
    expect(statuses.some((status) => status < '300')).toBe(true);
  });
});

describe('examples of requests', () => {
  const typing = {
    microversion: Microversion.of('1.12'),
    limits: { labels: 256, labelChars: 16_384 },
  };
  const inputs = controllers.flatMap((controller) => {
    const prototype = controller.prototype as object;
    return Object.getOwnPropertyNames(prototype).map(
      (name) => [`${controller.name}.${name}`, inputsOf(prototype, name)] as const,
    );
  });
  const bodied = inputs.flatMap(([name, { body }]) => (body ? [[name, body] as const] : []));
  const patched = inputs.flatMap(([name, { patch }]) => (patch ? [[name, patch] as const] : []));

  it('are there for all that have a body', () => {
    const without = operations.filter(
      ([, { requestBody }]) => requestBody?.content['application/json']?.example === null,
    );
    expect(without).toEqual([]);
    expect(operations.filter(([, { requestBody }]) => requestBody !== undefined)).toHaveLength(
      bodied.length + patched.length,
    );
  });

  it.each(bodied)('%s takes its own', (_name, { dto, name }) => {
    const body = exampleOf(dto(), 'request');
    expect(Object.keys(body).length).toBeGreaterThan(0);
    expect(typeBody(dto(), { name, body }, typing)).toMatchObject(body);
  });

  it.each(patched)('%s takes its own', (_name, rules) => {
    const example = patchExampleOf(rules);
    expect(example.length).toBeGreaterThan(0);
    expect(() => parsePatch(example, rules)).not.toThrow();
  });
});
