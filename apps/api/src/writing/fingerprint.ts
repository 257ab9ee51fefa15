import { createHash } from 'node:crypto';

const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The same 32 hexadecimal digits for the same JSON, whatever the order of members. */
export const fingerprint = (value: object): string =>
  createHash('sha256').update(JSON.stringify(value, inOrder)).digest('hex').slice(0, 32);
