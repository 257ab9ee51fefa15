import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { proposed } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import { project, type View } from '@jeroboam/eventing/projector';
import { SqliteRowStore } from './sqlite-row-store.js';

const words: View<string> = {
  name: 'words.v1',
  columns: {},
  categories: ['word'],
  keys: ({ data }) => [data as string],
  evolve: (row, { type, data }) => {
    if (type === 'Overheard') return row;
    return type === 'Forgotten' ? null : `${row ?? ''}${data as string}`;
  },
  index: () => ({}),
};

interface Said {
  readonly type: string;
  readonly data: string;
}

/** The rows with their numbers, where the log is read in these pieces. */
const numbered = async (pieces: readonly (readonly Said[])[]): Promise<unknown> => {
  const store = new InMemoryEventStore();
  const rows = SqliteRowStore.open(':memory:');
  for (const [at, events] of pieces.entries()) {
    const command = { correlationId: 'r', causationId: 'r', commandId: `c${at}`, actor: null };
    await store.append({ stream: 'word-1', events: proposed(events, command), expected: 'any' });
    const abort = new AbortController();
    await project({ store, rows, signal: abort.signal }, [words], (_, live) => {
      if (live) abort.abort();
    });
  }
  const found = rows.all('SELECT seq, key, body FROM words_v1 ORDER BY seq');
  rows.close();
  return found.map((row) => ({ ...row }));
};

const said = fc.record({
  type: fc.constantFrom('Said', 'Said', 'Overheard', 'Forgotten'),
  data: fc.constantFrom('a', 'b', 'c'),
});

it('rows have the same numbers wherever the log is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(said, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      async (pieces) => {
        const events = pieces.flat();
        const one = await numbered(events.map((event) => [event]));
        expect(await numbered(pieces)).toEqual(one);
        expect(await numbered([events])).toEqual(one);
      },
    ),
    { numRuns: 60 },
  );
});
