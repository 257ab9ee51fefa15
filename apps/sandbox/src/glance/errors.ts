import { Refusal } from '../refusal.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
};

/** Glance answers refusals as a page. */
const refusal = (status: number, message: string): Refusal => {
  const title = `${status} ${TITLES[status] ?? ''}`;
  return new Refusal(
    status,
    message,
    `<html>\n <head>\n  <title>${title}</title>\n </head>\n <body>\n  <h1>${title}</h1>\n  ${message}<br /><br />\n\n\n </body>\n</html>`,
  );
};

export const unknownImage = (id: string): Refusal => refusal(404, `Failed to find image ${id}`);

export const badRequest = (message: string): Refusal => refusal(400, message);

export const forbidden = (message: string): Refusal => refusal(403, message);

export const conflict = (message: string): Refusal => refusal(409, message);
