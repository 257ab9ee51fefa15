import { generateKeyPairSync, sign } from 'node:crypto';

/** A key pair made here, and the request to have it certified. */
export interface KeyWithRequest {
  /** PKCS#8, PEM. Handed to its user and kept nowhere. */
  readonly key: string;
  /** PKCS#10, PEM. */
  readonly csr: string;
}

export interface Subject {
  readonly commonName: string;
  readonly organization: string | null;
}

const TAG = { integer: 0x02, bits: 0x03, text: 0x0c, sequence: 0x30, set: 0x31, attributes: 0xa0 };

const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ORGANIZATION = Buffer.from('060355040a', 'hex');
const ECDSA_WITH_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');

const lengthOf = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const digits = length.toString(16);
  const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
};

const der = (tag: keyof typeof TAG, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([TAG[tag]]), lengthOf(content.length), content]);
};

const named = (type: Buffer, value: string): Buffer =>
  der('set', der('sequence', type, der('text', Buffer.from(value))));

const nameOf = ({ commonName, organization }: Subject): Buffer =>
  der(
    'sequence',
    named(COMMON_NAME, commonName),
    ...(organization === null ? [] : [named(ORGANIZATION, organization)]),
  );

const pemOf = (label: string, body: Buffer): string => {
  const lines = body.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
};

/** A new P-256 key, made in less than a millisecond, and its request. */
export const keyWithRequest = (subject: Subject): KeyWithRequest => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const info = der(
    'sequence',
    der('integer', Buffer.from([0])),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der('attributes'),
  );
  const signature = sign('sha256', info, privateKey);
  const unused = Buffer.from([0]);
  const request = der(
    'sequence',
    info,
    der('sequence', ECDSA_WITH_SHA256),
    der('bits', unused, signature),
  );
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    csr: pemOf('CERTIFICATE REQUEST', request),
  };
};
