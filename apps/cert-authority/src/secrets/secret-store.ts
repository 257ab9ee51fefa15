import type { AuthorityKind } from '@jeroboam/domain/authority/events';
import type { Bundle } from '../x509/authority-certificates.js';

/** Which key pair of which cluster. */
export interface BundleName {
  readonly clusterId: string;
  readonly kind: AuthorityKind | 'client';
  /** Generation of the cluster's authorities, from 1. */
  readonly generation: number;
}

export interface StoredBundle extends Bundle {
  readonly ref: string;
}

/**
 * Keeps private keys. Everything stored says whose it is in its name, so that what a crash left
 * behind is found again. Names are not unique: replicas that race may store two of one name, and the
 * log decides which counts. Errors of every call: {@link SecretStoreUnavailable}.
 */
export abstract class SecretStore {
  /**
   * Stores under a new reference. Texts must not end in white space: Barbican drops it. A failure
   * may leave a part behind, for `sweep`.
   */
  abstract put(name: BundleName, bundle: Bundle): Promise<string>;
  /** The oldest bundle of that name of which nothing is missing. */
  abstract find(name: BundleName): Promise<StoredBundle | null>;
  /** Throws {@link SecretMissing}. */
  abstract get(ref: string): Promise<Bundle>;
  /** Takes out that one. Gone already: resolves. */
  abstract remove(ref: string): Promise<void>;
  /** Takes out everything of that name, whole or in part. */
  abstract sweep(name: BundleName): Promise<void>;
  /** Resolves when the store answers. */
  abstract ping(): Promise<void>;
}

/** The store did not answer, or will not let us in. Whether it took what was put is unknown. */
export class SecretStoreUnavailable extends Error {
  override readonly name = 'SecretStoreUnavailable';
}

/** Nothing, or not all of a bundle, is at that reference. */
export class SecretMissing extends Error {
  override readonly name = 'SecretMissing';
  constructor(ref: string) {
    super(`there is no key pair at ${ref}`);
  }
}

/** `<cluster uuid>/<kind>/<generation>`. */
export const textOf = ({ clusterId, kind, generation }: BundleName): string =>
  `${clusterId}/${kind}/${generation}`;
