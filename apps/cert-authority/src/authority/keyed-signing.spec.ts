import { randomUUID, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import { compose } from '../compose.js';
import { InMemorySecretStore } from '../secrets/in-memory-secret-store.js';
import { FrailEventStore } from '../testing/frail-event-store.js';
import { DEFAULT_POLICY } from '../x509/signing-policy.js';
import type { Cause } from './authority-log.js';
import type { ClusterAuthorities } from './cluster-authorities.js';

const cause: Cause = { correlationId: 'req-1', causationId: 'req-1', actor: null };
const config = {
  // Keys of 1024 bits: what is tested here is not their strength.
  signing: { ...DEFAULT_POLICY, rsaKeySize: 1024 },
  openKeys: { limit: 16, ttlSeconds: 60 },
};
const csr = execFileSync(
  'openssl',
  ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=me'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
).toString();
const [requestKey, operationId, another] = [randomUUID(), randomUUID(), randomUUID()];
const USED = {
  code: 'key-reused',
  message: 'This Idempotency-Key has been used for a request with another body.',
};

let store: FrailEventStore;
let secrets: InMemorySecretStore;
let authorities: ClusterAuthorities;
let clusterId: string;

/** As after a restart: same log, same secrets, nothing in memory. */
const replica = (): ClusterAuthorities => compose({ config, store, secrets }).authorities;

beforeEach(async () => {
  store = new FrailEventStore();
  secrets = new InMemorySecretStore();
  authorities = replica();
  clusterId = randomUUID();
  await authorities.ensure(named(), cause);
});

const named = () => ({ clusterId, clusterName: 'swarm' });
const request = () => ({ ...named(), authority: 'etcd', csr }) as const;
const sign = async (by = authorities, keyed = { requestKey, operationId }) =>
  (await by.sign({ ...request(), keyed }, cause)).pem;
const signings = () => store.all().filter(({ type }) => type === 'CertificateSigned');
const isOfCa = async (pem: string): Promise<boolean> => {
  const ca = await authorities.ca({ clusterId, authority: 'etcd' });
  return new X509Certificate(pem).verify(new X509Certificate(ca.pem).publicKey);
};

describe('a signing with a key', () => {
  it('gives the same request the same certificate, on any replica', async () => {
    const pem = await sign();
    expect(await isOfCa(pem)).toBe(true);
    expect(await sign()).toBe(pem);
    expect(await sign(replica())).toBe(pem);
    expect(signings()).toMatchObject([
      {
        data: { certificate: pem },
        metadata: { ...cause, requestKey, commandId: operationId },
      },
    ]);
  });

  it('refuses another body, and signs for another key', async () => {
    const pem = await sign();
    const other = sign(authorities, { requestKey, operationId: another });
    await expect(other).rejects.toMatchObject(USED);
    expect(signings()).toHaveLength(1);
    expect(await sign(authorities, { requestKey: another, operationId: another })).not.toBe(pem);
    expect(await sign()).toBe(pem);
  });

  it('gives all who ask at the same time one certificate, of one replica or of several', async () => {
    const asked = [authorities, authorities, replica(), replica()].map((each) => sign(each));
    const pems = await Promise.all(asked);
    expect(pems).toEqual(Array(4).fill(pems[0]));
    expect(signings()).toMatchObject([{ data: { certificate: pems[0] } }]);
  });

  it.each([
    ['one replica, which signs for one', () => authorities, 1],
    ['two replicas, of which each may sign', replica, 2],
  ])('gives one of two bodies a certificate when they race: %s', async (_, by, atMost) => {
    const [one, other] = await Promise.allSettled([
      sign(authorities),
      sign(by(), { requestKey, operationId: another }),
    ]);
    const [won, lost] = one.status === 'fulfilled' ? [one, other] : [other, one];
    const first = signings()[0]?.data as { certificate: string };
    expect(won).toEqual({ status: 'fulfilled', value: first.certificate });
    expect(lost).toMatchObject({ status: 'rejected', reason: USED });
    expect(signings().length).toBeLessThanOrEqual(atMost);
  });

  it.each(['before', 'after'] as const)('signs once when it dies %s the append', async (dies) => {
    store.dies = dies;
    await expect(sign()).rejects.toThrow('killed');
    const pem = await sign(replica());
    expect(signings()).toMatchObject([{ data: { certificate: pem } }]);
  });

  it('is unavailable, and answered later, while the log does not show what it took', async () => {
    store.lagsFrom = 1;
    await expect(sign()).rejects.toThrow(StoreUnavailable);
    await expect(sign(replica())).rejects.toThrow(StoreUnavailable);
    store.lagsFrom = Infinity;
    const pem = await sign();
    expect(signings()).toMatchObject([{ data: { certificate: pem } }]);
  });

  it('gives the old certificate after a rotation, and none once all is destroyed', async () => {
    const pem = await sign();
    await authorities.prepareRotation(named(), cause);
    await authorities.commitRotation({ clusterId }, cause);
    expect(await sign()).toBe(pem);
    expect(await isOfCa(pem)).toBe(false);
    await authorities.destroy({ clusterId }, cause);
    await expect(sign()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('leaves no certificate in the log without a key', async () => {
    await authorities.sign(request(), cause);
    await authorities.sign(request(), cause);
    expect(signings()).toHaveLength(2);
    expect(JSON.stringify(signings().map(({ data }) => data))).not.toContain('CERTIFICATE');
  });
});
