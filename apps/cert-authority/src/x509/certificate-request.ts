import { createPublicKey } from 'node:crypto';
import { Refused } from '@jeroboam/eventing/decider';
import * as asn1 from './asn1.js';
import { fromNode, type Extension } from './extensions.js';
import { nameText } from './names.js';
import { bytesText } from './python-text.js';

/** What a PKCS#10 request asks for. */
export interface CertificateRequest {
  readonly subject: asn1.Node;
  /** The requester's public key with its algorithm. */
  readonly publicKeyInfo: asn1.Node;
  readonly extensions: readonly Extension[];
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const KEY_TYPES: readonly (string | undefined)[] = ['rsa', 'ec', 'ed25519', 'ed448'];

/**
 * Reads a PEM request; text around the PEM block is passed over. Its own signature is not checked, as
 * the contract has it: who may send a request may have any key certified. Throws MalformedDer.
 */
export const parseRequest = (pem: string): CertificateRequest => fromDer(derOf(pem));

/** The refusal of what cannot be read, quoting it. */
export const invalidRequest = (pem: string): Refused =>
  new Refused('invalid', `Received invalid csr ${bytesText(Buffer.from(pem))}.`);

const derOf = (pem: string): Buffer => {
  const block = ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST']
    .map((label) => between(pem, `-----BEGIN ${label}-----`, `-----END ${label}-----`))
    .find((found) => found !== null);
  if (!block || !/^[A-Za-z0-9+/=\s]+$/.test(block)) throw new asn1.MalformedDer('not PEM');
  return Buffer.from(block, 'base64');
};

const between = (text: string, begin: string, end: string): string | null => {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from < 0 || to < 0 ? null : text.slice(from + begin.length, to);
};

const fromDer = (der: Buffer): CertificateRequest => {
  const [info, algorithm, signature] = asn1.childrenOf(asn1.decode(der), 'sequence');
  asn1.expectKind(algorithm, 'sequence');
  asn1.expectKind(signature, 'bits');
  const [version, subject, publicKeyInfo, attributes] = asn1.childrenOf(info, 'sequence');
  asn1.expectKind(version, 'integer');
  return {
    subject: checkedName(asn1.expectKind(subject, 'sequence')),
    publicKeyInfo: checkedKey(asn1.expectKind(publicKeyInfo, 'sequence')),
    extensions: asn1.isTagged(attributes, 0) ? requestedExtensions(attributes) : [],
  };
};

const checkedName = (name: asn1.Node): asn1.Node => {
  nameText(name);
  return name;
};

const checkedKey = (info: asn1.Node): asn1.Node => {
  const type = keyType(asn1.encode(info));
  if (!KEY_TYPES.includes(type)) throw new asn1.MalformedDer(`a ${type ?? 'strange'} key`);
  return info;
};

const keyType = (spki: Buffer): string | undefined => {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' }).asymmetricKeyType;
  } catch (cause) {
    throw new asn1.MalformedDer('not a public key', { cause });
  }
};

const requestedExtensions = (attributes: asn1.Node): readonly Extension[] => {
  const extensions = asn1.children(attributes).flatMap((attribute) => {
    const [type, values] = asn1.childrenOf(attribute, 'sequence');
    if (asn1.dottedOf(type) !== EXTENSION_REQUEST) return [];
    return asn1
      .childrenOf(values, 'set')
      .flatMap((list) => asn1.childrenOf(list, 'sequence').map(fromNode));
  });
  // Readers of a certificate differ in which of two they believe.
  const kinds = new Set(extensions.map(({ oid }) => oid));
  if (kinds.size < extensions.length) throw new asn1.MalformedDer('an extension twice');
  return extensions;
};
