import { createHash, randomUUID } from 'node:crypto';

/** A random UUID. */
export const newId = (): string => randomUUID();

/** `req-<uuid>`, as OpenStack names requests. */
export const newRequestId = (): string => `req-${randomUUID()}`;

/** Whether a header holds a request id as OpenStack forms them. */
export const isRequestId = (text: string): boolean =>
  /^req-[0-9a-f-]{36}$/i.test(text) && isUuid(text.slice(4));

/** A UUID of any version, with dashes. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** The same UUID for the same name in the same namespace (RFC 9562, version 5). */
export const uuidV5 = (namespace: string, name: string): string => {
  if (!isUuid(namespace)) throw new TypeError(`${namespace} is no UUID`);
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};
