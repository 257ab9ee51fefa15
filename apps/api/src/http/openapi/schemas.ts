import { fieldsOf, type Field } from '../body/fields.js';
import type { DtoClass, JsonSchema } from '../body/field-type.js';
import { UNTIL } from '../microversion/history.js';
import type { VersionRange } from '../microversion/microversion.js';

/** Whether members are written or read: read-only ones cannot be written. */
export type Direction = 'request' | 'response';

/** Versions as OpenStack's own documents mark them. */
export const versionMarks = ({ since, until }: VersionRange): JsonSchema => ({
  ...(since === undefined ? {} : { 'x-openstack-min-ver': since }),
  ...(until === undefined ? {} : { 'x-openstack-max-ver': until }),
});

const defined = (members: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

const orNull = (schema: JsonSchema): JsonSchema => {
  if ('$ref' in schema) return { anyOf: [schema, { type: 'null' }] };
  if (typeof schema['type'] !== 'string') return schema;
  const { enum: words, ...rest } = schema;
  return {
    ...rest,
    type: [schema['type'], 'null'],
    ...(Array.isArray(words) ? { enum: [...(words as unknown[]), null] } : {}),
  };
};

const isNeverNull = ({ options }: Field, direction: Direction): boolean =>
  options.required === true ||
  (options.notNull === true && (direction === 'request' || options.nullShown !== true));

/** `Cluster` and `ClusterRequest` of `ClusterDto`. */
const nameOf = ({ name }: DtoClass, direction: Direction): string => {
  const noun = name.replace(/Dto$/, '');
  return noun === name || direction === 'response' ? noun : `${noun}Request`;
};

/** Members that a class inherits and does not have end before the first version. */
const isEver = ({ until }: VersionRange): boolean => until !== UNTIL.never;

/** Schemas of classes by name; each is written once. */
export class Schemas {
  readonly components: Record<string, JsonSchema> = {};

  /** A reference to the class's schema. A class may be written and read: those are two schemas. */
  ref(dto: DtoClass, direction: Direction): JsonSchema {
    const name = nameOf(dto, direction);
    if (!(name in this.components)) {
      this.components[name] = {};
      this.components[name] = this.object(dto, direction);
    }
    return { $ref: `#/components/schemas/${name}` };
  }

  private object(dto: DtoClass, direction: Direction): JsonSchema {
    const fields = [...fieldsOf(dto).values()].filter(
      ({ options }) => isEver(options) && (direction === 'response' || !options.readOnly),
    );
    const required = fields
      .filter(({ options }) => direction === 'request' && options.required)
      .map(({ name }) => name);
    return {
      type: 'object',
      properties: Object.fromEntries(
        fields.map((field) => [field.name, this.member(field, direction)]),
      ),
      ...(required.length === 0 ? {} : { required }),
      ...(direction === 'request' ? { additionalProperties: false } : {}),
    };
  }

  private member(field: Field, direction: Direction): JsonSchema {
    const { options } = field;
    const schema = this.typeOf(field, direction);
    return defined({
      ...(isNeverNull(field, direction) ? schema : orNull(schema)),
      description: options.description,
      examples: options.example === undefined ? undefined : [options.example],
      default: direction === 'request' ? options.default : undefined,
      ...versionMarks(options),
    });
  }

  private typeOf({ type }: Field, direction: Direction): JsonSchema {
    if (type.nested === undefined) return type.schema;
    const ref = this.ref(type.nested.of(), direction);
    return type.nested.many ? { type: 'array', items: ref } : ref;
  }
}
