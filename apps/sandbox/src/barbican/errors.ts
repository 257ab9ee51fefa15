import { Refusal } from '../refusal.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  406: 'Not Acceptable',
  409: 'Conflict',
};

const refusal = (code: number, description: string): Refusal =>
  new Refusal(code, description, { code, title: TITLES[code], description });

export const unknownSecret = (): Refusal =>
  refusal(404, 'Not Found. Sorry but your secret is in another castle.');

export const unknownContainer = (): Refusal =>
  refusal(404, 'Not Found. Sorry but your container is in another castle.');

export const noPayload = (): Refusal =>
  refusal(404, 'Not Found. Sorry but your secret has no payload.');

export const badRequest = (description: string): Refusal => refusal(400, description);

export const notAcceptable = (): Refusal =>
  refusal(406, "Secret payload retrieval issue seen - accept header doesn't match the secret.");

export const conflict = (description: string): Refusal => refusal(409, description);

export const forbidden = (what: string): Refusal =>
  refusal(403, `${what} attempt not allowed - please review your user/project privileges`);
