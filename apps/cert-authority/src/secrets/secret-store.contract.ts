import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SecretMissing, type BundleName, type SecretStore } from './secret-store.js';

const bundle = (mark: string) => ({
  certificate: `-----BEGIN CERTIFICATE-----\n${mark}\n-----END CERTIFICATE-----`,
  privateKey: `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${mark}\n-----END ENCRYPTED PRIVATE KEY-----`,
  passphrase: `pass${mark}`,
});

/** What every secret store must do. `open` gives the same store each time it is called. */
export const secretStoreContract = (name: string, open: () => Promise<SecretStore>): void => {
  describe(`${name} as a secret store`, () => {
    let store: SecretStore;
    let kubernetes: BundleName;

    beforeEach(async () => {
      store = await open();
      kubernetes = { clusterId: randomUUID(), kind: 'kubernetes', generation: 1 };
    });

    it('answers', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });

    it('gives back what it was given, byte for byte', async () => {
      const ref = await store.put(kubernetes, bundle('a'));
      expect(await store.get(ref)).toEqual(bundle('a'));
    });

    it('keeps what it was given', async () => {
      const ref = await store.put(kubernetes, bundle('a'));
      expect(await (await open()).get(ref)).toEqual(bundle('a'));
    });

    it('finds a bundle by the name it was stored under, and by no other', async () => {
      const ref = await store.put(kubernetes, bundle('a'));
      expect(await store.find(kubernetes)).toEqual({ ref, ...bundle('a') });
      expect(await store.find({ ...kubernetes, kind: 'etcd' })).toBeNull();
      expect(await store.find({ ...kubernetes, generation: 11 })).toBeNull();
      expect(await store.find({ ...kubernetes, clusterId: randomUUID() })).toBeNull();
    });

    it('stores a second of the same name apart and finds either of them', async () => {
      const refs = [
        await store.put(kubernetes, bundle('a')),
        await store.put(kubernetes, bundle('b')),
      ];
      expect(new Set(refs).size).toBe(2);
      expect(await Promise.all(refs.map((ref) => store.get(ref)))).toEqual([
        bundle('a'),
        bundle('b'),
      ]);
      expect(refs).toContain((await store.find(kubernetes))?.ref);
    });

    it('removes one and leaves its namesake', async () => {
      const first = await store.put(kubernetes, bundle('a'));
      const second = await store.put(kubernetes, bundle('b'));
      await store.remove(first);
      await expect(store.get(first)).rejects.toThrow(SecretMissing);
      expect(await store.find(kubernetes)).toEqual({ ref: second, ...bundle('b') });
    });

    it('removes what is gone already', async () => {
      const ref = await store.put(kubernetes, bundle('a'));
      await store.remove(ref);
      await expect(store.remove(ref)).resolves.toBeUndefined();
    });

    it('sweeps everything of a name and nothing else', async () => {
      const refs = [
        await store.put(kubernetes, bundle('a')),
        await store.put(kubernetes, bundle('b')),
      ];
      const etcd = await store.put({ ...kubernetes, kind: 'etcd' }, bundle('c'));
      const next = await store.put({ ...kubernetes, generation: 2 }, bundle('d'));
      await store.sweep(kubernetes);
      for (const ref of refs) await expect(store.get(ref)).rejects.toThrow(SecretMissing);
      expect(await store.find(kubernetes)).toBeNull();
      expect(await store.get(etcd)).toEqual(bundle('c'));
      expect(await store.get(next)).toEqual(bundle('d'));
    });

    it('sweeps where nothing is', async () => {
      await expect(store.sweep(kubernetes)).resolves.toBeUndefined();
    });
  });
};
