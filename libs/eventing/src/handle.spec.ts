import { describe, expect, it } from '@jest/globals';
import { Refused, type Decider } from './decider.js';
import { VersionConflict, type Append } from './event-store.js';
import { handle } from './handle.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import type { Message, Metadata } from './message.js';

type Add = Message<'Add', number>;
type Added = Message<'Added', number>;

const limited: Decider<number, Add, Added> = {
  initialState: 0,
  decide({ data }, sum) {
    if (sum + data > 10) throw new Refused('quota-exceeded', `${sum + data} is more than 10`);
    return [{ type: 'Added', data }];
  },
  evolve: (sum, { data }) => sum + data,
};

const metadata = (commandId: string): Metadata => ({
  correlationId: 'r',
  causationId: commandId,
  commandId,
  actor: null,
});
const add = (data: number): Add => ({ type: 'Add', data });

/** Two processes: two handlers, each with a memory of its own, on one log. */
const twoProcesses = (store = new InMemoryEventStore()) => ({
  store,
  one: handle(store, 'sum', limited),
  two: handle(store, 'sum', limited),
});

describe('handle', () => {
  it('appends what the decider decides and tells the state it leads to', async () => {
    const { store, one } = twoProcesses();
    const outcome = await one('1', add(4), metadata('a'));
    expect(outcome).toMatchObject({ state: 4, appended: { revision: 0 } });
    expect(store.all()).toMatchObject([{ stream: 'sum-1', type: 'Added', data: 4 }]);
  });

  it('appends nothing when a command comes again, whichever process gets it', async () => {
    const { store, one, two } = twoProcesses();
    await one('1', add(4), metadata('a'));
    expect(await one('1', add(4), metadata('a'))).toMatchObject({ state: 4, appended: null });
    expect(await two('1', add(4), metadata('a'))).toMatchObject({ state: 4, appended: null });
    expect(store.all()).toHaveLength(1);
  });

  it('decides again on the new state when another process was faster', async () => {
    const { one, two } = twoProcesses();
    await one('1', add(4), metadata('a'));
    await two('1', add(5), metadata('b'));
    await expect(one('1', add(4), metadata('c'))).rejects.toThrow('13 is more than 10');
    expect(await one('1', add(1), metadata('d'))).toMatchObject({ state: 10 });
  });

  it('does not refuse on a state that is out of date', async () => {
    const store = new InMemoryEventStore();
    const balance: Decider<number, Add, Added> = { ...limited };
    const one = handle(store, 'sum', balance);
    const two = handle(store, 'sum', balance);
    await one('1', add(10), metadata('a'));
    await two('1', add(-6), metadata('b'));
    expect(await one('1', add(5), metadata('c'))).toMatchObject({ state: 9 });
  });

  it('does not find done on a state that is out of date what has been undone since', async () => {
    const lamp: Decider<boolean, Message<'Turn', boolean>, Message<'Turned', boolean>> = {
      initialState: false,
      decide: ({ data }, lit) => (data === lit ? [] : [{ type: 'Turned', data }]),
      evolve: (_, { data }) => data,
    };
    const store = new InMemoryEventStore();
    const one = handle(store, 'lamp', lamp);
    await one('1', { type: 'Turn', data: true }, metadata('a'));
    await handle(store, 'lamp', lamp)('1', { type: 'Turn', data: false }, metadata('b'));
    await one('1', { type: 'Turn', data: true }, metadata('c'));
    expect(store.all().map((event) => event.data)).toEqual([true, false, true]);
  });

  it('does not read a stream that a command opens', async () => {
    class Unread extends InMemoryEventStore {
      override read(): never {
        throw new Error('was read');
      }
    }
    const { one } = twoProcesses(new Unread());
    expect(await one('1', { ...add(4), opens: true }, metadata('a'))).toMatchObject({ state: 4 });
    expect(await one('1', add(5), metadata('b'))).toMatchObject({ state: 9 });
  });

  it('decides anew when a stream was there that a command wanted to open', async () => {
    const { one, two } = twoProcesses();
    await one('1', add(4), metadata('a'));
    expect(await two('1', { ...add(5), opens: true }, metadata('b'))).toMatchObject({ state: 9 });
    const three = two('1', { ...add(2), opens: true }, metadata('c'));
    await expect(three).rejects.toThrow('11 is more than 10');
  });

  it('keeps commands to one stream in the order they came', async () => {
    const { store, one } = twoProcesses();
    await Promise.all([1, 2, 3].map((n) => one('1', add(n), metadata(`c${n}`))));
    expect(store.all().map((event) => event.data)).toEqual([1, 2, 3]);
  });

  it('gives up after five conflicts', async () => {
    class Contended extends InMemoryEventStore {
      attempts = 0;
      override append({ stream, expected }: Append): Promise<never> {
        this.attempts++;
        return Promise.reject(new VersionConflict(stream, expected));
      }
    }
    const store = new Contended();
    const send = handle(store, 'sum', limited);
    await expect(send('1', add(1), metadata('a'))).rejects.toThrow(VersionConflict);
    expect(store.attempts).toBe(5);
  });
});
