const REDACTED = '[redacted]';
const MAX_DEPTH = 8;

/** Fields whose values are never shown, however they are spelled: `admin_password`, `X-Auth-Token`. */
const SECRET_FIELD =
  /(password|passwd|secret|token|credential|passphrase|authorization|cookie|privatekey)$/;
const PRIVATE_KEY =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^]*?(-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;

/** Whether a field of this name holds a secret. */
const isSecret = (name: string): boolean =>
  SECRET_FIELD.test(name.toLowerCase().replaceAll(/[^a-z]/g, ''));

/** A copy without the values of secret fields, at any depth, and without private keys in texts. */
export const redacted = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return withoutKeys(value);
  if (typeof value === 'bigint') return value.toString();
  return typeof value === 'object' && value !== null ? redactedObject(value, depth) : value;
};

const redactedObject = (value: object, depth: number): unknown => {
  if (value instanceof Error || hasOwnForm(value)) return value;
  if (depth >= MAX_DEPTH) return '[deep]';
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  return redactedFields(value, depth);
};

/** The text without the private keys in it. */
export const withoutKeys = (text: string): string =>
  text.includes('PRIVATE KEY-----') ? text.replaceAll(PRIVATE_KEY, REDACTED) : text;

const redactedFields = (value: object, depth: number): object =>
  Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      isSecret(name) && field !== null && field !== undefined
        ? REDACTED
        : redacted(field, depth + 1),
    ]),
  );

const hasOwnForm = (value: object): boolean =>
  'toJSON' in value && typeof value.toJSON === 'function';
