import { randomUUID, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import { Refused } from '@jeroboam/eventing/decider';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import { configuration } from '@jeroboam/platform/config/configuration';
import { natsSection } from '@jeroboam/platform/config/sections';
import { Health } from '@jeroboam/platform/health/health';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { runWithContext } from '@jeroboam/platform/logging/log-context';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { Nats } from '@jeroboam/platform/nats/nats';
import { ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { compose } from '../compose.js';
import { InMemorySecretStore } from '../secrets/in-memory-secret-store.js';
import { SecretStoreUnavailable } from '../secrets/secret-store.js';
import { answering } from '../serve.js';
import { DEFAULT_POLICY } from '../x509/signing-policy.js';
import type { Verb } from './requests.js';

const log = new SilentLog();
const metrics = new Metrics('cert-authority');
const store = new InMemoryEventStore();
const config = {
  signing: { ...DEFAULT_POLICY, rsaKeySize: 1024 },
  openKeys: { limit: 16, ttlSeconds: 60 },
};

class SwitchableSecretStore extends InMemorySecretStore {
  away = false;
  override find(...args: Parameters<InMemorySecretStore['find']>) {
    return this.away
      ? Promise.reject(new SecretStoreUnavailable('http://10.0.0.7 did not answer'))
      : super.find(...args);
  }
}

let server: NatsServer;
let requester: NatsRequester;
let secrets: SwitchableSecretStore;
const closing: (() => Promise<void>)[] = [];

const connect = async (): Promise<Nats> => {
  const nats = await Nats.connect(
    configuration(natsSection, { JEROBOAM_NATS_URL: server.url }),
    'test',
    log,
  );
  closing.push(() => nats.close());
  return nats;
};

beforeAll(async () => {
  server = await NatsServer.start();
  secrets = new SwitchableSecretStore();
  requester = new NatsRequester(await connect(), metrics);
  // Two replicas on one log and one secret store.
  for (const nats of [await connect(), await connect()]) {
    const { authorities } = compose({ config, store, secrets });
    const app = await answering(authorities, nats, { log, metrics, health: new Health() });
    closing.push(() => app.close());
  }
}, 30_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  await server.stop();
});

const ask = <V extends Verb>(verb: V, request: AuthorityRequests[V]['request']) =>
  requester.request<AuthorityRequests[V]['reply']>(`jeroboam.authority.${verb}`, request);

const csr = execFileSync(
  'openssl',
  ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=me'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
).toString();

describe('the certificate authority over NATS', () => {
  let clusterId: string;
  beforeEach(() => {
    clusterId = randomUUID();
    secrets.away = false;
  });
  const named = () => ({ clusterId, clusterName: 'swarm' });
  const events = () => store.read(`authority-${clusterId}`);

  it('makes authorities, signs with them, rotates and destroys them', async () => {
    expect(await ask('ensure', named())).toEqual({ generation: 1 });
    const signed = await ask('sign', { ...named(), authority: 'kubernetes', csr });
    const ca = await ask('ca', { clusterId, authority: 'kubernetes' });
    const { publicKey } = new X509Certificate(ca.pem);
    expect(new X509Certificate(signed.pem).verify(publicKey)).toBe(true);
    expect(await ask('prepare-rotation', named())).toEqual({ generation: 2 });
    expect(await ask('abandon-rotation', { clusterId })).toEqual({});
    expect(await ask('prepare-rotation', named())).toEqual({ generation: 3 });
    expect(await ask('commit-rotation', { clusterId })).toEqual({});
    expect((await ask('ca', { clusterId, authority: 'kubernetes' })).pem).not.toBe(ca.pem);
    expect(await ask('destroy', { clusterId })).toEqual({});
    expect(secrets.refs().filter((ref) => ref.includes(clusterId))).toEqual([]);
  });

  it('does once what both replicas are asked for at the same time', async () => {
    await Promise.all(Array.from({ length: 8 }, () => ask('ensure', named())));
    expect((await events()).map(({ type }) => type)).toEqual(['AuthoritiesEstablished']);
    expect(secrets.refs().filter((ref) => ref.includes(clusterId))).toHaveLength(4);
  });

  it('signs once for a key, whichever replica is asked how often, and refuses another body', async () => {
    await ask('ensure', named());
    const keyed = { requestKey: randomUUID(), operationId: randomUUID() };
    const signing = { ...named(), authority: 'kubernetes', csr, keyed } as const;
    const replies = await Promise.all(Array.from({ length: 8 }, () => ask('sign', signing)));
    expect(new Set(replies.map(({ pem }) => pem)).size).toBe(1);
    const types = (await events()).map(({ type }) => type);
    expect(types).toEqual(['AuthoritiesEstablished', 'CertificateSigned']);
    const other = { ...signing, keyed: { ...keyed, operationId: randomUUID() } };
    await expect(ask('sign', other)).rejects.toMatchObject({
      code: 'key-reused',
      message: 'This Idempotency-Key has been used for a request with another body.',
    });
  });

  it('knows the request it works for', async () => {
    const requestId = `req-${randomUUID()}`;
    await runWithContext({ requestId }, () => ask('ensure', named()));
    const [event] = await events();
    expect(event?.metadata).toMatchObject({
      correlationId: requestId,
      causationId: requestId,
      actor: { kind: 'service', userName: 'cert-authority', requestId },
    });
  });

  it("refuses with the contract's words", async () => {
    await ask('ensure', named());
    const bad = ask('sign', { ...named(), authority: 'etcd', csr: 'bad' });
    await expect(bad).rejects.toThrow(Refused);
    await expect(bad).rejects.toMatchObject({
      code: 'invalid',
      message: "Received invalid csr b'bad'.",
    });
  });

  it('refuses what it cannot read', async () => {
    await expect(ask('destroy', { clusterId: '../etc' })).rejects.toMatchObject({
      code: 'invalid',
      message: 'The clusterId of the request to the certificate authority is not valid.',
    });
  });

  it('knows no authority of a cluster that has none', async () => {
    await expect(ask('ca', { clusterId, authority: 'etcd' })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('is unavailable, and has recorded nothing, while the secret store is away', async () => {
    secrets.away = true;
    await expect(ask('ensure', named())).rejects.toThrow(ServiceUnavailable);
    expect(await events()).toEqual([]);
    secrets.away = false;
    expect(await ask('ensure', named())).toEqual({ generation: 1 });
  });
});
