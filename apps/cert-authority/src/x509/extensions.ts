import * as asn1 from './asn1.js';

/** An extension of a certificate or of a request for one. `value` is the DER inside the octets. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

export const KEY_USAGE = '2.5.29.15';
export const EXTENDED_KEY_USAGE = '2.5.29.37';
export const BASIC_CONSTRAINTS = '2.5.29.19';
export const SUBJECT_KEY_IDENTIFIER = '2.5.29.14';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** Extensions a deployment may allow in requests, by the names the configuration uses. */
export const EXTENSION_OIDS = {
  authorityKeyIdentifier: '2.5.29.35',
  subjectKeyIdentifier: SUBJECT_KEY_IDENTIFIER,
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  basicConstraints: BASIC_CONSTRAINTS,
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  extendedKeyUsage: EXTENDED_KEY_USAGE,
  OCSPNoCheck: '1.3.6.1.5.5.7.48.1.5',
  inhibitAnyPolicy: '2.5.29.54',
  keyUsage: KEY_USAGE,
  nameConstraints: '2.5.29.30',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
} as const;

export type ExtensionName = keyof typeof EXTENSION_OIDS;

export const extensionName = (oid: string): ExtensionName | null =>
  EXTENSION_NAMES.find((name) => EXTENSION_OIDS[name] === oid) ?? null;

export const EXTENSION_NAMES = Object.keys(EXTENSION_OIDS) as ExtensionName[];

/** Bits of a keyUsage in the order of RFC 5280, by the names the configuration uses. */
export const KEY_USAGES = [
  'Digital Signature',
  'Non Repudiation',
  'Key Encipherment',
  'Data Encipherment',
  'Key Agreement',
  'Certificate Sign',
  'CRL Sign',
  'Encipher Only',
  'Decipher Only',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

export const keyUsageExtension = (
  usages: ReadonlySet<KeyUsage>,
  { critical }: { critical: boolean },
): Extension => ({ oid: KEY_USAGE, critical, value: asn1.encode(keyUsageBits(usages)) });

const keyUsageBits = (usages: ReadonlySet<KeyUsage>): asn1.Node => {
  const set = KEY_USAGES.flatMap((usage, bit) => (usages.has(usage) ? [bit] : []));
  const last = set.at(-1);
  if (last === undefined) return asn1.bits(Buffer.alloc(0));
  const bytes = Buffer.alloc((last >> 3) + 1);
  for (const bit of set) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return asn1.bits(bytes, 7 - (last & 7));
};

/** Throws MalformedDer. */
export const readKeyUsage = (extension: Extension): ReadonlySet<KeyUsage> => {
  const content = asn1.bytesOf(asn1.expectKind(asn1.decode(extension.value), 'bits')).subarray(1);
  return new Set(
    KEY_USAGES.filter((_, bit) => ((content[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0),
  );
};

export interface BasicConstraints {
  readonly ca: boolean;
  /** How many authorities may follow below; `null`: any number. */
  readonly pathLength: number | null;
}

export const basicConstraintsExtension = (
  { ca, pathLength }: BasicConstraints,
  { critical }: { critical: boolean },
): Extension => {
  const length = pathLength === null ? [] : [asn1.unsigned(Buffer.from([pathLength]))];
  // False is the default, and DER leaves defaults out.
  const members = ca ? [asn1.boolean(true), ...length] : [];
  return { oid: BASIC_CONSTRAINTS, critical, value: asn1.encode(asn1.sequence(...members)) };
};

/** Throws MalformedDer. */
export const readBasicConstraints = (extension: Extension): BasicConstraints => {
  const [first, second] = asn1.childrenOf(asn1.decode(extension.value), 'sequence');
  const ca = asn1.is(first, 'boolean') && asn1.bytesOf(first)[0] !== 0;
  const length = asn1.is(first, 'integer') ? first : second;
  return {
    ca,
    pathLength: length ? asn1.bytesOf(length).reduce((sum, byte) => sum * 256 + byte, 0) : null,
  };
};

export const clientAuthExtension = (): Extension => ({
  oid: EXTENDED_KEY_USAGE,
  critical: false,
  value: asn1.encode(asn1.sequence(asn1.oid(CLIENT_AUTH))),
});

/** Purposes of an extendedKeyUsage. Throws MalformedDer. */
export const readExtendedKeyUsage = (extension: Extension): readonly string[] =>
  asn1.childrenOf(asn1.decode(extension.value), 'sequence').map(asn1.dottedOf);

export const toNode = ({ oid, critical, value }: Extension): asn1.Node =>
  asn1.sequence(asn1.oid(oid), ...(critical ? [asn1.boolean(true)] : []), asn1.octets(value));

/** Throws MalformedDer. */
export const fromNode = (node: asn1.Node): Extension => {
  const [type, ...rest] = asn1.childrenOf(node, 'sequence');
  const [flag, value] = rest.length === 2 ? rest : [undefined, rest[0]];
  return {
    oid: asn1.dottedOf(type),
    critical: flag ? asn1.bytesOf(asn1.expectKind(flag, 'boolean'))[0] !== 0 : false,
    // The content must be DER as well.
    value: asn1.encode(asn1.decode(asn1.bytesOf(asn1.expectKind(value, 'octets')))),
  };
};
