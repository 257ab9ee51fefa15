import type { JsonMap } from './json.js';

const EXPLANATIONS: Readonly<Record<number, readonly [title: string, explanation: string]>> = {
  400: [
    'Bad Request',
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  ],
  401: [
    'Unauthorized',
    'This server could not verify that you are authorized to access the document you requested. ' +
      'Either you supplied the wrong credentials (e.g., bad password), or your browser does not ' +
      'understand how to supply the credentials required.',
  ],
  403: ['Forbidden', 'Access was denied to this resource.'],
  404: ['Not Found', 'The resource could not be found.'],
  409: ['Conflict', 'There was a conflict when trying to complete your request.'],
  500: [
    'Internal Server Error',
    'The server has either erred or is incapable of performing the requested operation.',
  ],
};

/** A refusal in Heat's own form: HTTP status, the name of Heat's exception class and its message. */
export class HeatError extends Error {
  override readonly name = 'HeatError';

  constructor(
    readonly code: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }

  body(): JsonMap {
    const [title, explanation] = EXPLANATIONS[this.code] ?? ['Error', this.message];
    return {
      explanation,
      code: this.code,
      error: { message: this.message, traceback: null, type: this.type },
      title,
    };
  }
}

/** `resources.masters.resources[0].properties`: numbers stand in brackets. */
export const pathText = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, step) => {
    if (/^\d+$/.test(String(step))) return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${step}`;
  }, '');

/** What is wrong with a template or its values, and where; outer layers prepend to the path. */
export class ValidationFailed extends HeatError {
  constructor(
    readonly detail: string,
    readonly path: readonly (string | number)[] = [],
    readonly label = '',
  ) {
    const parts = [label, pathText(path), detail].filter((part) => part !== '');
    super(400, 'StackValidationFailed', parts.join(': : '));
  }
}

/** Runs the check; what it finds wrong is said to lie under `path`. */
export const under = <T>(path: readonly (string | number)[], label: string, check: () => T): T => {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof ValidationFailed)) throw error;
    throw new ValidationFailed(error.detail, [...path, ...error.path], error.label || label);
  }
};

export const notFound = (entity: string, name: string): HeatError =>
  new HeatError(404, 'EntityNotFound', `The ${entity} (${name}) could not be found.`);

export const badRequest = (message: string): HeatError =>
  new HeatError(400, 'HTTPBadRequest', message);

export const forbidden = (action: string): HeatError =>
  new HeatError(403, 'Forbidden', `You are not authorized to use ${action}.`);
