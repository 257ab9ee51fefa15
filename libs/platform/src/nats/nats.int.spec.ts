import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@jeroboam/testing/eventually';
import { NatsServer } from '@jeroboam/testing/nats-server';
import { Secret } from '../config/secret.js';
import { SilentLog } from '../logging/log.js';
import { Nats } from './nats.js';
import { NotificationStream } from './notification-stream.js';

const CREDENTIALS = { user: 'jeroboam', password: 'hunter2' };

describe('a NATS server', () => {
  let server: NatsServer;
  const open: Nats[] = [];
  const connect = async (password = CREDENTIALS.password, caFile: string | null = null) => {
    const nats = await Nats.connect(
      { servers: [server.url], user: 'jeroboam', password: new Secret(password), caFile },
      'test',
      new SilentLog(),
    );
    open.push(nats);
    return nats;
  };

  beforeEach(async () => {
    server = await NatsServer.start(CREDENTIALS);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((nats) => nats.close()));
    await server.stop();
  });

  it('lets us in with user and password, and shows as healthy', async () => {
    const nats = await connect();
    expect(nats.check()).toEqual({ healthy: true, detail: server.url.replace('nats://', '') });
  });

  it('that is gone is unhealthy until it is back', async () => {
    const nats = await connect();
    await server.kill();
    await eventually(() => !nats.connected);
    expect(nats.check()).toEqual({ healthy: false, detail: 'not connected' });
    await server.restart();
    await eventually(() => nats.connected, { timeoutMs: 15_000 });
    await nats.connection.flush();
  }, 30_000);

  it('does not let us in with another password', async () => {
    await expect(connect('wrong')).rejects.toThrow(/authorization/i);
  });

  it('may come later than we', async () => {
    await server.kill();
    const late = connect();
    await server.restart();
    expect((await late).connected).toBe(true);
  }, 20_000);

  it('needs a CA file that can be read', async () => {
    await expect(connect('x', '/nowhere/ca.pem')).rejects.toThrow('ENOENT');
  });

  describe('NotificationStream', () => {
    const note = (id: string) => ({
      subject: 'notifications.cadf.cluster.create.success',
      id,
      body: { id },
    });

    it('keeps messages in order, each once, over a crash of the server', async () => {
      const nats = await connect();
      const stream = await NotificationStream.ensure(nats);
      expect(await stream.publish(note('a'))).toEqual({ sequence: 1, duplicate: false });
      expect(await stream.publish(note('b'))).toEqual({ sequence: 2, duplicate: false });
      expect(await stream.publish(note('a'))).toEqual({ sequence: 1, duplicate: true });
      await server.kill();
      const late = stream.publish(note('c'));
      await server.restart();
      expect((await late).sequence).toBe(3);
      expect((await stream.replay()).map(({ id, body }) => [id, body])).toEqual([
        ['a', { id: 'a' }],
        ['b', { id: 'b' }],
        ['c', { id: 'c' }],
      ]);
      expect((await stream.replay(3)).map(({ id }) => id)).toEqual(['c']);
      expect(await stream.replay(4)).toEqual([]);
    }, 40_000);

    it('that is there is given the limits asked for', async () => {
      const nats = await connect();
      await NotificationStream.ensure(nats);
      const limited = await NotificationStream.ensure(nats, { maxBytes: 1000 });
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n']) {
        await limited.publish(note(id));
      }
      const kept = (await limited.replay()).map(({ id }) => id);
      expect(kept.at(-1)).toBe('n');
      expect(kept).not.toContain('a');
    });
  });
});
