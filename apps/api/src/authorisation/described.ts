import type { Answered } from '../testing/api-under-test.js';

interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Response {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** As much of an OpenAPI document as answers are held against. */
export interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { responses: Readonly<Record<string, Response>> }>>>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const membersBeyond = (value: unknown, schema: Schema, { components }: Description): string[] => {
  const name = schema.$ref?.split('/').at(-1);
  const { items, properties } = name === undefined ? schema : (components.schemas[name] ?? {});
  const within = (one: unknown, of: Schema): string[] =>
    membersBeyond(one, of, { components, paths: {} });
  if (Array.isArray(value)) return value.flatMap((one) => within(one, items ?? {}));
  if (typeof value !== 'object' || value === null || properties === undefined) return [];
  return Object.entries(value).flatMap(([member, one]) => {
    const known = properties[member];
    return known === undefined ? [member] : within(one, known).map((deep) => `${member}.${deep}`);
  });
};

const schemaOf = ({ content }: Response): Schema => content?.['application/json']?.schema ?? {};

/** What an answer shows that the document does not: its status, or members. `route` as it is registered. */
export const undescribed = (
  route: string,
  { status, body }: Answered,
  description: Description,
): readonly string[] => {
  const [method = '', pattern = ''] = route.split(' ');
  const path = description.paths[pattern.replaceAll(/:(\w+)/g, '{$1}')];
  const response = path?.[method.toLowerCase()]?.responses[status];
  if (response === undefined) return [`${route}: ${status}`];
  const members = membersBeyond(body, schemaOf(response), description);
  return members.map((member) => `${route}: ${member}`);
};
