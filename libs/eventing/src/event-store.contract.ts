import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  proposed,
  VersionConflict,
  type Batch,
  type EventStore,
  type Proposed,
  type Recorded,
} from './event-store.js';
import type { Metadata } from './message.js';

let serial = 0;

const metadata = (commandId = `command-${process.pid}-${serial++}`): Metadata => ({
  correlationId: 'request-1',
  causationId: commandId,
  commandId,
  actor: {
    userId: 'u1',
    userName: 'ann',
    projectId: 'p1',
    roles: ['member'],
    requestId: 'req-1',
    address: '192.0.2.1',
    kind: 'user',
  },
});

const events = (...words: string[]) => words.map((word) => ({ type: 'Said', data: { word } }));
const said = (...words: string[]) => proposed(events(...words), metadata());
const words = (events: readonly Recorded[]) =>
  events.map((event) => (event.data as { word: string }).word);

/** What every event store must do. Each test uses streams of its own, so a store with a past will do. */
export const eventStoreContract = (name: string, open: () => Promise<EventStore>): void => {
  describe(`${name} keeps the event store's contract`, () => {
    let store: EventStore;
    let abort: AbortController;
    const stream = () => `contract${process.pid}-${serial++}`;

    beforeEach(async () => {
      store = await open();
      abort = new AbortController();
    });
    afterEach(() => {
      abort.abort();
    });

    const follow = async (
      category: string,
      after: bigint | null,
      enough: (events: readonly Recorded[], batch: Batch) => boolean,
    ) => {
      const seen: Recorded[] = [];
      const subscription = { after, categories: [category], signal: abort.signal };
      for await (const batch of store.subscribe(subscription)) {
        seen.push(...batch.events);
        if (enough(seen, batch)) break;
      }
      return seen;
    };

    it('reads nothing of a stream that is not there', async () => {
      expect(await store.read(stream())).toEqual([]);
    });

    it('gives back what was appended, in order, whole', async () => {
      const name = stream();
      const meta = metadata();
      const { revision, position } = await store.append({
        stream: name,
        events: proposed(events('a', 'b'), meta),
        expected: 'no-stream',
      });
      const stored = await store.read(name);
      expect(revision).toBe(1);
      expect(words(stored)).toEqual(['a', 'b']);
      expect(stored.map((event) => event.revision)).toEqual([0, 1]);
      expect(stored[1]).toMatchObject({ stream: name, type: 'Said', position, metadata: meta });
      expect(stored[0]!.position).toBeLessThan(position);
      expect(Date.parse(stored[0]!.recordedAt)).not.toBeNaN();
      expect(stored[0]!.id).not.toBe(stored[1]!.id);
    });

    it('reads from a revision on', async () => {
      const name = stream();
      await store.append({
        stream: name,
        events: said('a', 'b', 'c'),
        expected: 'any',
      });
      expect(words(await store.read(name, 1))).toEqual(['b', 'c']);
      expect(await store.read(name, 3)).toEqual([]);
    });

    it.each([
      ['a stream believed absent that is there', 'no-stream' as const],
      ['an older revision', 0],
      ['a revision not reached yet', 7],
    ])('refuses %s', async (_, expected) => {
      const name = stream();
      await store.append({
        stream: name,
        events: said('a', 'b'),
        expected: 'no-stream',
      });
      const append = store.append({
        stream: name,
        events: said('c'),
        expected,
      });
      await expect(append).rejects.toThrow(VersionConflict);
      expect(words(await store.read(name))).toEqual(['a', 'b']);
    });

    it('lets one of two writers with the same expectation win', async () => {
      const name = stream();
      const write = (word: string) =>
        store.append({
          stream: name,
          events: said(word),
          expected: 'no-stream',
        });
      const results = await Promise.allSettled([write('a'), write('b')]);
      expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await store.read(name)).toHaveLength(1);
    });

    it('acknowledges a repeated append without storing it again', async () => {
      const name = stream();
      const request = {
        stream: name,
        events: said('a', 'b'),
        expected: 'no-stream' as const,
      };
      const first = await store.append(request);
      await store.append({ stream: name, events: said('c'), expected: 1 });
      expect(await store.append(request)).toEqual(first);
      expect(words(await store.read(name))).toEqual(['a', 'b', 'c']);
    });

    it('stores events of several commands in one append, each with its own facts', async () => {
      const name = stream();
      const [one, other] = [metadata(), metadata()];
      const group = [...proposed(events('a', 'b'), one), ...proposed(events('c'), other)];
      await store.append({ stream: name, events: group, expected: 'no-stream' });
      const stored = await store.read(name);
      expect(words(stored)).toEqual(['a', 'b', 'c']);
      expect(stored.map((event) => event.metadata)).toEqual([one, one, other]);
      expect(new Set(stored.map(({ id }) => id)).size).toBe(3);
    });

    it('refuses a group of which only a part has been stored before', async () => {
      const name = stream();
      const again = said('a');
      await store.append({ stream: name, events: again, expected: 'no-stream' });
      const group = [...again, ...said('b')];
      const append = store.append({ stream: name, events: group, expected: 'no-stream' });
      await expect(append).rejects.toThrow(VersionConflict);
      expect(words(await store.read(name))).toEqual(['a']);
    });

    it('knows the position of its last event', async () => {
      const { position } = await store.append({
        stream: stream(),
        events: said('a'),
        expected: 'any',
      });
      expect(await store.head()).toBeGreaterThanOrEqual(position);
    });

    it('looks ahead from a position, over what is of other categories', async () => {
      const [mine, other] = [`mine${serial++}`, `other${serial++}`];
      const append = async (category: string, ...said: Proposed[]) =>
        (await store.append({ stream: `${category}-1`, events: said, expected: 'any' })).position;
      const seen = await append(mine, ...said('a'));
      const last = await append(mine, ...said('b', 'c'));
      const end = await append(other, ...said(...Array.from({ length: 600 }, () => 'x')));
      expect(await store.lookAhead(seen, [mine])).toEqual({ last, end });
      expect(await store.lookAhead(last, [mine])).toEqual({ last: null, end });
      expect(await store.lookAhead(end, [mine, other])).toEqual({ last: null, end });
      expect(await store.lookAhead(-1n, [mine])).toEqual({ last, end });
    });

    it('looks ahead as far as has been acknowledged', async () => {
      const category = `ahead${serial++}`;
      const from = (await store.head()) ?? -1n;
      for (const word of ['a', 'b', 'c']) {
        const request = { stream: `${category}-1`, events: said(word), expected: 'any' } as const;
        const { position } = await store.append(request);
        expect(await store.lookAhead(from, [category])).toMatchObject({ last: position });
      }
    });

    it('delivers history of the asked categories only, then says that it is live', async () => {
      const [mine, other] = [`mine${serial++}`, `other${serial++}`];
      await store.append({
        stream: `${mine}-1`,
        events: said('a', 'b'),
        expected: 'any',
      });
      await store.append({
        stream: `${other}-1`,
        events: said('x'),
        expected: 'any',
      });
      await store.append({
        stream: `${mine}-2`,
        events: said('c'),
        expected: 'any',
      });
      const seen = await follow(mine, null, (_, batch) => batch.live);
      expect(words(seen)).toEqual(['a', 'b', 'c']);
    });

    it('delivers what is appended later', async () => {
      const category = `live${serial++}`;
      let appended: Promise<unknown> | undefined;
      const seen = await follow(category, null, (events, { live }) => {
        if (live) {
          appended ??= store.append({
            stream: `${category}-1`,
            events: said('late'),
            expected: 'any',
          });
        }
        return events.length > 0;
      });
      await appended;
      expect(words(seen)).toEqual(['late']);
    });

    it('goes on after a position', async () => {
      const category = `after${serial++}`;
      const append = (word: string) =>
        store.append({
          stream: `${category}-1`,
          events: said(word),
          expected: 'any',
        });
      const { position } = await append('a');
      await append('b');
      expect(words(await follow(category, position, (_, batch) => batch.live))).toEqual(['b']);
    });

    it('ends the subscription when asked to', async () => {
      const ended = follow(`none${serial++}`, null, (_, { live }) => {
        if (live) abort.abort();
        return false;
      });
      await expect(ended).resolves.toEqual([]);
    });
  });
};
