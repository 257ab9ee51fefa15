import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { SilentLog } from '../logging/log.js';
import { Nats } from '../nats/nats.js';
import { HeartbeatPublisher } from './heartbeat-publisher.js';
import { HeartbeatTracker } from './heartbeat-tracker.js';

const subject = 'jeroboam.heartbeat.conductor';
const startedAt = '2026-01-01T00:00:00.000Z';

describe('heartbeats', () => {
  let server: NatsServer;
  let nats: Nats;
  let tracker: HeartbeatTracker;
  const publishers: HeartbeatPublisher[] = [];

  const begin = (id: string, intervalMs = 20, saysGoodbye = true) => {
    let reports = 0;
    const publisher = new HeartbeatPublisher(nats, {
      subject,
      id,
      host: 'h1',
      startedAt,
      reportCount: () => (reports += 1),
      intervalMs,
      saysGoodbye,
    });
    publisher.start();
    publishers.push(publisher);
    return publisher;
  };

  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const config = { servers: [server.url], user: null, password: null, caFile: null };
    nats = await Nats.connect(config, 'test', new SilentLog());
    tracker = new HeartbeatTracker(nats, { subject, expiryMs: 200, intervalMs: 20 });
    tracker.start();
    await nats.connection.flush();
  });
  afterEach(async () => {
    for (const publisher of publishers.splice(0)) publisher.stop();
    tracker.stop();
    await nats.close();
  });

  it('make a member live, with what it says of itself', async () => {
    begin('b');
    begin('a');
    await eventually(() => tracker.liveIds().join() === 'a,b');
    await eventually(() => (tracker.members()[0]?.reportCount ?? 0) > 2);
    expect(tracker.members()[0]).toMatchObject({ id: 'a', host: 'h1', startedAt, live: true });
  });

  it('that end make it gone, though still listed', async () => {
    // One beat, and then silence: a crash.
    begin('a', 3_600_000);
    await eventually(() => tracker.liveIds().length === 1);
    await eventually(() => tracker.liveIds().length === 0);
    expect(tracker.members()).toMatchObject([{ id: 'a', live: false }]);
  });

  it('are asked of everybody who is there by one that starts', async () => {
    begin('a', 3_600_000);
    await eventually(() => tracker.liveIds().length === 1);
    const young = new HeartbeatTracker(nats, { subject, expiryMs: 3_600_000, intervalMs: 20 });
    young.start();
    await eventually(() => young.liveIds().join() === 'a');
    young.stop();
  });

  it('are remembered of the last of each host, of others for a while', async () => {
    const short = { subject, expiryMs: 3_600_000, intervalMs: 20, retentionMs: 400 };
    const forgetful = new HeartbeatTracker(nats, short);
    forgetful.start();
    await nats.connection.flush();
    begin('first', 3_600_000).stop();
    begin('second', 3_600_000).stop();
    await eventually(() => forgetful.members().length === 2);
    await eventually(() => forgetful.members().length === 1);
    expect(forgetful.members()).toMatchObject([{ id: 'second', host: 'h1', live: false }]);
    forgetful.stop();
  });

  it('say at once that a member goes', async () => {
    const slow = new HeartbeatTracker(nats, { subject, expiryMs: 3_600_000, intervalMs: 20 });
    slow.start();
    await nats.connection.flush();
    const publisher = begin('a');
    await eventually(() => slow.liveIds().length === 1);
    publisher.stop();
    await eventually(() => slow.liveIds().length === 0);
    slow.stop();
  });

  it('leave it to their silence where a member says no goodbye', async () => {
    const publisher = begin('a', 3_600_000, false);
    await eventually(() => tracker.liveIds().length === 1);
    publisher.stop();
    await nats.connection.flush();
    expect(tracker.liveIds()).toEqual(['a']);
    await eventually(() => tracker.liveIds().length === 0);
  });

  it('tell listeners who is live whenever that changes', async () => {
    const told: (readonly string[])[] = [];
    tracker.onChange((ids) => told.push(ids));
    begin('a', 3_600_000);
    await eventually(() => told.length === 2);
    expect(told).toEqual([['a'], []]);
  });

  it('are not needed to know oneself', () => {
    const self = { id: 'me', host: 'h1', startedAt, reportCount: 0 };
    const lonely = new HeartbeatTracker(nats, { subject, expiryMs: 0, self });
    lonely.start();
    expect(lonely.liveIds()).toEqual(['me']);
    lonely.stop();
  });

  it('pass over what is none', async () => {
    for (const text of ['{', 'null', '{"id": 7}']) nats.connection.publish(subject, text);
    begin('a');
    await eventually(() => tracker.liveIds().length === 1);
    expect(tracker.members()).toHaveLength(1);
  });
});
