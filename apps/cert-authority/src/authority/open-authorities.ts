import type { SecretStore } from '../secrets/secret-store.js';
import { openAuthority, type Authority } from '../x509/authority-certificates.js';

export interface OpenAuthoritiesOptions {
  /** How long a key stays open after it was fetched. */
  readonly ttlMs: number;
  /** How many are open at once; the least recently used is closed first. */
  readonly limit: number;
}

interface Entry {
  readonly authority: Promise<Authority>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keys of authorities, opened for signing and forgotten soon. Only the open key is kept, neither
 * its PEM nor its passphrase; OpenSSL wipes its numbers when the last reference to it is collected.
 */
export class OpenAuthorities {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly secrets: SecretStore,
    private readonly options: OpenAuthoritiesOptions,
  ) {}

  /** Errors of the secret store; a failure is not remembered. Those who ask at once share one fetch. */
  open(ref: string): Promise<Authority> {
    const known = this.entries.get(ref);
    if (known) {
      this.entries.delete(ref);
      this.entries.set(ref, known);
      return known.authority;
    }
    const authority = this.secrets.get(ref).then(openAuthority);
    const timer = setTimeout(() => {
      this.entries.delete(ref);
    }, this.options.ttlMs).unref();
    const entry = { authority, timer };
    this.entries.set(ref, entry);
    authority.catch(() => {
      if (this.entries.get(ref) === entry) this.forget([ref]);
    });
    this.makeRoom();
    return authority;
  }

  forget(refs: Iterable<string>): void {
    for (const ref of refs) {
      clearTimeout(this.entries.get(ref)?.timer);
      this.entries.delete(ref);
    }
  }

  /** Forgets all. */
  close(): void {
    this.forget([...this.entries.keys()]);
  }

  get size(): number {
    return this.entries.size;
  }

  private makeRoom(): void {
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.options.limit && oldest !== undefined) this.forget([oldest]);
  }
}
