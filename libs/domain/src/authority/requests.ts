import type { AuthorityKind } from './events.js';

/**
 * What is asked of the certificate authority over NATS: subject `jeroboam.authority.<verb>`. No
 * private key travels either way. Refusals: `not-found`, `invalid` (the CSR), `key-reused`,
 * `unavailable` (the secret store).
 */
export interface AuthorityRequests {
  /** Makes the key pairs of a cluster unless they are there. The same again changes nothing. */
  ensure: {
    request: OfCluster & { readonly clusterName: string };
    reply: { readonly generation: number };
  };
  /** The authority's certificate. */
  ca: { request: OfCluster & { readonly authority: AuthorityKind }; reply: Pem };
  /** A certificate for a CSR. */
  sign: {
    request: OfCluster & {
      readonly clusterName: string;
      readonly authority: AuthorityKind;
      /** PKCS#10, PEM. */
      readonly csr: string;
      /** Days it is valid; the configured term when absent. */
      readonly termDays?: number;
      /** Of a request that came with a key: the same again gets the certificate it got. */
      readonly keyed?: Keyed;
    };
    reply: Pem;
  };
  /** Makes the next generation, which nobody is given yet. */
  'prepare-rotation': {
    request: OfCluster & { readonly clusterName: string };
    reply: { readonly generation: number };
  };
  /** The next generation is what clients are given from now on; the old one is discarded. */
  'commit-rotation': { request: OfCluster; reply: Record<string, never> };
  'abandon-rotation': { request: OfCluster; reply: Record<string, never> };
  /** Takes all key pairs out of the secret store, for good. */
  destroy: { request: OfCluster; reply: Record<string, never> };
}

interface OfCluster {
  readonly clusterId: string;
}

/** Which of the requests that may come again. */
export interface Keyed {
  /** Uuid that tells the request's key from others. */
  readonly requestKey: string;
  /** Uuid that tells its body from others. */
  readonly operationId: string;
}

interface Pem {
  /** No trailing newline. */
  readonly pem: string;
}
