import { randomUUID, X509Certificate } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import { configuration } from '@jeroboam/platform/config/configuration';
import { natsSection } from '@jeroboam/platform/config/sections';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { runWithContext } from '@jeroboam/platform/logging/log-context';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { Nats } from '@jeroboam/platform/nats/nats';
import { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import { startApp } from '@jeroboam/testing/app';
import type { Child } from '@jeroboam/testing/child';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { eventually } from '@jeroboam/testing/eventually';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { tempFolder } from '@jeroboam/testing/temp-folder';
import { openSecretStore, type OpenedSecretStore } from './compose.js';
import { readConfig } from './config.js';
import type { Verb } from './rpc/requests.js';

const folder = tempFolder('cert-authority-service-');
let nats: NatsServer;
let eventStore: EventStoreProcess;
let sandbox: Child;
let connection: Nats;
let requester: NatsRequester;
let store: EventStoreDbEventStore;
let barbican: OpenedSecretStore;
let environment: Record<string, string>;

const start = async (): Promise<{ service: Child; health: string }> => {
  const service = await startApp({ app: 'cert-authority', env: environment });
  const [, health] = await service.line(/"health":"([^"]+)"/, 1000);
  return { service, health: health ?? '' };
};

beforeAll(async () => {
  nats = await NatsServer.start();
  eventStore = await EventStoreProcess.start({ dataDir: folder.path });
  sandbox = await startApp({
    app: 'sandbox',
    env: { JEROBOAM_SANDBOX_PORT: '0', JEROBOAM_DATA_DIR: folder.path },
    ready: /ready on/,
  });
  const [, address] = await sandbox.line(/ready on (\S+)/, 1000);
  environment = {
    JEROBOAM_NATS_URL: nats.url,
    JEROBOAM_EVENTSTORE_URL: eventStore.connectionString,
    JEROBOAM_HTTP_PORT: '0',
    OS_AUTH_URL: `${address ?? ''}/identity/v3`,
    OS_USERNAME: 'jeroboam',
    OS_PASSWORD: 'sandbox',
    OS_PROJECT_NAME: 'service',
  };
  const config = configuration(natsSection, environment);
  connection = await Nats.connect(config, 'test', new SilentLog());
  requester = new NatsRequester(connection, new Metrics('test'));
  store = new EventStoreDbEventStore({ connectionString: eventStore.connectionString });
  barbican = await openSecretStore(readConfig(environment));
}, 60_000);
afterAll(async () => {
  await barbican.close();
  await store.close();
  await connection.close();
  await sandbox.stop();
  await eventStore.stop();
  await nats.stop();
  folder.remove();
});

const ask = <V extends Verb>(verb: V, request: AuthorityRequests[V]['request']) =>
  requester.request<AuthorityRequests[V]['reply']>(`jeroboam.authority.${verb}`, request);

const KINDS = ['kubernetes', 'etcd', 'front-proxy', 'client'] as const;
const storedOf = async (clusterId: string) => {
  const found = await Promise.all(
    KINDS.map((kind) => barbican.secrets.find({ clusterId, kind, generation: 1 })),
  );
  return found.map((bundle) => bundle?.ref ?? null);
};

const csr = execFileSync(
  'openssl',
  ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=me'],
  { stdio: ['ignore', 'pipe', 'ignore'] },
).toString();

describe('the running service', () => {
  it('works with Barbican, the event store and NATS, tells of itself and ends cleanly', async () => {
    const { service, health } = await start();
    const clusterId = randomUUID();
    const requestId = `req-${randomUUID()}`;
    await runWithContext({ requestId }, () => ask('ensure', { clusterId, clusterName: 'swarm' }));
    const request = { clusterId, clusterName: 'swarm', authority: 'kubernetes', csr } as const;
    const [signed, ca] = [await ask('sign', request), await ask('ca', request)];
    const { publicKey } = new X509Certificate(ca.pem);
    expect(new X509Certificate(signed.pem).verify(publicKey)).toBe(true);
    expect(await storedOf(clusterId)).not.toContain(null);

    const well = await fetch(`${health}/healthcheck`);
    expect([well.status, await well.text()]).toEqual([200, 'OK']);
    expect(await (await fetch(`${health}/metrics`)).text()).toMatch(
      /jeroboam_rpc_served_seconds_count\{.*subject="jeroboam.authority.sign".*\} 1/,
    );

    await ask('destroy', { clusterId });
    expect(await storedOf(clusterId)).toEqual([null, null, null, null]);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    for (const line of service.lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(service.output()).not.toMatch(/PRIVATE KEY|sandbox"/);
  }, 30_000);

  it('is killed while it makes authorities, and leaves neither two nor half of them', async () => {
    const first = await start();
    const clusterId = randomUUID();
    const named = { clusterId, clusterName: 'swarm' };
    const lost = ask('ensure', named).catch(() => null);
    // Some of it is there, not all.
    await eventually(async () => (await storedOf(clusterId)).some((ref) => ref !== null));
    await first.service.kill();
    const second = await start();
    expect(await ask('ensure', named)).toEqual({ generation: 1 });
    await lost;
    const events = await store.read(`authority-${clusterId}`);
    expect(events.map(({ type }) => type)).toEqual(['AuthoritiesEstablished']);
    await ask('destroy', { clusterId });
    expect(await storedOf(clusterId)).toEqual([null, null, null, null]);
    await second.service.stop();
  }, 60_000);

  it('says what it misses when Barbican is away', async () => {
    const { service, health } = await start();
    sandbox.pause();
    const report = await fetch(`${health}/healthcheck`);
    expect(report.status).toBe(503);
    expect(await report.text()).toMatch(/^secret store: /);
    sandbox.resume();
    await eventually(async () => (await fetch(`${health}/healthcheck`)).ok);
    await service.stop();
  }, 30_000);

  it('names every fault of its environment and does not start', async () => {
    const env = {
      JEROBOAM_HTTP_PORT: '-1',
      JEROBOAM_SECRET_STORE: 'local',
      JEROBOAM_X509_ALLOW_CA: 'x',
    };
    await expect(startApp({ app: 'cert-authority', env })).rejects.toThrow(
      /ended with 78.*JEROBOAM_HTTP_PORT must be.*JEROBOAM_X509_ALLOW_CA must be/s,
    );
  });
});
