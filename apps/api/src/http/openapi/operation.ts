import type { DtoClass } from '../body/field-type.js';

/** What the API document says of a route beside what its decorators enforce. */
export interface OperationFacts {
  readonly summary: string;
  readonly description?: string;
  /** The answer's object. */
  readonly answers?: () => DtoClass;
  /** The answer is a page `{"<member>": […], "next"?}` of such objects. */
  readonly listedAs?: string;
  /** What later versions answer instead, with 202. */
  readonly accepts?: () => DtoClass;
  /** With `dry_run` it only says what would happen, with 200. */
  readonly tries?: boolean;
  /** Headers it heeds beside those every route does. */
  readonly headers?: readonly HeededHeader[];
  /** Statuses of refusals beside those every route has. */
  readonly errors?: readonly number[];
  /** Explains the names in the path. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export type HeededHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match';

const key = 'jeroboam:operation';

/** Describes a route for the API document. */
export const Operation =
  (facts: OperationFacts): MethodDecorator =>
  (target, method) => {
    Reflect.defineMetadata(key, facts, target, method);
  };

export const operationOf = (controller: object, method: string): OperationFacts =>
  (Reflect.getMetadata(key, controller, method) as OperationFacts | undefined) ?? {
    summary: method,
  };
