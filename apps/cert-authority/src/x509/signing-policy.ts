import { Refused } from '@jeroboam/eventing/decider';
import { extensionText } from './extension-text.js';
import {
  BASIC_CONSTRAINTS,
  basicConstraintsExtension,
  extensionName,
  KEY_USAGE,
  keyUsageExtension,
  readBasicConstraints,
  readKeyUsage,
  SUBJECT_KEY_IDENTIFIER,
  type Extension,
  type ExtensionName,
  type KeyUsage,
} from './extensions.js';

/** What may stand in a certificate made from somebody's request, and how long it lasts. */
export interface SigningPolicy {
  /** Whether requests for intermediate authorities are granted. */
  readonly allowCa: boolean;
  readonly allowedExtensions: ReadonlySet<ExtensionName>;
  readonly allowedKeyUsages: ReadonlySet<KeyUsage>;
  /** Days from now to the end of a certificate; it begins a day ago. */
  readonly termDays: number;
  /** Bits of the keys made here. */
  readonly rsaKeySize: number;
}

/** Magnum's defaults. */
export const DEFAULT_POLICY: SigningPolicy = {
  allowCa: false,
  allowedExtensions: new Set<ExtensionName>([
    'keyUsage',
    'extendedKeyUsage',
    'subjectAltName',
    'basicConstraints',
    'subjectKeyIdentifier',
  ]),
  allowedKeyUsages: new Set<KeyUsage>(['Digital Signature', 'Key Encipherment', 'Non Repudiation']),
  termDays: 1825,
  rsaKeySize: 2048,
};

/**
 * The extensions to grant of those requested. What is not allowed is left out, or weakened, when
 * the request does not call it critical; else Refused. A requested subjectKeyIdentifier is left out
 * always: the issuer computes its own. Throws MalformedDer.
 */
export const grant = (
  requested: readonly Extension[],
  policy: SigningPolicy,
): readonly Extension[] =>
  requested
    .filter((extension) => isAllowed(extension, policy))
    .filter(({ oid }) => oid !== SUBJECT_KEY_IDENTIFIER)
    .map((extension) => weakened(extension, policy));

const isAllowed = (extension: Extension, { allowedExtensions }: SigningPolicy): boolean => {
  const name = extensionName(extension.oid);
  if (name !== null && allowedExtensions.has(name)) return true;
  if (extension.critical) throw notAllowed(extension);
  return false;
};

const weakened = (extension: Extension, policy: SigningPolicy): Extension => {
  switch (extension.oid) {
    case KEY_USAGE:
      return withoutForbiddenUsages(extension, policy);
    case BASIC_CONSTRAINTS:
      return withoutAuthority(extension, policy);
    default:
      return extension;
  }
};

const withoutForbiddenUsages = (extension: Extension, policy: SigningPolicy): Extension => {
  const requested = readKeyUsage(extension);
  const granted = new Set([...requested].filter((usage) => isGrantable(usage, policy)));
  if (extension.critical && granted.size < requested.size) throw notAllowed(extension);
  return keyUsageExtension(granted, extension);
};

const OF_AUTHORITIES: readonly KeyUsage[] = ['Certificate Sign', 'CRL Sign'];

const isGrantable = (usage: KeyUsage, { allowCa, allowedKeyUsages }: SigningPolicy): boolean =>
  allowedKeyUsages.has(usage) && (allowCa || !OF_AUTHORITIES.includes(usage));

const withoutAuthority = (extension: Extension, { allowCa }: SigningPolicy): Extension => {
  if (allowCa) return extension;
  if (extension.critical && readBasicConstraints(extension).ca) throw notAllowed(extension);
  // Written anew whatever it said: no reader may find an authority in it that we overlooked.
  return basicConstraintsExtension({ ca: false, pathLength: null }, extension);
};

const notAllowed = (extension: Extension): Refused =>
  new Refused('invalid', `Extension '${extensionText(extension)}' not allowed`);
