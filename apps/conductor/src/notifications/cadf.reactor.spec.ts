import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { proposed } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { created, requested } from '@jeroboam/domain/cluster/cluster.examples';
import { SilentLog } from '@jeroboam/platform/logging/log';
import type { Notification } from '@jeroboam/platform/nats/notification-stream';
import { eventually } from '@jeroboam/testing/eventually';
import { serviceMetadata } from '../service-metadata.js';
import { SetClock } from '../testing/set-clock.js';
import { CadfReactor, type Outlet } from './cadf.reactor.js';

/** The stream, which knows messages by their id, and can be away. */
class Mailbox implements Outlet {
  messages: Notification[] = [];
  tries = 0;
  available = true;
  /** Takes the message, and the answer is lost. */
  losesAnswers = false;

  async publish(notification: Notification): Promise<void> {
    this.tries += 1;
    if (!this.available) throw new Error('no servers');
    if (!this.messages.some(({ id }) => id === notification.id)) this.messages.push(notification);
    if (this.losesAnswers) throw new Error('timeout');
    await Promise.resolve();
  }

  async last(): Promise<Notification | null> {
    if (!this.available) throw new Error('no servers');
    return await Promise.resolve(this.messages.at(-1) ?? null);
  }
}

/** Who is the sender, as far as one conductor knows. */
class Turn {
  private readonly listeners = new Set<() => void>();
  constructor(private mine: boolean) {}

  has(): boolean {
    return this.mine;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  give(mine: boolean): void {
    this.mine = mine;
    for (const listener of [...this.listeners]) listener();
  }
}

let store: InMemoryEventStore;
let outlet: Mailbox;
let clock: SetClock;
let running: CadfReactor[];
let count = 0;

beforeEach(() => {
  clock = new SetClock();
  store = new InMemoryEventStore(() => clock.now());
  outlet = new Mailbox();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((reactor) => reactor.beforeApplicationShutdown()));
});

const start = (ownership: Turn = new Turn(true)): CadfReactor => {
  const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
  const log = new SilentLog();
  const reactor = new CadfReactor({ store, outlet, ownership, clock, log, pause });
  reactor.onApplicationBootstrap();
  running.push(reactor);
  return reactor;
};

const write = async (cluster: string, events: readonly ClusterEvent[] = created): Promise<void> => {
  for (const event of events) {
    count += 1;
    const metadata = serviceMetadata('cause', `command-${count}`);
    await store.append({
      stream: `cluster-${cluster}`,
      events: proposed([event], metadata),
      expected: 'any',
    });
  }
};

const bodies = () =>
  outlet.messages.map(({ body }) => body as { readonly sequence: number; readonly id: string });

const untilSent = (expected: number) =>
  eventually(() => {
    expect(bodies().map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: expected }, (_, index) => index + 1),
    );
  });

describe('the sender', () => {
  it('numbers what it tells of from 1 without gaps', async () => {
    await write('c1');
    start();
    await untilSent(2);
    await write('c2');
    await untilSent(4);
    expect(outlet.messages.map(({ subject }) => subject)).toEqual([
      'notifications.cadf.cluster.create.pending',
      'notifications.cadf.cluster.create.success',
      'notifications.cadf.cluster.create.pending',
      'notifications.cadf.cluster.create.success',
    ]);
  });

  it('goes on after a restart where the last message says, and sends nothing twice', async () => {
    await write('c1');
    await start().beforeApplicationShutdown();
    start();
    await untilSent(2);
    const { tries } = outlet;
    await write('c2');
    start();
    await untilSent(4);
    expect(outlet.tries).toBeLessThanOrEqual(tries + 4);
  });

  it('waits while the stream is away, and misses nothing', async () => {
    outlet.available = false;
    start();
    await write('c1');
    await write('c2');
    outlet.available = true;
    await untilSent(4);
  });

  it('numbers on when an answer was lost', async () => {
    outlet.losesAnswers = true;
    start();
    await write('c1');
    await untilSent(2);
    outlet.losesAnswers = false;
    await write('c2');
    await untilSent(4);
  });

  it('may be two for a moment', async () => {
    start();
    start();
    await write('c1');
    await write('c2');
    await untilSent(4);
    expect(new Set(bodies().map(({ id }) => id)).size).toBe(4);
  });

  it('tells a log of which the stream knows nothing from its start', async () => {
    const position = '999999';
    outlet.messages.push({ subject: 's', id: 'old', body: { sequence: 7, position } });
    await write('c1');
    start();
    await eventually(() => {
      expect(bodies().map(({ sequence }) => sequence)).toEqual([7, 8, 9]);
    });
  });

  it('does not send again what an emptied stream has kept long enough', async () => {
    await write('c1');
    clock.advance(31 * 86_400_000);
    await write('c2', [requested]);
    start();
    await eventually(() => {
      expect(bodies().map(({ sequence }) => sequence)).toEqual([3]);
    });
  });
});

describe('one who is not the sender', () => {
  it('sends nothing, and goes on from there when it becomes the sender', async () => {
    const [first, second] = [new Turn(true), new Turn(false)];
    start(first);
    start(second);
    await write('c1');
    await untilSent(2);
    first.give(false);
    await write('c2');
    expect(outlet.tries).toBe(2);
    second.give(true);
    await untilSent(4);
  });

  it('stops', async () => {
    await start(new Turn(false)).beforeApplicationShutdown();
    expect(outlet.tries).toBe(0);
  });
});
