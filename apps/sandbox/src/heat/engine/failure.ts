import { Refusal } from '../../refusal.js';
import { HeatError, ValidationFailed, pathText } from '../heat-error.js';
import { ResourceError } from '../resources/kind.js';

const KINDS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'OverLimit',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

const kindOf = (error: unknown): string => {
  if (error instanceof ResourceError) return error.kind;
  if (error instanceof Refusal) return KINDS[error.status] ?? 'HttpException';
  return error instanceof HeatError ? error.type : 'Exception';
};

const messageOf = (error: unknown): string => {
  if (error instanceof Refusal) return `${error.message} (HTTP ${error.status})`;
  if (error instanceof ValidationFailed) return error.detail;
  return error instanceof Error ? error.message : String(error);
};

/** Whether the error is the outcome of a call to the cloud, not a fault of this program. */
export const isExpected = (error: unknown): boolean =>
  error instanceof ResourceError || error instanceof Refusal || error instanceof HeatError;

/** `ResourceInError: resources.server: Went to status ERROR due to "…"` */
export const reasonOf = (error: unknown, resource: string): string =>
  `${kindOf(error)}: ${pathText(['resources', resource])}: ${messageOf(error)}`;

/**
 * The reason of a resource whose inside has failed: the same, with the way to it made longer.
 *
 * @param inner reason of the inner stack: `Resource CREATE failed: ResourceInError: resources[0]: …`
 */
export const reasonFromInside = (inner: string, resource: string): string => {
  const here = pathText(['resources', resource]);
  const failed = /^Resource \w+ failed: (\w+): (resources[^ ]*): (.*)$/s.exec(inner);
  if (!failed) return `${here}: ${inner}`;
  const [, kind, path, message] = failed;
  return `${kind}: ${here}.${path}: ${message}`;
};

export const abortedReason = (
  resource: { readonly name: string; readonly type: string; readonly action: string },
  stack: { readonly name: string; readonly id: string },
): string => {
  const className =
    resource.type
      .split('::')
      .at(-1)
      ?.replace(/^.*\.(yaml|template)$/, 'TemplateResource') ?? '';
  return (
    `${resource.action} aborted (Task ${resource.action.toLowerCase()} from ${className} ` +
    `"${resource.name}" Stack "${stack.name}" [${stack.id}] Timed out)`
  );
};
