import { randomUUID, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySecretStore } from '../secrets/in-memory-secret-store.js';
import { SecretStoreUnavailable, type BundleName } from '../secrets/secret-store.js';
import { FrailEventStore } from '../testing/frail-event-store.js';
import { AuthorityCertificates, type Bundle } from '../x509/authority-certificates.js';
import { KeyMaker } from '../x509/key-pair.js';
import { DEFAULT_POLICY } from '../x509/signing-policy.js';
import { AuthorityLog, type Cause } from './authority-log.js';
import { ClusterAuthorities } from './cluster-authorities.js';
import { Generations } from './generations.js';
import { OpenAuthorities } from './open-authorities.js';

const NOW = new Date('2026-11-23T10:20:30.456Z');
const AT = '2026-11-23T10:20:30.456Z';
const cause: Cause = { correlationId: 'req-1', causationId: 'req-1', actor: null };
// Keys of 1024 bits: what is tested here is not their strength.
const policy = { ...DEFAULT_POLICY, rsaKeySize: 1024 };
const keys = new KeyMaker();

/** Fails the calls it is told to, before or after they took effect. */
class FrailSecretStore extends InMemorySecretStore {
  failing: 'no' | 'before' | 'after' = 'no';
  private puts = 0;
  failPut = 0;
  /** What happens before the fourth part, the last of a generation, is stored. */
  meanwhile: () => Promise<void> = () => Promise.resolve();

  override async put(name: BundleName, bundle: Bundle): Promise<string> {
    this.puts += 1;
    if (this.puts === 4) await this.meanwhile();
    const fails = this.puts === this.failPut ? this.failing : 'no';
    if (fails === 'before') throw new SecretStoreUnavailable('away');
    const ref = await super.put(name, bundle);
    if (fails === 'after') throw new SecretStoreUnavailable('away');
    return ref;
  }
}

let store: FrailEventStore;
let secrets: FrailSecretStore;
let authorities: ClusterAuthorities;
let open: OpenAuthorities;
let clusterId: string;

/** As after a restart: same log, same secrets, nothing in memory. */
const replica = (): ClusterAuthorities => {
  const certificates = new AuthorityCertificates(policy, keys, () => NOW);
  return new ClusterAuthorities({
    log: new AuthorityLog(store),
    generations: new Generations(secrets, certificates),
    open,
    certificates,
    now: () => NOW,
  });
};

beforeEach(() => {
  store = new FrailEventStore();
  secrets = new FrailSecretStore();
  open = new OpenAuthorities(secrets, { ttlMs: 60_000, limit: 16 });
  authorities = replica();
  clusterId = randomUUID();
});
afterEach(() => {
  open.close();
});

const ensure = (by = authorities) => by.ensure({ clusterId, clusterName: 'swarm' }, cause);
const prepare = (by = authorities) =>
  by.prepareRotation({ clusterId, clusterName: 'swarm' }, cause);
const ca = async (authority: 'kubernetes' | 'etcd' | 'front-proxy' = 'kubernetes') =>
  new X509Certificate((await authorities.ca({ clusterId, authority })).pem);
const types = () => store.all().map(({ type }) => type);
const kindsStored = () =>
  secrets
    .refs()
    .map((ref) => ref.replace(`memory:${clusterId}/`, '').replace(/\/\d+$/, ''))
    .toSorted();

const FIRST_GENERATION = ['client/1', 'etcd/1', 'front-proxy/1', 'kubernetes/1'];
const SECOND_GENERATION = ['client/2', 'etcd/2', 'front-proxy/2', 'kubernetes/2'];

const csr = (): string =>
  execFileSync(
    'openssl',
    ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'].concat([
      '-keyout',
      '/dev/null',
      '-subj',
      '/CN=admin/O=system:masters',
    ]),
    { stdio: ['ignore', 'pipe', 'ignore'] },
  ).toString();

