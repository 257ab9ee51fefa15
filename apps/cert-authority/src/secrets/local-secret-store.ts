import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bundle } from '../x509/authority-certificates.js';
import { decrypted, encrypted, KEY_BYTES } from './encryption.js';
import {
  SecretMissing,
  SecretStore,
  SecretStoreUnavailable,
  textOf,
  type BundleName,
  type StoredBundle,
} from './secret-store.js';

const REFERENCE = /^local:([0-9a-f-]{36}\/[a-z-]+\/\d+)\/(\d{15}-[0-9a-f-]{36})$/;

/**
 * Encrypted files, for tests and for a machine without Barbican. The key lies beside them, so
 * whoever can read the folder can read the secrets: not for production. One file a bundle,
 * `<cluster uuid>/<kind>/<generation>/<time>-<id>`, which is also its reference behind `local:`.
 */
export class LocalSecretStore extends SecretStore {
  private constructor(
    private readonly folder: string,
    private readonly key: Buffer,
    private readonly now: () => Date,
  ) {
    super();
  }

  /** Makes the folder and its key when they are not there. */
  static async open(folder: string, now = () => new Date()): Promise<LocalSecretStore> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new LocalSecretStore(folder, await keyIn(folder), now);
  }

  override put(name: BundleName, bundle: Bundle): Promise<string> {
    return translated(async () => {
      const time = String(this.now().getTime()).padStart(15, '0');
      const path = `${textOf(name)}/${time}-${randomUUID()}`;
      const content = encrypted(JSON.stringify(bundle), this.key, path);
      await writeDurably(join(this.folder, path), content);
      return `local:${path}`;
    });
  }

  override find(name: BundleName): Promise<StoredBundle | null> {
    return translated(async () => {
      const files = await readdir(join(this.folder, textOf(name))).catch(unlessAbsent);
      const oldest = files?.filter((file) => !file.endsWith('.part')).toSorted()[0];
      if (oldest === undefined) return null;
      const ref = `local:${textOf(name)}/${oldest}`;
      return { ref, ...(await this.get(ref)) };
    });
  }

  override get(ref: string): Promise<Bundle> {
    return translated(async () => {
      const path = pathOf(ref);
      const content = path && (await readFile(join(this.folder, path)).catch(unlessAbsent));
      if (!path || !content) throw new SecretMissing(ref);
      return JSON.parse(decrypted(content, this.key, path)) as Bundle;
    });
  }

  override remove(ref: string): Promise<void> {
    return translated(async () => {
      const path = pathOf(ref);
      if (path) await rm(join(this.folder, path), { force: true });
    });
  }

  override sweep(name: BundleName): Promise<void> {
    return translated(async () => {
      await rm(join(this.folder, textOf(name)), { recursive: true, force: true });
    });
  }

  override ping(): Promise<void> {
    return translated(async () => {
      await readdir(this.folder);
    });
  }
}

const pathOf = (ref: string): string | null => {
  const match = REFERENCE.exec(ref);
  return match ? `${match[1] ?? ''}/${match[2] ?? ''}` : null;
};

/** Replicas that start at once agree on one: linking a file fails where there is one already. */
const keyIn = async (folder: string): Promise<Buffer> => {
  const file = join(folder, 'key');
  const fresh = `${file}.${randomUUID()}.part`;
  const known = await readFile(file).catch(unlessAbsent);
  if (known) return checkedKey(known);
  await writeDurably(fresh, randomBytes(KEY_BYTES));
  await link(fresh, file).catch(unlessCode('EEXIST'));
  await rm(fresh);
  return checkedKey(await readFile(file));
};

const checkedKey = (key: Buffer): Buffer => {
  if (key.length !== KEY_BYTES) throw new Error('the key of the local secret store is damaged');
  return key;
};

/** On disk under its name, whole, when it resolves. */
const writeDurably = async (file: string, content: Buffer): Promise<void> => {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = `${file}.part`;
  const handle = await open(part, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(part, file);
  await synced(folder);
};

const synced = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Code of a failed system call, `ENOENT`; of other errors `null`. */
const codeOf = (error: unknown): string | null =>
  typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error
    ? String(error.code)
    : null;

const unlessCode =
  (code: string) =>
  (error: unknown): null => {
    if (codeOf(error) === code) return null;
    throw error;
  };

const unlessAbsent = unlessCode('ENOENT');

const translated = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    throw new SecretStoreUnavailable(`The secret store failed: ${code}`, { cause: error });
  }
};
