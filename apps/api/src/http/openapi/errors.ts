import type { JsonSchema } from '../body/field-type.js';

const text = { type: 'string' } as const;

const errorObject = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['request_id', 'code', 'status', 'title', 'detail', 'links'],
        properties: {
          request_id: text,
          code: { type: 'string', enum: ['client', 'server', ''] },
          status: { type: 'integer' },
          title: { type: 'string', description: 'The detail up to its first full stop.' },
          detail: text,
          links: { type: 'array', items: {} },
        },
      },
    },
  },
};

const unsupportedVersion = {
  type: 'object',
  required: ['errors'],
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code', 'title', 'max_version', 'min_version', 'links'],
        properties: {
          code: { const: 'magnum.microversion-unsupported' },
          title: text,
          description: text,
          max_version: text,
          min_version: text,
          links: { type: 'array', items: { type: 'object' } },
        },
      },
    },
  },
};

const unauthorized = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: { code: { const: 401 }, title: text, message: text },
    },
  },
};

export const errorSchemas: Readonly<Record<string, JsonSchema>> = {
  Error: errorObject,
  MicroversionUnsupported: unsupportedVersion,
  Unauthorized: unauthorized,
};

const descriptions: Readonly<Record<number, string>> = {
  400: 'The request does not fit.',
  401: 'No token, or one that is not valid.',
  403: 'Policy or quota does not allow it.',
  404: 'No such resource in reach of the caller.',
  405: 'Not a method of this path; `Allow` names those that are.',
  406: 'The version or the form of the answer is not served.',
  409: 'The state of the resource, or an ambiguous name, stands against it.',
  412: 'The resource is not the one `If-Match` names.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: 'The `Idempotency-Key` was used for another body.',
  429: 'Too many requests of this project; `Retry-After` says when to come back.',
  500: 'A fault of the service.',
  503: 'Keystone or the event store does not answer.',
};

const schemaOf = (status: number): JsonSchema => {
  const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
  if (status === 401) return ref('Unauthorized');
  if (status === 406) return { anyOf: [ref('Error'), ref('MicroversionUnsupported')] };
  return ref('Error');
};

/** The answer of a status as the document has it. */
export const errorResponse = (status: number): JsonSchema => ({
  description: descriptions[status] ?? 'Refused.',
  content: { 'application/json': { schema: schemaOf(status) } },
});
