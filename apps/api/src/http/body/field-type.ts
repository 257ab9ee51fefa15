/** JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Bounds an operator sets, which no single field knows. */
export interface BodyLimits {
  /** Entries in one map of labels. */
  readonly labels: number;
  /** Characters of one label's key or value. */
  readonly labelChars: number;
}

/** Where a value came from: the same type reads text of a query and JSON of a body. */
export interface Place {
  readonly source: 'body' | 'query' | 'patch';
  readonly limits: BodyLimits;
}

/** One kind of value on the wire: how it is read, and how the API document shows it. */
export interface FieldType {
  /** Value as the application takes it. Throws {@link Misfit}. `null` and absent never get here. */
  parse(value: unknown, place: Place): unknown;
  readonly schema: JsonSchema;
  /** Class of the members, for objects (`one`) and lists of objects (`many`) in replies. */
  readonly nested?: { readonly of: () => DtoClass; readonly many: boolean };
}

/** A class of fields. */
export type DtoClass<T extends object = object> = new () => T;

/** The value does not fit its type. The reason goes to the client. */
export class Misfit extends Error {
  override readonly name = 'Misfit';

  constructor(
    reason: string,
    /** Faults that upstream blames on the argument as a whole. */
    readonly blames: 'field' | 'argument' = 'field',
  ) {
    super(reason);
  }
}
