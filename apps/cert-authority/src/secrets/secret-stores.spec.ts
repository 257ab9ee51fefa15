import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { InMemorySecretStore } from './in-memory-secret-store.js';
import { LocalSecretStore } from './local-secret-store.js';
import { secretStoreContract } from './secret-store.contract.js';

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const inMemory = new InMemorySecretStore();
secretStoreContract('InMemorySecretStore', () => Promise.resolve(inMemory));
secretStoreContract('LocalSecretStore', () => LocalSecretStore.open(join(folder, 'contract')));

describe('LocalSecretStore', () => {
  const name = { clusterId: randomUUID(), kind: 'client', generation: 1 } as const;
  const bundle = { certificate: 'C', privateKey: 'K', passphrase: 'opensesame' };

  const files = (below: string) =>
    readdirSync(below, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  it('writes nothing that can be read without the key, and for nobody else', async () => {
    const below = join(folder, 'readable');
    const store = await LocalSecretStore.open(below);
    await store.put(name, bundle);
    expect(files(below)).toHaveLength(2);
    for (const file of files(below)) {
      expect(readFileSync(file).toString('latin1')).not.toContain('opensesame');
      expect(statSync(file).mode & 0o077).toBe(0);
    }
  });

  it('agrees on one key with others that start at the same time', async () => {
    const below = join(folder, 'agree');
    const stores = await Promise.all([1, 2, 3, 4].map(() => LocalSecretStore.open(below)));
    const ref = await stores[0]!.put(name, bundle);
    for (const store of stores) expect(await store.get(ref)).toEqual(bundle);
    expect(files(below).filter((file) => file.endsWith('.part'))).toEqual([]);
  });

  it('passes over a file that a crash has cut short', async () => {
    const below = join(folder, 'crash');
    const store = await LocalSecretStore.open(below, () => new Date(2000));
    const ref = await store.put(name, bundle);
    const half = `000000000001000-${randomUUID()}.part`;
    writeFileSync(join(below, name.clusterId, 'client', '1', half), 'half');
    expect(await store.find(name)).toEqual({ ref, ...bundle });
    await store.sweep(name);
    expect(files(below)).toEqual([join(below, 'key')]);
  });

  it('notices a file that somebody has changed or moved', async () => {
    const below = join(folder, 'changed');
    const store = await LocalSecretStore.open(below);
    const ref = await store.put(name, bundle);
    const other = await store.put({ ...name, generation: 2 }, bundle);
    const fileOf = (reference: string) => join(below, reference.replace('local:', ''));
    writeFileSync(fileOf(ref), readFileSync(fileOf(other)));
    await expect(store.get(ref)).rejects.toThrow();
  });

  it('finds the oldest of a name', async () => {
    const times = [new Date(3000), new Date(1000), new Date(2000)];
    const store = await LocalSecretStore.open(join(folder, 'oldest'), () => times.shift()!);
    await store.put(name, bundle);
    const oldest = await store.put(name, bundle);
    await store.put(name, bundle);
    expect((await store.find(name))?.ref).toBe(oldest);
  });

  it.each(['local:../../etc/passwd', 'local:/etc/passwd', 'https://barbican/v1/containers/x'])(
    'knows nothing at %s',
    async (ref) => {
      const store = await LocalSecretStore.open(join(folder, 'paths'));
      await expect(store.get(ref)).rejects.toThrow(`there is no key pair at ${ref}`);
    },
  );
});
