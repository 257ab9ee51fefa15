import type { Bundle } from '../x509/authority-certificates.js';
import {
  SecretMissing,
  SecretStore,
  textOf,
  type BundleName,
  type StoredBundle,
} from './secret-store.js';

/** For tests. */
export class InMemorySecretStore extends SecretStore {
  private readonly entries = new Map<string, Bundle>();
  private last = 0;

  override put(name: BundleName, bundle: Bundle): Promise<string> {
    this.last += 1;
    const ref = `memory:${textOf(name)}/${this.last}`;
    this.entries.set(ref, bundle);
    return Promise.resolve(ref);
  }

  override find(name: BundleName): Promise<StoredBundle | null> {
    const [ref] = this.refsOf(name);
    const bundle = ref === undefined ? undefined : this.entries.get(ref);
    return Promise.resolve(ref !== undefined && bundle ? { ref, ...bundle } : null);
  }

  override get(ref: string): Promise<Bundle> {
    const bundle = this.entries.get(ref);
    return bundle ? Promise.resolve(bundle) : Promise.reject(new SecretMissing(ref));
  }

  override remove(ref: string): Promise<void> {
    this.entries.delete(ref);
    return Promise.resolve();
  }

  override sweep(name: BundleName): Promise<void> {
    for (const ref of this.refsOf(name)) this.entries.delete(ref);
    return Promise.resolve();
  }

  override ping(): Promise<void> {
    return Promise.resolve();
  }

  /** All that is stored, for assertions. */
  refs(): readonly string[] {
    return [...this.entries.keys()];
  }

  private refsOf(name: BundleName): readonly string[] {
    return this.refs().filter((ref) => ref.startsWith(`memory:${textOf(name)}/`));
  }
}
