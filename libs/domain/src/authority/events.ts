import type { Message } from '@jeroboam/eventing/message';

/** The certificate authorities of a cluster. */
export type AuthorityKind = 'kubernetes' | 'etcd' | 'front-proxy';

/** Where a key pair lies in the secret store, and its public half. */
export interface KeyPairReference {
  /** Reference into the secret store: a Barbican container's URL, or a path of the local store. */
  readonly ref: string;
  /** Certificate, PEM. Public. */
  readonly certificate: string;
  /** ISO-8601. */
  readonly notAfter: string;
}

/** All key pairs of a cluster that belong together. A rotation makes the next generation. */
export interface Generation {
  /** From 1. */
  readonly number: number;
  readonly authorities: Readonly<Record<AuthorityKind, KeyPairReference>>;
  /** The service's own client certificate, signed by the Kubernetes authority. */
  readonly client: KeyPairReference;
}

/** What happened to a cluster's authorities. Stream `authority-<cluster uuid>`. Holds no private key. */
export type AuthorityEvent =
  | Message<'AuthoritiesEstablished', { readonly generation: Generation; readonly at: string }>
  | Message<
      'CertificateSigned',
      {
        readonly authority: AuthorityKind;
        readonly generation: number;
        /** Hexadecimal. */
        readonly serial: string;
        /** RFC 4514, `CN=admin,O=system:masters`. */
        readonly subject: string;
        /** SHA-256 of the DER, hexadecimal. */
        readonly fingerprint: string;
        readonly notBefore: string;
        readonly notAfter: string;
        /** PEM. Only where the request came with a key: sent again, it gets the same certificate. */
        readonly certificate?: string;
        readonly at: string;
      }
    >
  | Message<'RotationPrepared', { readonly generation: Generation; readonly at: string }>
  | Message<'RotationCommitted', { readonly generation: number; readonly at: string }>
  | Message<'RotationAbandoned', { readonly generation: number; readonly at: string }>
  /** Key pairs that nobody needs any more have been taken out of the secret store. */
  | Message<'GenerationDiscarded', { readonly generation: number; readonly at: string }>
  | Message<'AuthoritiesDestroyed', { readonly at: string }>;
