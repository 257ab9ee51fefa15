import { createHash, randomUUID, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import * as asn1 from './asn1.js';
import { SUBJECT_KEY_IDENTIFIER, toNode, type Extension } from './extensions.js';

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** From a day ago, for clocks that are behind, to `termDays` from now. Whole seconds. */
export const validityFrom = (now: Date, termDays: number): Validity => {
  const second = Math.floor(now.getTime() / 1000) * 1000;
  return {
    notBefore: new Date(second - DAY_MS),
    notAfter: new Date(second + termDays * DAY_MS),
  };
};

/** An authority's side of a certificate. */
export interface Issuer {
  readonly name: asn1.Node;
  /** RSA. */
  readonly privateKey: KeyObject;
}

export interface CertificateContent {
  readonly subject: asn1.Node;
  readonly publicKeyInfo: asn1.Node;
  /** Without subjectKeyIdentifier, which is added. */
  readonly extensions: readonly Extension[];
  readonly validity: Validity;
}

export interface Certificate {
  /** PEM, lines of 64, no newline at its end. */
  readonly pem: string;
  /** Upper-case hexadecimal, as openssl prints it. */
  readonly serial: string;
}

/** Signs with SHA-256, in the thread pool: the event loop is not held up. */
export const issue = async (content: CertificateContent, issuer: Issuer): Promise<Certificate> => {
  const serial = Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
  const body = toBeSigned(content, issuer.name, serial);
  const signature = await signAsync('sha256', asn1.encode(body), issuer.privateKey);
  const der = asn1.encode(asn1.sequence(body, algorithm(), asn1.bits(signature)));
  return { pem: toPem(der), serial: serialText(serial) };
};

const signAsync = promisify(sign);

const algorithm = (): asn1.Node => asn1.sequence(asn1.oid(SHA256_WITH_RSA), asn1.nothing());

/** As OpenSSL writes serials: hexadecimal, whole bytes, none of them a leading zero. */
export const serialText = (serial: Buffer): string =>
  serial
    .toString('hex')
    .toUpperCase()
    .replace(/^(00)+/, '');

const toBeSigned = (content: CertificateContent, issuer: asn1.Node, serial: Buffer): asn1.Node => {
  const { subject, publicKeyInfo, extensions, validity } = content;
  const identified = [...extensions, subjectKeyIdentifier(publicKeyInfo)];
  return asn1.sequence(
    asn1.tagged(0, asn1.unsigned(Buffer.from([2]))), // X.509 v3
    asn1.unsigned(serial),
    algorithm(),
    issuer,
    asn1.sequence(asn1.time(validity.notBefore), asn1.time(validity.notAfter)),
    subject,
    publicKeyInfo,
    asn1.tagged(3, asn1.sequence(...identified.map(toNode))),
  );
};

/** SHA-1 of the public key's bits: method 1 of RFC 5280 4.2.1.2. A name, not a safeguard. */
const subjectKeyIdentifier = (publicKeyInfo: asn1.Node): Extension => {
  const [, key] = asn1.childrenOf(publicKeyInfo, 'sequence');
  const content = asn1.bytesOf(asn1.expectKind(key, 'bits')).subarray(1);
  const digest = createHash('sha1').update(content).digest();
  const value = asn1.encode(asn1.octets(digest));
  return { oid: SUBJECT_KEY_IDENTIFIER, critical: false, value };
};

const toPem = (der: Buffer): string => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n');
};

/** The subject of a certificate, byte for byte, to be the issuer of others. */
export const subjectOf = (pem: string): asn1.Node => {
  const [body] = asn1.childrenOf(asn1.decode(new X509Certificate(pem).raw), 'sequence');
  // version, serial, algorithm, issuer, validity, subject
  return asn1.expectKind(asn1.childrenOf(body, 'sequence')[5], 'sequence');
};
