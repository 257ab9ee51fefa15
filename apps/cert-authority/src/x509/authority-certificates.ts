import { X509Certificate } from 'node:crypto';
import { MalformedDer } from './asn1.js';
import { issue, subjectOf, validityFrom, type Certificate, type Issuer } from './certificate.js';
import { invalidRequest, parseRequest, type CertificateRequest } from './certificate-request.js';
import {
  basicConstraintsExtension,
  clientAuthExtension,
  keyUsageExtension,
  type KeyUsage,
} from './extensions.js';
import { seal, unseal, type KeyMaker, type SealedKey } from './key-pair.js';
import { distinguishedName, nameText } from './names.js';
import { grant, type SigningPolicy } from './signing-policy.js';

/** A certificate with its sealed key, as the secret store keeps it. */
export interface Bundle extends SealedKey {
  /** PEM. */
  readonly certificate: string;
}

/** What signing with an authority needs. Holds the open private key. */
export type Authority = Issuer;

/** Makes and uses the certificates of clusters. */
export class AuthorityCertificates {
  constructor(
    private readonly policy: SigningPolicy,
    private readonly keys: KeyMaker,
    private readonly now: () => Date,
  ) {}

  /** A self-signed authority named `commonName`, with none below it. */
  async makeAuthority(commonName: string): Promise<Bundle> {
    const { privateKey, publicKeyInfo } = await this.keys.make(this.policy.rsaKeySize);
    const name = distinguishedName(['CN', commonName]);
    const extensions = [
      basicConstraintsExtension({ ca: true, pathLength: 0 }, { critical: true }),
      keyUsageExtension(new Set<KeyUsage>(['Certificate Sign']), { critical: true }),
    ];
    const content = { subject: name, publicKeyInfo, extensions, validity: this.validity() };
    const { pem } = await issue(content, { name, privateKey });
    return { certificate: pem, ...seal(privateKey) };
  }

  /** The certificate with which Jeroboam itself looks into a Kubernetes cluster, as its admin. */
  async makeClientCertificate(authority: Authority): Promise<Bundle> {
    const { privateKey, publicKeyInfo } = await this.keys.make(this.policy.rsaKeySize);
    const usages = new Set<KeyUsage>(['Digital Signature', 'Key Encipherment']);
    const content = {
      subject: distinguishedName(['CN', 'admin'], ['O', 'system:masters']),
      publicKeyInfo,
      extensions: [
        keyUsageExtension(usages, { critical: true }),
        clientAuthExtension(),
        basicConstraintsExtension({ ca: false, pathLength: null }, { critical: true }),
      ],
      validity: this.validity(),
    };
    const { pem } = await issue(content, authority);
    return { certificate: pem, ...seal(privateKey) };
  }

  /**
   * Grants a PEM request what the policy allows, its subject as it is. `termDays` may shorten the
   * term. Throws Refused with the contract's texts.
   */
  async sign(
    request: string,
    authority: Authority,
    termDays = this.policy.termDays,
  ): Promise<SignedCertificate> {
    const validity = validityFrom(this.now(), Math.min(termDays, this.policy.termDays));
    const content = { ...granted(request, this.policy), validity };
    const certificate = await issue(content, authority);
    const fingerprint = fingerprintOf(certificate.pem);
    if (fingerprint === null) throw invalidRequest(request);
    return { ...certificate, fingerprint, subject: nameText(content.subject), ...validity };
  }

  private validity() {
    return validityFrom(this.now(), this.policy.termDays);
  }
}

const granted = (request: string, policy: SigningPolicy): CertificateRequest => {
  try {
    const parsed = parseRequest(request);
    return { ...parsed, extensions: grant(parsed.extensions, policy) };
  } catch (error) {
    if (error instanceof MalformedDer) throw invalidRequest(request);
    throw error;
  }
};

/** SHA-256 of the DER; `null` when OpenSSL, stricter than our reader, cannot read what came out. */
const fingerprintOf = (pem: string): string | null => {
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();
  } catch {
    return null;
  }
};

export interface SignedCertificate extends Certificate {
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** `CN=admin,O=system:masters`. */
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Opens a stored authority. Throws when key, passphrase and certificate do not belong together. */
export const openAuthority = (bundle: Bundle): Authority => {
  const privateKey = unseal(bundle);
  if (!new X509Certificate(bundle.certificate).checkPrivateKey(privateKey)) {
    throw new Error('the private key of an authority does not fit its certificate');
  }
  return { name: subjectOf(bundle.certificate), privateKey };
};
