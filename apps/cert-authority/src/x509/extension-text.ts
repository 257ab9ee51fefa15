import {
  BASIC_CONSTRAINTS,
  EXTENDED_KEY_USAGE,
  extensionName,
  KEY_USAGE,
  KEY_USAGES,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  type Extension,
  type KeyUsage,
} from './extensions.js';
import { booleanText, bytesText } from './python-text.js';

/** Purposes of extendedKeyUsage by the names they are printed with. */
const PURPOSES: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

const USAGE_MEMBERS: Readonly<Record<KeyUsage, string>> = {
  'Digital Signature': 'digital_signature',
  'Non Repudiation': 'content_commitment',
  'Key Encipherment': 'key_encipherment',
  'Data Encipherment': 'data_encipherment',
  'Key Agreement': 'key_agreement',
  'Certificate Sign': 'key_cert_sign',
  'CRL Sign': 'crl_sign',
  'Encipher Only': 'encipher_only',
  'Decipher Only': 'decipher_only',
};

/** An extension as Magnum's error messages show it. */
export const extensionText = (extension: Extension): string => {
  const id = oidText(extension.oid, extensionName(extension.oid));
  return `<Extension(oid=${id}, critical=${booleanText(extension.critical)}, value=${valueText(extension)})>`;
};

const oidText = (oid: string, name: string | null): string =>
  `<ObjectIdentifier(oid=${oid}, name=${name ?? 'Unknown OID'})>`;

const valueText = (extension: Extension): string => {
  switch (extension.oid) {
    case KEY_USAGE:
      return keyUsageText(extension);
    case BASIC_CONSTRAINTS:
      return basicConstraintsText(extension);
    case EXTENDED_KEY_USAGE:
      return extendedKeyUsageText(extension);
    default: {
      const id = oidText(extension.oid, extensionName(extension.oid));
      return `<UnrecognizedExtension(oid=${id}, value=${bytesText(extension.value)})>`;
    }
  }
};

const keyUsageText = (extension: Extension): string => {
  const usages = readKeyUsage(extension);
  const members = KEY_USAGES.map(
    (usage) => `${USAGE_MEMBERS[usage]}=${booleanText(usages.has(usage))}`,
  );
  return `<KeyUsage(${members.join(', ')})>`;
};

const basicConstraintsText = (extension: Extension): string => {
  const { ca, pathLength } = readBasicConstraints(extension);
  return `<BasicConstraints(ca=${booleanText(ca)}, path_length=${pathLength ?? 'None'})>`;
};

const extendedKeyUsageText = (extension: Extension): string => {
  const purposes = readExtendedKeyUsage(extension).map((oid) =>
    oidText(oid, PURPOSES[oid] ?? null),
  );
  return `<ExtendedKeyUsage([${purposes.join(', ')}])>`;
};
