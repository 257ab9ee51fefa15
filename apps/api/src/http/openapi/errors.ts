import type { JsonSchema } from '../body/field-type.js';
import { errorBody, titleOf } from '../errors/faults.js';

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

interface Refusal {
  /** Of the answer in the document's components. */
  readonly name: string;
  readonly description: string;
  /** What the error may say. */
  readonly says: string;
  /** Headers that come with it. */
  readonly headers?: Readonly<Record<string, string>>;
}

const refusals: ReadonlyMap<number, Refusal> = new Map<number, Refusal>([
  [
    400,
    {
      name: 'BadRequest',
      description: 'The request does not fit.',
      says: "Invalid input for field/attribute node_count. Value: '-1'. Value should be greater or equal to 0",
    },
  ],
  [
    401,
    {
      name: 'Unauthorized',
      description: 'No token, or one that is not valid.',
      says: 'The request you have made requires authentication.',
      headers: { 'WWW-Authenticate': 'Where Keystone is.' },
    },
  ],
  [
    403,
    {
      name: 'Forbidden',
      description: 'Policy or quota does not allow it.',
      says: "Policy doesn't allow cluster:create to be performed.",
    },
  ],
  [
    404,
    {
      name: 'NotFound',
      description: 'No such resource in reach of the caller.',
      says: 'Cluster k8s-2 could not be found.',
    },
  ],
  [
    406,
    {
      name: 'NotAcceptable',
      description: 'The version or the form of the answer is not served.',
      says: 'Invalid value for OpenStack-API-Version header',
    },
  ],
  [
    409,
    {
      name: 'Conflict',
      description: 'The state of the resource, or an ambiguous name, stands against it.',
      says: 'Multiple clusters exist with same name. Please use the cluster uuid instead.',
    },
  ],
  [
    412,
    {
      name: 'PreconditionFailed',
      description: 'The resource is not the one `If-Match` names.',
      says: 'The resource has changed since.',
    },
  ],
  [
    413,
    {
      name: 'TooLarge',
      description: 'The body is too large.',
      says: 'Request is too large.',
    },
  ],
  [
    415,
    {
      name: 'UnsupportedMediaType',
      description: 'The body is not JSON.',
      says: 'Unknown mimetype: text/plain',
    },
  ],
  [
    422,
    {
      name: 'KeyReused',
      description: 'The `Idempotency-Key` was used for another body.',
      says: 'This Idempotency-Key has been used for a request with another body.',
    },
  ],
  [
    429,
    {
      name: 'TooManyRequests',
      description: 'Too many requests of this project.',
      says: 'Too many requests of this project. Please try again in 2 s.',
      headers: { 'Retry-After': 'When to come back, in seconds.' },
    },
  ],
  [
    500,
    {
      name: 'ServerError',
      description: 'A fault of the service.',
      says: "Unexpected error, see the server's log for req-5d12f6fd-a196-4bf0-ae4c-1f639a523a52.",
    },
  ],
  [
    503,
    {
      name: 'Unavailable',
      description:
        'A service behind this one does not answer. For Keystone alone the body is plain text.',
      says: 'The event store is temporarily unavailable.',
      headers: { 'Retry-After': 'When to come back, in seconds.' },
    },
  ],
]);

const schemaOf = (status: number): JsonSchema => {
  const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
  if (status === 401) return ref('Unauthorized');
  if (status === 406) return { anyOf: [ref('Error'), ref('MicroversionUnsupported')] };
  return ref('Error');
};

/** Every answer has it. */
export const requestIdHeader: JsonSchema = {
  'x-openstack-request-id': { $ref: '#/components/headers/RequestId' },
};

export const sharedHeaders: JsonSchema = {
  RequestId: {
    description: 'Id of the request, for whoever reads the logs.',
    schema: { type: 'string', pattern: '^req-[0-9a-f-]{36}$' },
  },
};

const exampleOf = (status: number, detail: string): object => {
  if (status === 401) return { error: { code: 401, title: 'Unauthorized', message: detail } };
  const code = status === 406 ? '' : status < 500 ? 'client' : 'server';
  const title = status === 406 ? 'Not Acceptable' : titleOf(detail);
  return errorBody({ status, code, title, detail });
};

const responseOf = (status: number, { description, headers = {}, says }: Refusal): JsonSchema => ({
  description,
  headers: {
    ...requestIdHeader,
    ...Object.fromEntries(
      Object.entries(headers).map(([name, about]) => [
        name,
        { description: about, schema: { type: 'string' } },
      ]),
    ),
  },
  content: {
    'application/json': { schema: schemaOf(status), example: exampleOf(status, says) },
  },
});

/** All refusals by name, for the components of the document. */
export const errorResponses: JsonSchema = Object.fromEntries(
  [...refusals].map(([status, refusal]) => [refusal.name, responseOf(status, refusal)]),
);

/** A reference to the answer of that status. */
export const errorResponse = (status: number): JsonSchema => {
  const refusal = refusals.get(status);
  if (refusal === undefined) throw new Error(`nothing is said of status ${status}`);
  return { $ref: `#/components/responses/${refusal.name}` };
};
