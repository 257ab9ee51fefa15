import { randomUUID } from 'node:crypto';

const shape = /^req-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export const newRequestId = (): string => `req-${randomUUID()}`;

/** The caller's request id when it is one. It goes into logs, never into our answer. */
export const globalRequestIdOf = (header: string | readonly string[] | undefined): string | null =>
  typeof header === 'string' && shape.test(header) ? header : null;
