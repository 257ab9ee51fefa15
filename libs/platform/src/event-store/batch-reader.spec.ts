import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { AllStreamSubscription, RecordedEvent } from '@eventstore/db-client';
import { BatchReader } from './batch-reader.js';

/** The client's subscription is a stream of events that also emits what the server says between. */
class FakeSubscription extends PassThrough {
  unsubscribed = false;

  constructor() {
    super({ objectMode: true, highWaterMark: 2000 });
  }

  unsubscribe(): Promise<void> {
    this.unsubscribed = true;
    return Promise.resolve();
  }

  say(position: number): void {
    const event: Partial<RecordedEvent> = {
      streamId: 'cluster-1',
      type: 'Said',
      data: { position },
      revision: 0n,
      created: new Date(0),
      position: { commit: BigInt(position), prepare: BigInt(position) },
    };
    this.write({ event });
  }
}

const open = (options: { position?: bigint; head?: bigint; timeoutMs?: number } = {}) => {
  const subscription = new FakeSubscription();
  const reader = new BatchReader(
    subscription as Partial<AllStreamSubscription> as AllStreamSubscription,
    {
      position: -1n,
      head: -1n,
      timeoutMs: 10_000,
      ...options,
    },
  );
  subscription.emit('confirmation');
  return { subscription, reader, signal: new AbortController().signal };
};

describe('BatchReader', () => {
  it('gives what is at hand, at most 512 at once', async () => {
    const { subscription, reader, signal } = open();
    for (let position = 1; position <= 600; position++) subscription.say(position);
    const first = await reader.next(signal);
    const second = await reader.next(signal);
    expect(first?.events).toHaveLength(512);
    expect(first?.position).toBe(512n);
    expect(second?.events).toHaveLength(88);
    expect(second).toMatchObject({ position: 600n, live: false });
  });

  it('is not live before the events that were sent before the end of history are taken', async () => {
    const { subscription, reader, signal } = open({ head: 700n });
    for (let position = 1; position <= 600; position++) subscription.say(position);
    subscription.emit('caughtUp');
    expect(await reader.next(signal)).toMatchObject({ position: 512n, live: false });
    expect(await reader.next(signal)).toMatchObject({ position: 700n, live: true });
  });

  it('does not let a checkpoint overtake events', async () => {
    const { subscription, reader, signal } = open();
    for (let position = 1; position <= 513; position++) subscription.say(position);
    reader.checkpoint(1000n);
    expect(await reader.next(signal)).toMatchObject({ position: 512n });
    expect(await reader.next(signal)).toMatchObject({ position: 1000n });
  });

  it('says that it is behind', async () => {
    const { subscription, reader, signal } = open();
    subscription.emit('caughtUp');
    expect(await reader.next(signal)).toEqual({ events: [], position: -1n, live: true });
    subscription.emit('fellBehind');
    expect(await reader.next(signal)).toEqual({ events: [], position: -1n, live: false });
  });

  it.each(['error', 'end'])('fails on %s', async (event) => {
    const { subscription, reader, signal } = open();
    const next = reader.next(signal);
    subscription.emit(event, new Error('lost'));
    await expect(next).rejects.toThrow(/lost|ended/u);
  });

  it('fails when the server does not confirm', async () => {
    const subscription = new FakeSubscription();
    const reader = new BatchReader(
      subscription as Partial<AllStreamSubscription> as AllStreamSubscription,
      { position: -1n, head: -1n, timeoutMs: 10 },
    );
    await expect(reader.next(new AbortController().signal)).rejects.toThrow(/not confirmed/u);
  });

  it('ends when aborted, and lets go of the subscription', async () => {
    const { subscription, reader } = open();
    const abort = new AbortController();
    const next = reader.next(abort.signal);
    abort.abort();
    expect(await next).toBeUndefined();
    await reader.close();
    expect(subscription.unsubscribed).toBe(true);
  });
});
