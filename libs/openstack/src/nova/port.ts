import type { Session } from '../http/session.js';

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ramMib: number;
  /** Root disk; 0 for as large as the image. */
  readonly diskGib: number;
  readonly isPublic: boolean;
}

export interface Keypair {
  readonly name: string;
  /** OpenSSH form. */
  readonly publicKey: string;
  readonly fingerprint: string;
  /** `ssh` or `x509`. */
  readonly type: string;
}

export interface Server {
  readonly id: string;
  readonly name: string;
  /** `ACTIVE`, `BUILD`, `ERROR` … */
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly addresses: readonly ServerAddress[];
  /** ISO-8601, UTC. */
  readonly createdAt: string;
}

export interface ServerAddress {
  readonly network: string;
  readonly address: string;
  readonly version: 4 | 6;
  readonly type: 'fixed' | 'floating';
}

/** Filters all hold together. */
export interface ServerFilter {
  readonly ids?: readonly string[];
  /** Every key must have this value. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Compute. Errors of every call: CloudUnavailable, CloudRefused, BadRequest. */
export abstract class Nova {
  /** By id, else by name. NotFound; Ambiguous when two share the name. */
  abstract findFlavor(as: Session, nameOrId: string): Promise<Flavor>;
  /** A key pair of the session's user (through a trust: the trustor). NotFound. */
  abstract getKeypair(as: Session, name: string): Promise<Keypair>;
  /** Servers of the session's project. All pages. */
  abstract listServers(as: Session, filter?: ServerFilter): Promise<readonly Server[]>;
}
