import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import {
  AccessDeniedError,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  UnavailableError,
  UnsupportedError,
} from '@eventstore/db-client';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { protocolContract } from './protocol.contract.js';
import { collect, follow } from './testing/reading.js';

jest.setTimeout(60_000);

const makeDirectory = () => mkdtemp(join(tmpdir(), 'event-store-'));
const said = (word: string) => jsonEvent({ type: 'Said', data: { word } });

const given = process.env['JEROBOAM_EVENTSTORE_TEST_URL'];
let shared: EventStoreProcess | undefined;
let sharedDir: string;

beforeAll(async () => {
  sharedDir = await makeDirectory();
  if (!given) shared = await EventStoreProcess.start({ dataDir: sharedDir });
});
afterAll(async () => {
  await shared?.stop();
  await rm(sharedDir, { recursive: true });
});

protocolContract(given ?? 'the embedded server', () => given ?? shared?.connectionString ?? '');

describe('the server', () => {
  let dataDir: string;
  let servers: EventStoreProcess[];

  beforeEach(async () => {
    dataDir = await makeDirectory();
    servers = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await rm(dataDir, { recursive: true });
  });

  const start = async (environment: Record<string, string> = {}, port = 0) => {
    const server = await EventStoreProcess.start({ dataDir, port, environment });
    servers.push(server);
    return server;
  };

  it('tells of its health and its numbers', async () => {
    const server = await start();
    const url = `http://127.0.0.1:${server.httpPort}`;
    const client = EventStoreDBClient.connectionString(server.connectionString);
    await client.appendToStream('a-1', [said('a'), said('b')]);
    const health = await fetch(`${url}/healthcheck`);
    expect(health.status).toBe(200);
    expect(await health.json()).toEqual({ status: 'ok' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^eventstore_head_position 2$/mu);
    expect(metrics).toMatch(/^eventstore_commit_duration_seconds_count 1$/mu);
    expect((await fetch(`${url}/else`)).status).toBe(404);
    await client.dispose();
  });

  it('says in one line that its port is taken, or its data', async () => {
    const first = await start();
    const other = await makeDirectory();
    const samePort = EventStoreProcess.start({ dataDir: other, port: first.port });
    await expect(samePort).rejects.toThrow(
      new RegExp(`^event-store: Cannot listen on 127.0.0.1:${first.port}: the port is taken$`, 'u'),
    );
    await expect(EventStoreProcess.start({ dataDir })).rejects.toThrow(
      /^event-store: Cannot open .*another server uses it\)$/u,
    );
    await rm(other, { recursive: true });
  });

  it('names every fault of its environment', async () => {
    const environment = {
      JEROBOAM_EVENTSTORE_USERS: 'ann:safe',
      JEROBOAM_LOG_LEVEL: 'loud',
      JEROBOAM_EVENTSTORE_PORT: 'x',
    };
    const started = EventStoreProcess.start({ dataDir, environment });
    await expect(started).rejects.toThrow(/PORT is not a port: x; .*needs TLS.*; .*LOG_LEVEL/u);
  });

  it('is found by clients that discover', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(
      `esdb+discover://127.0.0.1:${server.port}?tls=false`,
    );
    await client.appendToStream('a-1', said('a'));
    expect(await collect(client.readStream('a-1'))).toHaveLength(1);
    await client.dispose();
  });

  it('says that it has no persistent subscriptions', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const created = client.createPersistentSubscriptionToAll(
      'group',
      persistentSubscriptionToAllSettingsFromDefaults(),
    );
    await expect(created).rejects.toThrow(UnsupportedError);
    await client.dispose();
  });

  it('ends subscriptions and keeps what it acknowledged when it is stopped', async () => {
    const server = await start();
    const client = EventStoreDBClient.connectionString(server.connectionString);
    await client.appendToStream('a-1', said('a'));
    const seen = follow(client.subscribeToAll());
    await seen.until(() => seen.caughtUp);
    expect(await server.stop()).toBe(0);
    await expect(seen.until(() => false)).rejects.toThrow(UnavailableError);
    await client.dispose();
    const again = await start();
    const next = EventStoreDBClient.connectionString(again.connectionString);
    expect(await collect(next.readStream('a-1'))).toHaveLength(1);
    await next.dispose();
  });

  it('asks for a password over TLS', async () => {
    const [key, certificate] = [join(dataDir, 'key.pem'), join(dataDir, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const output = ['-nodes', '-days', '1', '-keyout', key, '-out', certificate];
    execFileSync('openssl', [...request, ...output, ...subject], { stdio: 'ignore' });
    const server = await start({
      JEROBOAM_EVENTSTORE_CERT_FILE: certificate,
      JEROBOAM_EVENTSTORE_KEY_FILE: key,
      JEROBOAM_EVENTSTORE_USERS: 'ann:safe,bob:sound',
    });
    const connect = (user: string) =>
      EventStoreDBClient.connectionString(
        `esdb://${user}localhost:${server.port}?tlsCAFile=${certificate}`,
      );
    const [ann, mallory, nobody] = [connect('ann:safe@'), connect('ann:guess@'), connect('')];
    await ann.appendToStream('a-1', said('a'));
    const bob = { credentials: { username: 'bob', password: 'sound' } };
    await ann.appendToStream('a-1', said('b'), bob);
    expect(await collect(ann.readStream('a-1'))).toHaveLength(2);
    for (const client of [mallory, nobody]) {
      await expect(collect(client.readStream('a-1'))).rejects.toThrow(AccessDeniedError);
      await expect(client.appendToStream('a-1', said('c'))).rejects.toThrow(AccessDeniedError);
    }
    await Promise.all([ann, mallory, nobody].map((client) => client.dispose()));
  });
});
