import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InMemorySecretStore } from '../secrets/in-memory-secret-store.js';
import { SecretMissing } from '../secrets/secret-store.js';
import { AuthorityCertificates, type Bundle } from '../x509/authority-certificates.js';
import { KeyMaker } from '../x509/key-pair.js';
import { DEFAULT_POLICY } from '../x509/signing-policy.js';
import { OpenAuthorities } from './open-authorities.js';

const CLUSTER = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9';
const certificates = new AuthorityCertificates(DEFAULT_POLICY, new KeyMaker(), () => new Date());
const bundle: Promise<Bundle> = certificates.makeAuthority('swarm');

class CountingSecretStore extends InMemorySecretStore {
  fetched = 0;
  override get(ref: string): Promise<Bundle> {
    this.fetched += 1;
    return super.get(ref);
  }
}

describe('OpenAuthorities', () => {
  let secrets: CountingSecretStore;
  let open: OpenAuthorities;
  let refs: string[];

  beforeEach(async () => {
    secrets = new CountingSecretStore();
    const put = (generation: number) =>
      bundle.then((it) => secrets.put({ clusterId: CLUSTER, kind: 'etcd', generation }, it));
    refs = [await put(1), await put(2), await put(3)];
    open = new OpenAuthorities(secrets, { ttlMs: 60_000, limit: 2 });
  });
  afterEach(() => {
    open.close();
    jest.useRealTimers();
  });

  it('fetches a key once for all who ask', async () => {
    const [first, second] = await Promise.all([open.open(refs[0]!), open.open(refs[0]!)]);
    expect(first.privateKey.type).toBe('private');
    expect(second).toBe(first);
    expect(await open.open(refs[0]!)).toBe(first);
    expect(secrets.fetched).toBe(1);
  });

  it('forgets a key when its time is over, though it is in use', async () => {
    jest.useFakeTimers();
    await open.open(refs[0]!);
    jest.advanceTimersByTime(59_999);
    await open.open(refs[0]!);
    expect(secrets.fetched).toBe(1);
    jest.advanceTimersByTime(1);
    expect(open.size).toBe(0);
    await open.open(refs[0]!);
    expect(secrets.fetched).toBe(2);
  });

  it('keeps those lately used', async () => {
    await open.open(refs[0]!);
    await open.open(refs[1]!);
    await open.open(refs[0]!);
    await open.open(refs[2]!);
    expect(open.size).toBe(2);
    await open.open(refs[0]!);
    expect(secrets.fetched).toBe(3);
    await open.open(refs[1]!);
    expect(secrets.fetched).toBe(4);
  });

  it('does not remember a failure', async () => {
    await expect(open.open('memory:none')).rejects.toThrow(SecretMissing);
    expect(open.size).toBe(0);
  });

  it('forgets on demand', async () => {
    await open.open(refs[0]!);
    open.forget([refs[0]!, 'memory:none']);
    expect(open.size).toBe(0);
  });
});
