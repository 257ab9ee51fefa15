import { describe, expect, it } from '@jest/globals';
import { Refused, type Decider } from '../decider.js';
import { StoreUnavailable, type Append, type Appended } from '../event-store.js';
import { handle } from '../handle.js';
import { InMemoryEventStore } from '../in-memory-event-store.js';
import type { Message, Metadata } from '../message.js';

type Add = Message<'Add', number>;
type Added = Message<'Added', number>;

const limited: Decider<number, Add, Added> = {
  initialState: 0,
  decide({ data }, sum) {
    if (sum + data > 10) throw new Refused('quota-exceeded', `${sum + data} is more than 10`);
    return data === 0 ? [] : [{ type: 'Added', data }];
  },
  evolve: (sum, { data }) => sum + data,
};

const metadata = (commandId: string): Metadata => ({
  correlationId: 'r',
  causationId: commandId,
  commandId,
  actor: null,
});

/** Holds the first append back until told, so that what comes meanwhile waits for its turn. */
class SlowEventStore extends InMemoryEventStore {
  readonly sizes: number[] = [];
  readonly begun: Promise<void>;
  release: () => void = () => undefined;
  private readonly held = new Promise<void>((resolve) => (this.release = resolve));
  private begin: () => void = () => undefined;

  constructor() {
    super();
    this.begun = new Promise((resolve) => (this.begin = resolve));
  }

  override async append(request: Append): Promise<Appended> {
    this.sizes.push(request.events.length);
    this.begin();
    if (this.sizes.length === 1) await this.held;
    return super.append(request);
  }
}

/** One command whose append is under way, and others that came meanwhile. */
const waiting = async (store: SlowEventStore, numbers: readonly number[]) => {
  const send = handle(store, 'sum', limited);
  const first = send('1', { type: 'Add', data: 1 }, metadata('first'));
  await store.begun;
  const others = numbers.map((data, index) =>
    send('1', { type: 'Add', data }, metadata(`c${index}`)),
  );
  store.release();
  await first;
  return Promise.allSettled(others);
};

describe('commands that wait for the same stream', () => {
  it('are one append, each decided on what the one before it leaves', async () => {
    const store = new SlowEventStore();
    const results = await waiting(store, [2, 3, 4]);
    expect(store.sizes).toEqual([1, 3]);
    expect(results.map((result) => result.status === 'fulfilled' && result.value.state)).toEqual([
      3, 6, 10,
    ]);
    expect(store.all().map(({ metadata: { commandId } }) => commandId)).toEqual([
      'first',
      'c0',
      'c1',
      'c2',
    ]);
  });

  it('are told where the append ended, and those that changed nothing are not', async () => {
    const [some, none] = await waiting(new SlowEventStore(), [2, 0]);
    expect(some).toMatchObject({ value: { appended: { revision: 1 } } });
    expect(none).toMatchObject({ value: { state: 3, events: [], appended: null } });
  });

  it('do not suffer from one that is refused', async () => {
    const store = new SlowEventStore();
    const [six, nine, three] = await waiting(store, [6, 9, 3]);
    expect([six, three]).toMatchObject([{ value: { state: 7 } }, { value: { state: 10 } }]);
    expect(nine).toMatchObject({ reason: { message: '16 is more than 10' } });
    expect(store.all().map(({ data }) => data)).toEqual([1, 6, 3]);
  });

  it('append once what comes twice', async () => {
    const store = new SlowEventStore();
    const send = handle(store, 'sum', limited);
    const first = send('1', { type: 'Add', data: 1 }, metadata('first'));
    await store.begun;
    const twice = [0, 1].map(() => send('1', { type: 'Add', data: 5 }, metadata('same')));
    store.release();
    await first;
    expect((await Promise.all(twice)).map(({ state }) => state)).toEqual([6, 6]);
    expect(store.all().map(({ data }) => data)).toEqual([1, 5]);
  });

  it('all hear of it when the store is away', async () => {
    class Lost extends SlowEventStore {
      override async append(request: Append): Promise<Appended> {
        const appended = await super.append(request);
        if (this.sizes.length > 1) throw new StoreUnavailable('no answer');
        return appended;
      }
    }
    const results = await waiting(new Lost(), [2, 3]);
    expect(results).toMatchObject([
      { reason: { name: 'StoreUnavailable' } },
      { reason: { name: 'StoreUnavailable' } },
    ]);
  });

  it('are appended one by one when they are too much together', async () => {
    class Narrow extends SlowEventStore {
      override append(request: Append): Promise<Appended> {
        if (request.events.length > 1) return Promise.reject(new Error('too large'));
        return super.append(request);
      }
    }
    const store = new Narrow();
    const results = await waiting(store, [2, 3]);
    expect(results).toMatchObject([{ value: { state: 3 } }, { value: { state: 6 } }]);
    expect(store.sizes).toEqual([1, 1, 1]);
  });
});
