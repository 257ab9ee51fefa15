import { InvalidRequest } from '../streams/refusals.js';
import { shared } from './generated.js';

type Uuid = InstanceType<typeof shared.UUID>;

const DASHES = [8, 12, 16, 20];

/** `6ba7b810-9dad-11d1-80b4-00c04fd430c8` of its 16 bytes. */
export const uuidText = (bytes: Uint8Array): string => {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  const [a, b, c, d] = DASHES;
  return `${hex.slice(0, a)}-${hex.slice(a, b)}-${hex.slice(b, c)}-${hex.slice(c, d)}-${hex.slice(d)}`;
};

/** The 16 bytes of a UUID of the protocol, which comes as text or as two signed numbers. */
export const uuidBytes = (uuid: Uuid | undefined): Uint8Array => {
  const structured = uuid?.getStructured();
  if (structured) {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(structured.getMostSignificantBits())), 0);
    bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(structured.getLeastSignificantBits())), 8);
    return bytes;
  }
  const bytes = Buffer.from((uuid?.getString() ?? '').replaceAll('-', ''), 'hex');
  if (bytes.length !== 16) throw new InvalidRequest('an event id is a UUID');
  return bytes;
};

export const newUuid = (text: string): Uuid => {
  const uuid = new shared.UUID();
  uuid.setString(text);
  return uuid;
};
