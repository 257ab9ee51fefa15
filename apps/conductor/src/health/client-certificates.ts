import { generateKeyPair, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Clock } from '@jeroboam/platform/ids/clock';
import forge from 'node-forge';
import type { Authorities } from '../cloud/authorities.js';

const RSA_BITS = 2048;
const TERM_DAYS = 1;
/** A certificate with less left than this is replaced. */
const MARGIN_MS = 3_600_000;
const generate = promisify(generateKeyPair);

/** What opens a cluster's API. All PEM. */
export interface Credential {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

interface Requested {
  readonly key: string;
  readonly csr: string;
}

/**
 * Short-lived client certificates for the clusters' APIs. The key is this process's own and leaves it
 * never; each cluster's authority signs it. Everything lies in memory only.
 */
export class ClientCertificates {
  private requested: Promise<Requested> | null = null;
  private readonly kept = new Map<string, Credential & { readonly until: number }>();

  constructor(
    private readonly authorities: Authorities,
    private readonly clock: Clock,
  ) {}

  /** Throws what the certificate authority's requests throw. */
  async of(cluster: PresentCluster): Promise<Credential> {
    const { uuid } = cluster.spec;
    const known = this.kept.get(uuid);
    if (known && Date.parse(this.clock.now()) < known.until) return known;
    this.requested ??= request();
    const { key, csr } = await this.requested;
    const [ca, certificate] = await Promise.all([
      this.authorities.ca(cluster),
      this.authorities.sign(cluster, csr, TERM_DAYS),
    ]);
    const until = new X509Certificate(certificate).validToDate.getTime() - MARGIN_MS;
    const credential = { ca, certificate, key, until };
    this.kept.set(uuid, credential);
    return credential;
  }

  /** It did not open: the authority may be another by now. */
  drop(uuid: string): void {
    this.kept.delete(uuid);
  }

  keepOnly(uuids: readonly string[]): void {
    const wanted = new Set(uuids);
    for (const uuid of this.kept.keys()) if (!wanted.has(uuid)) this.kept.delete(uuid);
  }
}

/** Once a process, so it may be signed by slow arithmetic. */
const request = async (): Promise<Requested> => {
  const pair = await generate('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const csr = forge.pki.createCertificationRequest();
  csr.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  csr.setSubject([
    { name: 'commonName', value: 'admin' },
    { name: 'organizationName', value: 'system:masters' },
  ]);
  csr.sign(forge.pki.privateKeyFromPem(pair.privateKey), forge.md.sha256.create());
  return { key: pair.privateKey, csr: forge.pki.certificationRequestToPem(csr) };
};
