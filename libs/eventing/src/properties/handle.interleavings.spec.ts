import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Refused, type Decider } from '../decider.js';
import { StoreUnavailable, VersionConflict, type Append, type Appended } from '../event-store.js';
import { handle } from '../handle.js';
import { InMemoryEventStore } from '../in-memory-event-store.js';
import type { Message, Metadata } from '../message.js';

type Say = Message<'Say', { readonly word: string; readonly times: number }>;
type Said = Message<'Said', { readonly word: string; readonly place: number }>;

const LIMIT = 12;

/** Each event tells the state it was decided on, so that a decision on a wrong one shows in the log. */
const talk: Decider<number, Say, Said> = {
  initialState: 0,
  decide({ data: { word, times } }, length) {
    if (length + times > LIMIT) throw new Refused('quota-exceeded', 'enough');
    return Array.from({ length: times + (length % 2) }, (_, index) => ({
      type: 'Said',
      data: { word, place: length + index },
    }));
  },
  evolve: (length) => length + 1,
};

type Fault = 'none' | 'lost request' | 'lost answer';

/** Answers come late, in any order; some requests and some answers get lost. */
class FlakyEventStore extends InMemoryEventStore {
  private appends = 0;

  constructor(
    private readonly scheduler: fc.Scheduler,
    private readonly faults: readonly Fault[],
  ) {
    super();
  }

  override append(request: Append): Promise<Appended> {
    return this.scheduler.schedule(this.faultily(request, this.faults[this.appends++] ?? 'none'));
  }

  override read(stream: string, from?: number) {
    return this.scheduler.schedule(super.read(stream, from));
  }

  private async faultily(request: Append, fault: Fault): Promise<Appended> {
    if (fault === 'lost request') throw new StoreUnavailable('the request was lost');
    const appended = await super.append(request);
    if (fault === 'lost answer') throw new StoreUnavailable('the answer was lost');
    return appended;
  }
}

const metadata = (commandId: string): Metadata => ({
  correlationId: 'r',
  causationId: commandId,
  commandId,
  actor: null,
});

type Ending = 'done' | 'refused' | 'unknown';

/** A client sends a command, and the same again to the next process when it got no answer. */
const persist = async (
  send: (attempt: number) => Promise<unknown>,
  attempt = 0,
): Promise<Ending> => {
  try {
    await send(attempt);
    return 'done';
  } catch (error) {
    if (error instanceof Refused) return 'refused';
    if (error instanceof VersionConflict) return 'unknown';
    if (!(error instanceof StoreUnavailable)) throw error;
    return attempt === 3 ? 'unknown' : persist(send, attempt + 1);
  }
};

interface Sent {
  readonly process: number;
  readonly id: number;
}

/** Few ids: many commands come twice. */
const sent = fc.record({ process: fc.nat({ max: 2 }), id: fc.nat({ max: 5 }) });
const faults = fc.array(fc.constantFrom<Fault>('none', 'lost request', 'lost answer'));
const commandOf = (id: number): Say => ({
  type: 'Say',
  data: { word: `word ${id}`, times: 1 + (id % 3) },
});

/** Two waves: what the first leaves in the processes' memory meets the second. */
const run = async (
  store: FlakyEventStore,
  scheduler: fc.Scheduler,
  waves: readonly (readonly Sent[])[],
) => {
  const processes = [0, 1, 2].map(() => handle(store, 'talk', talk));
  const endings: { id: number; ending: Ending }[] = [];
  for (const wave of waves) {
    const all = wave.map(async ({ process, id }) => {
      const send = (attempt: number) =>
        processes[(process + attempt) % 3]!('1', commandOf(id), metadata(`command ${id}`));
      endings.push({ id, ending: await persist(send) });
    });
    await scheduler.waitFor(Promise.all(all));
  }
  return endings;
};

/** Commands in the order they took effect, with their events. */
const effects = (store: InMemoryEventStore) => {
  const groups: { commandId: string; events: unknown[] }[] = [];
  for (const { metadata: meta, type, data } of store.all()) {
    const last = groups.at(-1);
    if (last?.commandId === meta.commandId) last.events.push({ type, data });
    else groups.push({ commandId: meta.commandId, events: [{ type, data }] });
  }
  return groups;
};

describe('commands of several processes to one stream, with answers late or lost', () => {
  const wave = fc.array(sent, { maxLength: 8 });

  it('take effect one after the other, each on the state the ones before it led to', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        faults,
        fc.array(wave, { maxLength: 4 }),
        async (scheduler, script, waves) => {
          const store = new FlakyEventStore(scheduler, script);
          await run(store, scheduler, waves);
          let length = 0;
          for (const { commandId, events } of effects(store)) {
            const id = Number(commandId.slice('command '.length));
            expect(events).toEqual(talk.decide(commandOf(id), length));
            length += events.length;
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('take effect once, and do so when they are acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        faults,
        fc.array(wave, { maxLength: 4 }),
        async (scheduler, script, waves) => {
          const store = new FlakyEventStore(scheduler, script);
          const endings = await run(store, scheduler, waves);
          const done = effects(store).map(({ commandId }) => commandId);
          expect(new Set(done).size).toBe(done.length);
          for (const { id, ending } of endings) {
            if (ending === 'done') expect(done).toContain(`command ${id}`);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('a command that comes again', () => {
  const say = (id: number): [string, Say, Metadata] => [
    '1',
    commandOf(id),
    metadata(`command ${id}`),
  ];

  it('to a process that has missed what came before it does not make it miss that for good', async () => {
    const store = new InMemoryEventStore();
    const one = handle(store, 'talk', talk);
    const two = handle(store, 'talk', talk);
    await one(...say(0));
    await two(...say(1));
    await two(...say(3));
    const before = store.all().length;
    expect(await one(...say(3))).toMatchObject({ state: before, appended: null });
    const { events } = await one(...say(4));
    expect(events[0]?.data.place).toBe(before);
  });

  it('after its answer was lost is acknowledged with its place', async () => {
    const store = new InMemoryEventStore();
    const lossy = Object.assign(Object.create(store) as InMemoryEventStore, {
      append: async (request: Append) => {
        await store.append(request);
        throw new StoreUnavailable('the answer was lost');
      },
    });
    await expect(handle(lossy, 'talk', talk)(...say(0))).rejects.toThrow(StoreUnavailable);
    expect(await handle(store, 'talk', talk)(...say(0))).toMatchObject({ state: 1 });
    expect(store.all()).toHaveLength(1);
  });

  it('after so many others that it is forgotten changes nothing, in the log or in memory', async () => {
    const counted: Decider<number, Say, Said> = {
      ...talk,
      decide: ({ data: { word } }, place) => [{ type: 'Said', data: { word, place } }],
    };
    const store = new InMemoryEventStore();
    const send = handle(store, 'talk', counted);
    for (let id = 0; id < 300; id++) await send(...say(id));
    expect(await send(...say(0))).toMatchObject({ state: 300, appended: null });
    expect(await send(...say(300))).toMatchObject({ state: 301, appended: { revision: 300 } });
    expect(store.all().map(({ data }) => (data as Said['data']).place)).toEqual([
      ...Array(301).keys(),
    ]);
  });
});