describe('ensure', () => {
  it('makes three authorities and a client certificate, and records where they are', async () => {
    expect(await ensure()).toEqual({ generation: 1 });
    expect(kindsStored()).toEqual(FIRST_GENERATION);
    expect(types()).toEqual(['AuthoritiesEstablished']);
    const [recorded] = store.all();
    expect(recorded).toMatchObject({
      stream: `authority-${clusterId}`,
      metadata: cause,
      data: {
        at: AT,
        generation: { number: 1, client: { notAfter: '2031-11-22T10:20:30.000Z' } },
      },
    });
    expect(JSON.stringify(recorded?.data)).not.toContain('PRIVATE KEY');
    const pems = await Promise.all([ca('kubernetes'), ca('etcd'), ca('front-proxy')]);
    expect(pems.map(({ subject }) => subject)).toEqual(['CN=swarm', 'CN=swarm', 'CN=swarm']);
    expect(new Set(pems.map(({ fingerprint256 }) => fingerprint256)).size).toBe(3);
  });

  it('gives the client certificate to the Kubernetes authority', async () => {
    await ensure();
    const stored = await secrets.find({ clusterId, kind: 'client', generation: 1 });
    expect(new X509Certificate(stored!.certificate).verify((await ca()).publicKey)).toBe(true);
    expect(new X509Certificate(stored!.certificate).verify((await ca('etcd')).publicKey)).toBe(
      false,
    );
  });

  it('names the authorities of a nameless cluster after its id', async () => {
    await authorities.ensure({ clusterId, clusterName: '' }, cause);
    expect((await ca()).subject).toBe(`CN=${clusterId}`);
  });

  it('changes nothing the second time', async () => {
    await ensure();
    const before = secrets.refs();
    expect(await ensure()).toEqual({ generation: 1 });
    expect(await ensure(replica())).toEqual({ generation: 1 });
    expect(secrets.refs()).toEqual(before);
    expect(types()).toEqual(['AuthoritiesEstablished']);
  });

  it('is done once for all who ask at the same time', async () => {
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(kindsStored()).toEqual(FIRST_GENERATION);
  });

  it('leaves one generation when replicas race', async () => {
    const others = [replica(), replica(), replica()];
    await Promise.all(others.map(ensure));
    expect(types()).toEqual(['AuthoritiesEstablished']);
    expect(kindsStored()).toEqual(FIRST_GENERATION);
    const { pem } = await authorities.sign(
      { clusterId, clusterName: 'swarm', authority: 'kubernetes', csr: csr() },
      cause,
    );
    expect(new X509Certificate(pem).verify((await ca()).publicKey)).toBe(true);
  });

  it.each([1, 2, 3, 4])('records nothing when the secret store fails at part %i', async (part) => {
    secrets.failing = 'before';
    secrets.failPut = part;
    await expect(ensure()).rejects.toThrow(SecretStoreUnavailable);
    expect(types()).toEqual([]);
    expect(await ensure()).toEqual({ generation: 1 });
    expect(kindsStored()).toEqual(FIRST_GENERATION);
  });

  it.each([1, 2, 3, 4])('adopts what was stored though the answer was lost: %i', async (part) => {
    secrets.failing = 'after';
    secrets.failPut = part;
    await expect(ensure()).rejects.toThrow(SecretStoreUnavailable);
    expect(await ensure(replica())).toEqual({ generation: 1 });
    expect(kindsStored()).toEqual(FIRST_GENERATION);
  });

  it.each(['before', 'after'] as const)('goes on when it dies %s the append', async (dies) => {
    store.dies = dies;
    await expect(ensure()).rejects.toThrow('killed');
    expect(await ensure(replica())).toEqual({ generation: 1 });
    expect(types()).toEqual(['AuthoritiesEstablished']);
    expect(kindsStored()).toEqual(FIRST_GENERATION);
  });

  it('makes a new pair where the stored one is damaged', async () => {
    const name = { clusterId, kind: 'etcd', generation: 1 } as const;
    await secrets.put(name, { certificate: 'x', privateKey: 'y', passphrase: 'z' });
    await ensure();
    expect((await ca('etcd')).subject).toBe('CN=swarm');
    await authorities.destroy({ clusterId }, cause);
    expect(secrets.refs()).toEqual([]);
  });

  it('does not bring back what was destroyed', async () => {
    await ensure();
    await authorities.destroy({ clusterId }, cause);
    await expect(ensure()).rejects.toMatchObject({ name: 'Refused', code: 'not-found' });
    expect(secrets.refs()).toEqual([]);
  });

  it('takes its secrets back when the cluster was destroyed meanwhile', async () => {
    secrets.meanwhile = async () => {
      await replica().destroy({ clusterId }, cause);
    };
    await expect(ensure()).rejects.toMatchObject({ name: 'Refused', code: 'not-found' });
    expect(types()).toEqual(['AuthoritiesDestroyed']);
    expect(secrets.refs()).toEqual([]);
  });
});

