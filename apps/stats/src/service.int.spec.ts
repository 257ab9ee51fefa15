import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proposed } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { Actor, Message } from '@jeroboam/eventing/message';
import { begun, created, requested, spec } from '@jeroboam/domain/cluster/cluster.examples';
import { configuration } from '@jeroboam/platform/config/configuration';
import { natsSection } from '@jeroboam/platform/config/sections';
import { EventStoreDbEventStore } from '@jeroboam/platform/event-store/event-store-db-event-store';
import { Health } from '@jeroboam/platform/health/health';
import { Clock } from '@jeroboam/platform/ids/clock';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { Nats } from '@jeroboam/platform/nats/nats';
import { NatsRequester } from '@jeroboam/platform/rpc/nats-requester';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';
import type { StatsRequests } from '@jeroboam/read-models/requests';
import { startApp } from '@jeroboam/testing/app';
import { EventStoreProcess } from '@jeroboam/testing/event-store-process';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { tempFolder } from '@jeroboam/testing/temp-folder';
import { answering } from './serve.js';

const log = new SilentLog();
const store = new InMemoryEventStore(() => '2026-01-01T12:00:00.000Z');
const rows = SqliteRowStore.open(':memory:');

/** It is four o'clock for ever. */
class StoppedClock extends Clock {
  override now(): string {
    return '2026-01-01T16:00:00.000Z';
  }
}
const clock = new StoppedClock();

const actor = (userId: string, projectId: string): Actor => ({
  kind: 'user',
  userId,
  userName: userId,
  projectId,
  roles: [],
  requestId: `req-${userId}`,
  address: null,
});
let commands = 0;
const metadata = (by: Actor | null = null) => ({
  correlationId: 'cor',
  causationId: 'cor',
  commandId: `c${commands++}`,
  actor: by,
});
const append = async (stream: string, events: readonly Message[], by?: Actor): Promise<bigint> => {
  const written = proposed(events, metadata(by ?? null));
  return (await store.append({ stream, events: written, expected: 'any' })).position;
};
const claim = (clusterId: string): Message => ({
  type: 'ClusterClaimed',
  data: { clusterId, at: begun('').at },
});
const quota = (hardLimit: number): Message => ({
  type: 'QuotaSet',
  data: { resource: 'Cluster', hardLimit, at: begun('').at },
});
const requestOf = (uuid: string, projectId: string): Message => ({
  type: 'ClusterRequested',
  data: { ...(requested.data as object), cluster: { ...spec, uuid, projectId } },
});
const removal: Message = { type: 'DeletionRequested', data: begun('op-delete') };

let server: NatsServer;
let requester: NatsRequester;
const closing: (() => Promise<void>)[] = [];

const connect = async (): Promise<Nats> => {
  const config = configuration(natsSection, { JEROBOAM_NATS_URL: server.url });
  const nats = await Nats.connect(config, 'test', log);
  closing.push(() => nats.close());
  return nats;
};

const ask = <Q extends keyof StatsRequests>(query: Q, request: StatsRequests[Q]['request']) =>
  requester.request<StatsRequests[Q]['reply']>(`jeroboam.stats.${query}`, request);

beforeAll(async () => {
  server = await NatsServer.start();
  await append('project-p1', [quota(5), claim('c1')], actor('root', 'admin'));
  await append('cluster-c1', created, actor('ann', 'p1'));
  await append('cluster-c2', [requestOf('c2', 'p2')], actor('bob', 'p2'));
  await append('authority-c1', [{ type: 'AuthoritiesDestroyed', data: { at: begun('').at } }]);
  await append('cluster-c1', [removal], actor('root', 'admin'));
  const nats = await connect();
  const metrics = new Metrics('stats');
  const app = await answering({ store, nats, rows, clock }, { log, metrics, health: new Health() });
  closing.push(() => app.close());
  const asking = await connect();
  requester = new NatsRequester(asking, new Metrics('test'));
}, 30_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  rows.close();
  await server.stop();
});

