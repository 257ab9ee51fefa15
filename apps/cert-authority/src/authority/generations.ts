import { X509Certificate } from 'node:crypto';
import type {
  AuthorityKind,
  Generation,
  KeyPairReference,
} from '@jeroboam/domain/authority/events';
import type { BundleName, SecretStore, StoredBundle } from '../secrets/secret-store.js';
import {
  openAuthority,
  type AuthorityCertificates,
  type Bundle,
} from '../x509/authority-certificates.js';

export const AUTHORITY_KINDS: readonly AuthorityKind[] = ['kubernetes', 'etcd', 'front-proxy'];
const KINDS: readonly BundleName['kind'][] = [...AUTHORITY_KINDS, 'client'];

/** Which generation of which cluster, and what its authorities are called. */
export interface GenerationRequest {
  readonly clusterId: string;
  readonly number: number;
  readonly commonName: string;
}

/**
 * All key pairs of a cluster that belong together, in the secret store. Errors are the secret
 * store's; what a failure leaves behind is adopted when it is tried again, or swept with the generation.
 */
export class Generations {
  constructor(
    private readonly secrets: SecretStore,
    private readonly certificates: AuthorityCertificates,
  ) {}

  /** Makes what is not there yet of a generation. */
  async make({ clusterId, number, commonName }: GenerationRequest): Promise<Generation> {
    const nameOf = (kind: BundleName['kind']) => ({ clusterId, kind, generation: number });
    const authority = (kind: AuthorityKind) =>
      this.adopted(nameOf(kind), opens, () => this.certificates.makeAuthority(commonName));
    const making = [authority('kubernetes'), authority('etcd'), authority('front-proxy')] as const;
    await allEnded(making); // before anybody may try again
    const [kubernetes, etcd, frontProxy] = await Promise.all(making);
    const client = await this.adopted(nameOf('client'), signedBy(kubernetes), () =>
      this.certificates.makeClientCertificate(openAuthority(kubernetes)),
    );
    return {
      number,
      authorities: {
        kubernetes: reference(kubernetes),
        etcd: reference(etcd),
        'front-proxy': reference(frontProxy),
      },
      client: reference(client),
    };
  }

  /** Takes everything of a generation out of the secret store, also what was made in part. */
  async discard(clusterId: string, number: number): Promise<void> {
    await allEnded(
      KINDS.map((kind) => this.secrets.sweep({ clusterId, kind, generation: number })),
    );
  }

  /** Takes out what this one does not share with `kept`, when another attempt came first. */
  async withdraw(made: Generation, kept: Generation | null): Promise<void> {
    const needed = new Set(kept ? refsOf(kept) : []);
    const superfluous = refsOf(made).filter((ref) => !needed.has(ref));
    await allEnded(superfluous.map((ref) => this.secrets.remove(ref)));
  }

  private async adopted(
    name: BundleName,
    isSound: (bundle: Bundle) => boolean,
    make: () => Promise<Bundle>,
  ): Promise<StoredBundle> {
    const found = await this.secrets.find(name);
    if (found && isSound(found)) return found;
    const made = await make();
    return { ref: await this.secrets.put(name, made), ...made };
  }
}

/** References of all key pairs of a generation. */
export const refsOf = ({ authorities, client }: Generation): readonly string[] =>
  [...Object.values(authorities), client].map(({ ref }) => ref);

const opens = (bundle: Bundle): boolean => {
  try {
    openAuthority(bundle);
    return true;
  } catch {
    return false; // damaged, or of another key: a new one takes its place
  }
};

const signedBy =
  (authority: Bundle) =>
  (bundle: Bundle): boolean => {
    const { publicKey } = new X509Certificate(authority.certificate);
    return opens(bundle) && new X509Certificate(bundle.certificate).verify(publicKey);
  };

const reference = ({ ref, certificate }: StoredBundle): KeyPairReference => ({
  ref,
  certificate,
  notAfter: new X509Certificate(certificate).validToDate.toISOString(),
});

/** Waits for all, whatever becomes of them, and then throws the first error. */
const allEnded = async (work: readonly Promise<unknown>[]): Promise<void> => {
  await Promise.allSettled(work);
  await Promise.all(work);
};