describe('sign', () => {
  const sign = (authority: 'kubernetes' | 'etcd' | 'front-proxy', extra = {}) =>
    authorities.sign({ clusterId, clusterName: 'swarm', authority, csr: csr(), ...extra }, cause);

  it.each(['kubernetes', 'etcd', 'front-proxy'] as const)('uses the %s authority', async (kind) => {
    await ensure();
    const { pem } = await sign(kind);
    expect(pem).toMatch(/-----END CERTIFICATE-----$/);
    expect(new X509Certificate(pem).verify((await ca(kind)).publicKey)).toBe(true);
  });

  it('records what was signed', async () => {
    await ensure();
    const certificate = new X509Certificate((await sign('etcd')).pem);
    expect(store.all().at(-1)).toMatchObject({
      type: 'CertificateSigned',
      metadata: cause,
      data: {
        authority: 'etcd',
        generation: 1,
        serial: certificate.serialNumber,
        subject: 'CN=admin,O=system:masters',
        fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
        notBefore: '2026-11-22T10:20:30.000Z',
        notAfter: '2031-11-22T10:20:30.000Z',
        at: AT,
      },
    });
  });

  it('gives a shorter term when asked, never a longer one', async () => {
    await ensure();
    const lasts = async (termDays: number) =>
      new X509Certificate((await sign('kubernetes', { termDays })).pem).validToDate.toISOString();
    expect(await lasts(1)).toBe('2026-11-24T10:20:30.000Z');
    expect(await lasts(100_000)).toBe('2031-11-22T10:20:30.000Z');
  });

  it('hands out nothing that is not recorded', async () => {
    await ensure();
    store.dies = 'before';
    await expect(sign('kubernetes')).rejects.toThrow('killed');
  });

  it('refuses before there is an authority, and after', async () => {
    await expect(sign('kubernetes')).rejects.toMatchObject({ code: 'not-found' });
    await ensure();
    await authorities.destroy({ clusterId }, cause);
    await expect(sign('kubernetes')).rejects.toMatchObject({ code: 'not-found' });
    await expect(ca()).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('rotation', () => {
  beforeEach(() => ensure());

  it('gives out the old authority until it is committed, then the new one', async () => {
    const before = (await ca()).fingerprint256;
    expect(await prepare()).toEqual({ generation: 2 });
    expect((await ca()).fingerprint256).toBe(before);
    await authorities.commitRotation({ clusterId }, cause);
    expect((await ca()).fingerprint256).not.toBe(before);
    expect(kindsStored()).toEqual(SECOND_GENERATION);
    expect(types()).toEqual([
      'AuthoritiesEstablished',
      'RotationPrepared',
      'RotationCommitted',
      'GenerationDiscarded',
    ]);
  });

  it('leaves all as it was when it is abandoned', async () => {
    const before = (await ca()).fingerprint256;
    await prepare();
    await authorities.abandonRotation({ clusterId }, cause);
    expect((await ca()).fingerprint256).toBe(before);
    expect(kindsStored()).toEqual(FIRST_GENERATION);
  });

  it('never uses a number again', async () => {
    await prepare();
    await authorities.abandonRotation({ clusterId }, cause);
    expect(await prepare(replica())).toEqual({ generation: 3 });
  });

  it('is prepared once', async () => {
    expect(await Promise.all([prepare(), prepare(replica())])).toEqual([
      { generation: 2 },
      { generation: 2 },
    ]);
    expect(await prepare()).toEqual({ generation: 2 });
    expect(types()).toEqual(['AuthoritiesEstablished', 'RotationPrepared']);
    expect(kindsStored()).toEqual([...FIRST_GENERATION, ...SECOND_GENERATION].toSorted());
  });

  it('ends what a crash has left: the discarding of the old ones', async () => {
    await prepare();
    store.dies = 'after'; // the commitment is in the log
    await expect(authorities.commitRotation({ clusterId }, cause)).rejects.toThrow('killed');
    await replica().commitRotation({ clusterId }, cause);
    expect(kindsStored()).toEqual(SECOND_GENERATION);
    expect(types().at(-1)).toBe('GenerationDiscarded');
  });

  it('does nothing where none is prepared', async () => {
    await authorities.commitRotation({ clusterId }, cause);
    await authorities.abandonRotation({ clusterId }, cause);
    expect(types()).toEqual(['AuthoritiesEstablished']);
  });
});

describe('destroy', () => {
  it('leaves nothing in the secret store', async () => {
    await ensure();
    await prepare();
    expect(await authorities.destroy({ clusterId }, cause)).toEqual({});
    expect(secrets.refs()).toEqual([]);
    expect(types().at(-1)).toBe('AuthoritiesDestroyed');
  });

  it('changes nothing the second time', async () => {
    await ensure();
    await authorities.destroy({ clusterId }, cause);
    await replica().destroy({ clusterId }, cause);
    expect(types()).toEqual(['AuthoritiesEstablished', 'AuthoritiesDestroyed']);
  });

  it('holds for authorities that were never made', async () => {
    await authorities.destroy({ clusterId }, cause);
    await expect(ensure()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('takes out what an ensure has left that never got to the log', async () => {
    store.dies = 'before';
    await expect(ensure()).rejects.toThrow('killed');
    expect(kindsStored()).toEqual(FIRST_GENERATION);
    await authorities.destroy({ clusterId }, cause);
    expect(secrets.refs()).toEqual([]);
  });

  it('touches no other cluster', async () => {
    await ensure();
    const mine = secrets.refs();
    const other = randomUUID();
    await authorities.ensure({ clusterId: other, clusterName: 'other' }, cause);
    await authorities.destroy({ clusterId: other }, cause);
    expect(secrets.refs()).toEqual(mine);
  });

  it('forgets the keys it had open', async () => {
    await ensure();
    const request = { clusterId, clusterName: 'swarm', authority: 'etcd', csr: csr() } as const;
    await authorities.sign(request, cause);
    expect(open.size).toBe(1);
    await authorities.destroy({ clusterId }, cause);
    expect(open.size).toBe(0);
  });
});

describe('AuthorityLog', () => {
  it('sees what others append', async () => {
    const log = new AuthorityLog(store);
    expect(await log.known(clusterId)).toMatchObject({ state: { status: 'absent' }, highest: 0 });
    await ensure();
    expect(await log.known(clusterId)).toMatchObject({
      state: { status: 'established' },
      highest: 1,
    });
    await prepare();
    expect(await log.known(clusterId)).toMatchObject({ highest: 2 });
  });

  it('throws what the store throws', async () => {
    const log = new AuthorityLog(store);
    store.dies = 'before';
    const command = { type: 'DestroyAuthorities', data: { at: AT } } as const;
    await expect(log.send(clusterId, command, cause)).rejects.toThrow('killed');
  });
});
