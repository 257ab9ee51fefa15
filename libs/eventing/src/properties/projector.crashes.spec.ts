import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { proposed, type Batch, type Subscription } from '../event-store.js';
import { InMemoryEventStore } from '../in-memory-event-store.js';
import { InMemoryRowStore } from '../in-memory-row-store.js';
import { project, type View } from '../projector.js';
import type { RowChange } from '../row-store.js';

/** Batches of at most `size` events, as of a log that is much longer. */
class InSmallBatches extends InMemoryEventStore {
  constructor(private readonly size: number) {
    super();
  }

  override async *subscribe(subscription: Subscription): AsyncIterable<Batch> {
    for await (const { events, position, live } of super.subscribe(subscription)) {
      let rest = events;
      while (rest.length > this.size) {
        const part = rest.slice(0, this.size);
        rest = rest.slice(this.size);
        yield { events: part, position: part.at(-1)!.position, live: false };
      }
      yield { events: rest, position, live };
    }
  }
}

class Crash extends Error {}

/** Where the process dies: at which commit, and whether that was still made. */
interface Death {
  readonly commit: number;
  readonly made: boolean;
}

/** Rows outlive the process; the death does not. */
class MortalRowStore extends InMemoryRowStore {
  private death: Death | null = null;
  private commits = 0;

  liveUntil(death: Death | null): void {
    this.death = death;
    this.commits = 0;
  }

  override commit(changes: readonly RowChange[], views: readonly string[], position: bigint): void {
    const dies = this.death !== null && this.commits++ === this.death.commit;
    if (!dies || this.death?.made) super.commit(changes, views, position);
    if (!dies) return;
    this.liveUntil(null);
    throw new Crash();
  }
}

interface Tally {
  readonly letter: string;
  readonly times: number;
}

/** Counts: an event that is shown twice, or never, shows. */
const tally = (name: string, category: string): View<Tally> => ({
  name,
  columns: { times: 'INTEGER' },
  categories: [category],
  keys: ({ stream, data }) => (stream.startsWith(`${category}-`) ? [data as string] : []),
  evolve: (row, { type, data }) =>
    type === 'Forgotten' ? null : { letter: data as string, times: (row?.times ?? 0) + 1 },
  index: ({ times }) => ({ times }),
});

const VIEWS = [tally('letters.v1', 'a'), tally('letters.v2', 'a'), tally('others.v1', 'b')];

type Step =
  | { readonly kind: 'append'; readonly stream: string; readonly letters: readonly string[] }
  | { readonly kind: 'forget'; readonly letter: string }
  | { readonly kind: 'run'; readonly views: readonly number[]; readonly death: Death | null };

const letter = fc.constantFrom('x', 'y', 'z');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('append'),
    stream: fc.constantFrom('a-1', 'a-2', 'b-1', 'c-1'),
    letters: fc.array(letter, { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('forget'), letter }),
  fc.record({
    kind: fc.constant('run'),
    views: fc.subarray([0, 1, 2], { minLength: 1 }),
    death: fc.option(fc.record({ commit: fc.nat({ max: 3 }), made: fc.boolean() })),
  }),
);

/** Runs to the end of the log, or to the crash. Tells the positions that were committed. */
const run = async (
  store: InMemoryEventStore,
  rows: MortalRowStore,
  views: readonly View<Tally>[],
): Promise<readonly bigint[]> => {
  const abort = new AbortController();
  const told: bigint[] = [];
  try {
    await project({ store, rows, signal: abort.signal }, views, (position, live) => {
      told.push(position);
      if (live) abort.abort();
    });
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
  return told;
};

const appending = async (store: InMemoryEventStore, taken: Step, serial: number): Promise<void> => {
  if (taken.kind === 'run') return;
  const events =
    taken.kind === 'append'
      ? taken.letters.map((data) => ({ type: 'Said', data }))
      : [{ type: 'Forgotten', data: taken.letter }];
  await store.append({
    stream: taken.kind === 'append' ? taken.stream : 'a-1',
    events: proposed(events, {
      correlationId: 'r',
      causationId: 'r',
      commandId: `c${serial}`,
      actor: null,
    }),
    expected: 'any',
  });
};

/** What a view must hold: the fold of the whole log, the simple way. */
const folded = (store: InMemoryEventStore, view: View<Tally>): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const event of store.all()) {
    for (const key of view.keys(event)) {
      const before = counts[key];
      const row = view.evolve(before === undefined ? null : { letter: key, times: before }, event);
      counts[key] = row?.times ?? 0;
      if (row === null) Reflect.deleteProperty(counts, key);
    }
  }
  return counts;
};

const held = (rows: InMemoryRowStore, view: View<Tally>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    rows.rows(view.name).map((row) => [(row as Tally).letter, (row as Tally).times]),
  );

describe('views of a process that crashes between batches, or in the middle of one', () => {
  it('hold the fold of the log, each event once, whichever of them were there when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 25 }),
        async (size, steps) => {
          const store = new InSmallBatches(size);
          const rows = new MortalRowStore();
          for (const [serial, taken] of steps.entries()) {
            await appending(store, taken, serial);
            if (taken.kind !== 'run') continue;
            rows.liveUntil(taken.death);
            await run(
              store,
              rows,
              VIEWS.filter((_, index) => taken.views.includes(index)),
            );
          }
          rows.liveUntil(null);
          const told = await run(store, rows, VIEWS);
          expect([...told].sort((a, b) => Number(a - b))).toEqual(told);
          for (const view of VIEWS) expect(held(rows, view)).toEqual(folded(store, view));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('are never behind a position that was told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const store = new InSmallBatches(2);
        const rows = new MortalRowStore();
        for (const [serial, taken] of steps.entries()) {
          await appending(store, taken, serial);
          if (taken.kind !== 'run') continue;
          const views = VIEWS.filter((_, index) => taken.views.includes(index));
          rows.liveUntil(taken.death);
          const told = await run(store, rows, views);
          for (const { name } of views) {
            expect(rows.checkpoint(name) ?? -1n).toBeGreaterThanOrEqual(told.at(-1) ?? -1n);
          }
        }
      }),
    );
  });
});
