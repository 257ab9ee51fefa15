import { describe, expect, it } from '@jest/globals';
import { proposed, type Recorded } from './event-store.js';
import { InMemoryEventStore } from './in-memory-event-store.js';
import { InMemoryRowStore } from './in-memory-row-store.js';
import { project, type View } from './projector.js';

interface Count {
  readonly name: string;
  readonly times: number;
}

const counter = (name: string): View<Count> => ({
  name,
  columns: { times: 'INTEGER' },
  categories: ['word'],
  keys: (event) => [event.data as string],
  evolve: (row, event) =>
    event.type === 'Forgotten'
      ? null
      : { name: event.data as string, times: (row?.times ?? 0) + 1 },
  index: ({ times }) => ({ times }),
});

let commands = 0;
const append = (store: InMemoryEventStore, type: string, ...words: string[]) =>
  store.append({
    stream: 'word-1',
    events: proposed(
      words.map((data) => ({ type, data })),
      { correlationId: 'r', causationId: 'r', commandId: `c${commands++}`, actor: null },
    ),
    expected: 'any',
  });

/** Projects until the end of the log. */
const catchUp = async (
  store: InMemoryEventStore,
  rows: InMemoryRowStore,
  views: readonly View<Count>[],
) => {
  const abort = new AbortController();
  const commits: bigint[] = [];
  await project({ store, rows, signal: abort.signal }, views, (position, live) => {
    commits.push(position);
    if (live) abort.abort();
  });
  return commits;
};

describe('project', () => {
  it('folds the log into rows and commits them with the checkpoint', async () => {
    const store = new InMemoryEventStore();
    const rows = new InMemoryRowStore();
    await append(store, 'Said', 'a', 'b', 'a');
    await append(store, 'Forgotten', 'b');
    await catchUp(store, rows, [counter('words.v1')]);
    expect(rows.rows('words.v1')).toEqual([{ name: 'a', times: 2 }]);
    expect(rows.checkpoint('words.v1')).toBe(3n);
  });

  it('shows rows that come and go within a batch too: they use up their numbers', async () => {
    const store = new InMemoryEventStore();
    await append(store, 'Said', 'a');
    await append(store, 'Said', 'b', 'b');
    await append(store, 'Forgotten', 'b', 'a', 'c');
    const written: unknown[] = [];
    class Watched extends InMemoryRowStore {
      override commit(...[changes, views, position]: Parameters<InMemoryRowStore['commit']>): void {
        written.push(...changes.map(({ key, row, columns }) => [key, row, columns]));
        super.commit(changes, views, position);
      }
    }
    const rows = new Watched();
    await catchUp(store, rows, [counter('words.v1')]);
    expect(written).toEqual([
      ['a', { name: 'a', times: 1 }, { times: 1 }],
      ['b', { name: 'b', times: 2 }, { times: 2 }],
      ['b', null, {}],
      ['a', null, {}],
      ['c', null, {}],
    ]);
    expect(rows.rows('words.v1')).toEqual([]);
  });

  it('goes on where it stopped', async () => {
    const store = new InMemoryEventStore();
    const rows = new InMemoryRowStore();
    await append(store, 'Said', 'a');
    await catchUp(store, rows, [counter('words.v1')]);
    await append(store, 'Said', 'a');
    expect(await catchUp(store, rows, [counter('words.v1')])).toEqual([1n]);
    expect(rows.rows('words.v1')).toEqual([{ name: 'a', times: 2 }]);
  });

  it('fills a view that was added later from the start, and shows no event twice to the others', async () => {
    const store = new InMemoryEventStore();
    const rows = new InMemoryRowStore();
    await append(store, 'Said', 'a');
    await catchUp(store, rows, [counter('words.v1')]);
    await append(store, 'Said', 'a');
    await catchUp(store, rows, [counter('words.v1'), counter('words.v2')]);
    expect(rows.rows('words.v1')).toEqual([{ name: 'a', times: 2 }]);
    expect(rows.rows('words.v2')).toEqual([{ name: 'a', times: 2 }]);
  });

  it('commits batch by batch through a long history', async () => {
    const store = new InMemoryEventStore();
    const rows = new InMemoryRowStore();
    await append(store, 'Said', ...Array.from({ length: 1200 }, () => 'a'));
    expect(await catchUp(store, rows, [counter('words.v1')])).toEqual([511n, 1023n, 1199n]);
    expect(rows.rows('words.v1')).toEqual([{ name: 'a', times: 1200 }]);
  });

  it('hands every event of its categories to the view, known or not', async () => {
    const seen: string[] = [];
    const view: View<Count> = {
      ...counter('all.v1'),
      keys: (event: Recorded) => {
        seen.push(event.type);
        return [];
      },
    };
    const store = new InMemoryEventStore();
    await append(store, 'NeverHeardOf', 'a');
    await catchUp(store, new InMemoryRowStore(), [view]);
    expect(seen).toEqual(['NeverHeardOf']);
  });
});
