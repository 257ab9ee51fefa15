import type { Session } from '../http/session.js';

export interface SecretRequest {
  /** Need not be unique. */
  readonly name: string;
  /** Text. Not empty. Barbican drops white space around it. */
  readonly payload: string;
  /** Default `text/plain`. */
  readonly contentType?: string;
  /** ISO-8601; Barbican drops the secret then. Default: never. */
  readonly expiresAt?: string;
}

/** References of the secrets in a container of type `certificate`. */
export interface CertificateSecrets {
  readonly certificate: string;
  readonly privateKey?: string;
  readonly privateKeyPassphrase?: string;
  readonly intermediates?: string;
}

export interface CertificateContainer {
  readonly ref: string;
  readonly name: string;
  readonly status: string;
  readonly secrets: CertificateSecrets;
}

/**
 * Key manager. A reference is the resource's URL; only its last part, the id, is used, so references
 * outlive a change of Barbican's address. Secrets belong to the session's project: ours lie in that of the
 * service account. Errors of every call: CloudUnavailable, CloudRefused, BadRequest; NotFound of gets.
 */
export abstract class Barbican {
  /** Resolves with the reference. Not idempotent: after a crash look with `findSecrets`. */
  abstract storeSecret(as: Session, secret: SecretRequest): Promise<string>;
  abstract getPayload(as: Session, ref: string): Promise<string>;
  /** References of all secrets of exactly that name, oldest first. */
  abstract findSecrets(as: Session, name: string): Promise<readonly string[]>;
  /** Gone already: resolves. */
  abstract deleteSecret(as: Session, ref: string): Promise<void>;
  /** Bind secrets together as a certificate. Resolves with the container's reference. */
  abstract createContainer(
    as: Session,
    container: { readonly name: string; readonly secrets: CertificateSecrets },
  ): Promise<string>;
  abstract getContainer(as: Session, ref: string): Promise<CertificateContainer>;
  /** Certificate containers of exactly that name, oldest first. */
  abstract findContainers(as: Session, name: string): Promise<readonly CertificateContainer[]>;
  /** Only the container; its secrets stay. Gone already: resolves. */
  abstract deleteContainer(as: Session, ref: string): Promise<void>;
}
