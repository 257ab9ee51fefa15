import { Refusal } from '../refusal.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  501: 'Not Implemented',
};

const refusal = (code: number, message: string, headers?: Record<string, string>): Refusal =>
  new Refusal(code, message, { error: { code, message, title: TITLES[code] } }, headers);

export const badRequest = (message: string): Refusal => refusal(400, message);

/** @param uri where to authenticate; the header clients look for names it */
export const unauthorized = (uri: string): Refusal =>
  refusal(401, 'The request you have made requires authentication.', {
    'www-authenticate': `Keystone uri="${uri}"`,
  });

export const forbidden = (message: string): Refusal => refusal(403, message);

/** @param action of the policy, `identity:create_user` */
export const notPermitted = (action: string): Refusal =>
  forbidden(`You are not authorized to perform the requested action: ${action}.`);

export const notFound = (what: string, id: string): Refusal =>
  refusal(404, `Could not find ${what}: ${id}.`);

export const unknownToken = (): Refusal => refusal(404, 'Failed to validate token');

export const duplicate = (what: string, detail: string): Refusal =>
  refusal(409, `Conflict occurred attempting to store ${what} - ${detail}.`);