describe('the stats service over NATS', () => {
  it('counts clusters and nodes, of one project and of all', async () => {
    expect(await ask('counts', { projectId: 'p1' })).toEqual({ clusters: 1, nodes: 2 });
    expect(await ask('counts', { projectId: null })).toEqual({ clusters: 2, nodes: 4 });
    expect(await ask('counts', { projectId: 'nobody' })).toEqual({ clusters: 0, nodes: 0 });
  });

  it('knows the quota that was set, else the default', async () => {
    const defaultLimit = 20;
    expect(await ask('quota', { projectId: 'p1', defaultLimit })).toEqual({
      hardLimit: 5,
      used: 1,
    });
    expect(await ask('quota', { projectId: 'p9', defaultLimit })).toEqual({
      hardLimit: 20,
      used: 0,
    });
  });

  it('adds up the use of a project, up to now', async () => {
    const day = { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    const { clusters, next } = await ask('usage', { projectId: 'p1', ...day });
    // Two nodes from noon to four o'clock, which is now.
    expect(clusters).toEqual([expect.objectContaining({ clusterId: 'c1', nodeSeconds: 28_800 })]);
    expect(next).toBeNull();
    const before = { from: '2025-12-31T00:00:00Z', to: '2026-01-01T12:00:00Z' };
    expect(await ask('usage', { projectId: null, ...before })).toEqual({
      clusters: [],
      next: null,
    });
  });

  it('gives the use of all projects page by page', async () => {
    const asked = { projectId: null, from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    const first = await ask('usage', { ...asked, limit: 1 });
    expect([first.clusters[0]?.clusterId, first.next]).toEqual(['c1', 'c1']);
    const second = await ask('usage', { ...asked, limit: 5, afterClusterId: first.next });
    expect(second.clusters.map(({ clusterId }) => clusterId)).toEqual(['c2']);
  });

  it('lists what happened to the things of a project, whoever did it', async () => {
    const { events } = await ask('audit', { projectId: 'p1' });
    expect(events.map(({ action, userId }) => `${action} ${userId ?? '-'}`)).toEqual([
      'QuotaSet root',
      'ClusterClaimed root',
      'ClusterRequested ann',
      'TrusteeEstablished ann',
      'AuthoritiesEnsured ann',
      'StackCreationStarted ann',
      'ClusterCreated ann',
      'AuthoritiesDestroyed -',
      'DeletionRequested root',
    ]);
    expect(new Set(events.map(({ projectId }) => projectId))).toEqual(new Set(['p1']));
  });

  it('filters by resource, user and time, and goes on after a position', async () => {
    const actions = async (request: StatsRequests['audit']['request']) =>
      (await ask('audit', request)).events.map(({ action }) => action);
    expect(await actions({ resourceId: 'c2' })).toEqual(['ClusterRequested']);
    expect(await actions({ userId: 'root', resourceId: 'c1' })).toEqual(['DeletionRequested']);
    expect(await actions({ from: '2026-01-01T12:00:00.001Z' })).toEqual([]);
    expect(await actions({ to: '2026-01-01T12:00:00Z' })).toEqual([]);
    const first = await ask('audit', { userId: 'ann', limit: 2 });
    expect(first.events).toHaveLength(2);
    const rest = await ask('audit', { userId: 'ann', afterPosition: first.next });
    expect(rest.events.map(({ action }) => action)).toEqual([
      'AuthoritiesEnsured',
      'StackCreationStarted',
      'ClusterCreated',
    ]);
    expect(rest.next).toBeNull();
  });

  it('shows at once what was written before the request', async () => {
    for (let n = 0; n < 20; n++) {
      const projectId = `fresh-${n}`;
      await append(`cluster-${projectId}`, [requestOf(projectId, projectId)]);
      expect(await ask('counts', { projectId })).toEqual({ clusters: 1, nodes: 2 });
    }
  });

  it('refuses what it cannot read', async () => {
    await expect(ask('audit', { limit: -1 })).rejects.toMatchObject({
      code: 'invalid',
      message: 'The limit of the request to the stats service is not valid.',
    });
  });
});

describe('the running service', () => {
  it('fills from the event store, tells of itself, and ends cleanly', async () => {
    const folder = tempFolder('stats-');
    const eventStore = await EventStoreProcess.start({ dataDir: folder.path });
    const writer = new EventStoreDbEventStore({ connectionString: eventStore.connectionString });
    await writer.append({
      stream: 'cluster-c9',
      events: proposed([requestOf('c9', 'real')], metadata()),
      expected: 'no-stream',
    });
    const other = await NatsServer.start();
    const service = await startApp({
      app: 'stats',
      env: {
        JEROBOAM_NATS_URL: other.url,
        JEROBOAM_EVENTSTORE_URL: eventStore.connectionString,
        JEROBOAM_DATA_DIR: folder.path,
        JEROBOAM_HTTP_PORT: '0',
      },
    });
    const [, health] = await service.line(/"health":"([^"]+)"/, 1000);
    const nats = await Nats.connect(
      configuration(natsSection, { JEROBOAM_NATS_URL: other.url }),
      'test',
      log,
    );
    const counts = await new NatsRequester(nats, new Metrics('test')).request(
      'jeroboam.stats.counts',
      { projectId: 'real' },
    );
    expect(counts).toEqual({ clusters: 1, nodes: 2 });
    expect((await fetch(`${health ?? ''}/healthcheck`)).status).toBe(200);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    await nats.close();
    await writer.close();
    await other.stop();
    await eventStore.stop();
    folder.remove();
  }, 60_000);
});
