import { createHash } from 'node:crypto';

/** Namespace of our event ids. Never changes: a retry after an upgrade must give the same ids. */
const NAMESPACE = Buffer.from('2f0c7f0a6d5b4e0f9b1c3f7d8f2a51c4', 'hex');

const VERSION_5 = 0x50;
const VARIANT = 0x80;

/** What an event id is made of. */
export interface EventPlace {
  readonly commandId: string;
  readonly stream: string;
  /** Place among the events of the append, from 0. */
  readonly index: number;
}

/** UUIDv5: the same command gives the same ids, by which the store knows a repeated append. */
export const eventId = ({ commandId, stream, index }: EventPlace): string => {
  const hash = createHash('sha1')
    .update(NAMESPACE)
    .update(JSON.stringify([commandId, stream, index]))
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | VERSION_5, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | VARIANT, 8);
  const hex = hash.toString('hex', 0, 16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
};
