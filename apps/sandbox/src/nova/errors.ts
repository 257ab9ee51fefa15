import { Refusal } from '../refusal.js';

/** Nova's and Cinder's form: the kind of fault is the key. */
const refusal = (code: number, key: string, message: string): Refusal =>
  new Refusal(code, message, { [key]: { code, message } });

export const notFound = (message: string): Refusal => refusal(404, 'itemNotFound', message);

export const badRequest = (message: string): Refusal => refusal(400, 'badRequest', message);

export const conflict = (message: string): Refusal => refusal(409, 'conflictingRequest', message);

export const forbidden = (action: string): Refusal =>
  refusal(403, 'forbidden', `Policy doesn't allow ${action} to be performed.`);

export const unsupportedVersion = (wanted: string, latest: string): Refusal =>
  refusal(
    406,
    'computeFault',
    `Version ${wanted} is not supported by the API. Minimum is 2.1 and maximum is ${latest}.`,
  );
