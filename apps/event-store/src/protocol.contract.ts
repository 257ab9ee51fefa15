import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ANY,
  BACKWARDS,
  binaryEvent,
  END,
  eventTypeFilter,
  jsonEvent,
  EventStoreDBClient,
  MaxAppendSizeExceededError,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  StreamDeletedError,
  streamNameFilter,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendToStreamOptions,
  type EventData,
  type ResolvedEvent,
} from '@eventstore/db-client';
import { collect, follow, latest } from './testing/reading.js';

const said = (word: string, id: string = randomUUID()): EventData =>
  jsonEvent({ id, type: 'Said', data: { word }, metadata: { by: 'ann' } });
const saidAll = (...words: string[]) => words.map((word) => said(word));
const word = ({ event }: ResolvedEvent) => (event?.data as { word: string }).word;
const words = (events: readonly ResolvedEvent[]) => events.map(word);
const newStream = () => `protocol${randomUUID().replaceAll('-', '')}-1`;

/** Both ways by which the stock client appends. */
const PATHS: [string, Partial<AppendToStreamOptions>][] = [
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
];

/** What the stock client may expect of any server of the protocol. */
export const protocolContract = (name: string, url: () => string): void => {
  describe(`${name} speaks the protocol`, () => {
    let client: EventStoreDBClient;

    beforeAll(() => {
      client = EventStoreDBClient.connectionString(url());
    });
    afterAll(() => client.dispose());

    describe.each(PATHS)('appending by %s', (_, path) => {
      it('gives revision and position', async () => {
        const stream = newStream();
        const first = await client.appendToStream(stream, saidAll('a', 'b'), path);
        const second = await client.appendToStream(stream, said('c'), path);
        expect(first).toMatchObject({ success: true, nextExpectedRevision: 1n });
        expect(second.nextExpectedRevision).toBe(2n);
        expect(second.position!.commit).toBeGreaterThan(first.position!.commit);
      });

      it.each([
        [NO_STREAM, 1n, 'no_stream'],
        [0n, 1n, 0n],
        [7n, 1n, 7n],
      ] as const)(
        'refuses expected revision %s of a stream that is at 1',
        async (expected, actual, named) => {
          const stream = newStream();
          await client.appendToStream(stream, saidAll('a', 'b'), path);
          const append = client.appendToStream(stream, said('c'), {
            ...path,
            expectedRevision: expected,
          });
          const error = await append.catch((refusal: unknown) => refusal);
          expect(error).toBeInstanceOf(WrongExpectedVersionError);
          expect(error).toMatchObject({
            streamName: stream,
            actualVersion: actual,
            expectedVersion: named,
          });
          expect(words(await collect(client.readStream(stream)))).toEqual(['a', 'b']);
        },
      );

      it.each([STREAM_EXISTS, 0n] as const)('refuses %s of no stream', async (expectedRevision) => {
        const append = client.appendToStream(newStream(), said('a'), { ...path, expectedRevision });
        await expect(append).rejects.toThrow(WrongExpectedVersionError);
      });

      it.each([NO_STREAM, ANY] as const)(
        'takes the same events with %s once',
        async (expectedRevision) => {
          const stream = newStream();
          const events = saidAll('a', 'b');
          const options = { ...path, expectedRevision };
          const first = await client.appendToStream(stream, events, options);
          await client.appendToStream(stream, said('c'), path);
          const again = await client.appendToStream(stream, events, options);
          expect(again).toMatchObject({ nextExpectedRevision: 1n, position: first.position });
          expect(words(await collect(client.readStream(stream)))).toEqual(['a', 'b', 'c']);
        },
      );

      it('takes the same events with a revision once, and refuses them when others follow', async () => {
        const stream = newStream();
        await client.appendToStream(stream, said('a'), path);
        const events = saidAll('b', 'c');
        const options = { ...path, expectedRevision: 0n };
        await client.appendToStream(stream, events, options);
        await expect(client.appendToStream(stream, events, options)).resolves.toMatchObject({
          nextExpectedRevision: 2n,
        });
        const more = [...events, said('d')];
        await expect(client.appendToStream(stream, more, options)).rejects.toThrow(
          WrongExpectedVersionError,
        );
      });

      it('refuses more than a mebibyte', async () => {
        const large = said('x'.repeat(1024 * 1024 + 1));
        const stream = newStream();
        await expect(client.appendToStream(stream, large, path)).rejects.toThrow(
          MaxAppendSizeExceededError,
        );
        await expect(collect(client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
      });

      it('stores bytes as bytes', async () => {
        const stream = newStream();
        const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
        await client.appendToStream(
          stream,
          binaryEvent({ type: 'Sent', data, metadata: data }),
          path,
        );
        const [read] = await collect(client.readStream(stream));
        expect(read?.event).toMatchObject({ isJson: false, type: 'Sent' });
        expect(Buffer.from(read?.event?.data as Uint8Array).equals(data)).toBe(true);
        expect(Buffer.from(read?.event?.metadata as Uint8Array).equals(data)).toBe(true);
      });
    });

    it('takes many appends at once, each whole and in order', async () => {
      const stream = newStream();
      await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          client.appendToStream(stream, saidAll(`${n}a`, `${n}b`)),
        ),
      );
      const read = words(await collect(client.readStream(stream)));
      expect(read).toHaveLength(400);
      for (let at = 0; at < 400; at += 2) {
        expect(read[at + 1]).toBe(read[at]!.replace('a', 'b'));
      }
    });

    describe('reading a stream', () => {
      const stream = newStream();
      const read = async (options: Parameters<typeof client.readStream>[1]) =>
        words(await collect(client.readStream(stream, options)));

      beforeAll(() => client.appendToStream(stream, saidAll('a', 'b', 'c', 'd')));

      it('gives each event whole', async () => {
        const event = said('whole');
        const other = `${newStream()}-Ünïcode`;
        const { position } = await client.appendToStream(other, event);
        const [resolved] = await collect(client.readStream(other));
        expect(resolved?.event).toMatchObject({
          id: event.id,
          streamId: other,
          revision: 0n,
          type: 'Said',
          isJson: true,
          data: { word: 'whole' },
          metadata: { by: 'ann' },
          position,
        });
        expect(Math.abs(Date.now() - Number(resolved?.event?.created))).toBeLessThan(60_000);
        expect(resolved?.commitPosition).toBe(position!.commit);
      });

      it('goes both ways from anywhere', async () => {
        expect(await read({})).toEqual(['a', 'b', 'c', 'd']);
        expect(await read({ fromRevision: 2n })).toEqual(['c', 'd']);
        expect(await read({ fromRevision: 9n })).toEqual([]);
        expect(await read({ direction: BACKWARDS, fromRevision: END })).toEqual([
          'd',
          'c',
          'b',
          'a',
        ]);
        expect(await read({ direction: BACKWARDS, fromRevision: 1n })).toEqual(['b', 'a']);
        expect(await read({ direction: BACKWARDS, fromRevision: 99n, maxCount: 1 })).toEqual(['d']);
        expect(await read({ fromRevision: 1n, maxCount: 2 })).toEqual(['b', 'c']);
      });

      it('says when there is no stream', async () => {
        await expect(collect(client.readStream(newStream()))).rejects.toThrow(StreamNotFoundError);
      });

      it('gives thousands of events', async () => {
        const long = newStream();
        const batch = Array.from({ length: 1500 }, (_, n) => said(String(n)));
        await client.appendToStream(long, batch);
        expect(words(await collect(client.readStream(long)))).toEqual(
          Array.from({ length: 1500 }, (_, n) => String(n)),
        );
      });
    });

    describe('reading the log', () => {
      it('goes forwards from a position and backwards before it', async () => {
        const stream = newStream();
        const { position } = await client.appendToStream(stream, said('a'));
        await client.appendToStream(stream, said('b'));
        const at = { fromPosition: position!, maxCount: 1 };
        const [forwards] = await collect(client.readAll(at));
        const [backwards] = await collect(client.readAll({ ...at, direction: BACKWARDS }));
        expect(forwards?.event?.position).toEqual(position);
        expect(backwards!.event!.position!.commit).toBeLessThan(position!.commit);
      });

      it('ends with the newest', async () => {
        const { position } = await client.appendToStream(newStream(), said('a'));
        const last = await latest(client);
        expect(last).toBeGreaterThanOrEqual(position!.commit);
      });
    });

    it('resolves links', async () => {
      const [target, links] = [newStream(), newStream()];
      await client.appendToStream(target, saidAll('a', 'b'));
      const link = (to: string) =>
        binaryEvent({ type: '$>', data: Buffer.from(to), metadata: new Uint8Array() });
      await client.appendToStream(links, [link(`1@${target}`), link(`0@${newStream()}`)]);
      const [found, gone] = await collect(client.readStream(links, { resolveLinkTos: true }));
      const [raw] = await collect(client.readStream(links));
      expect(word(found!)).toBe('b');
      expect(found?.link).toMatchObject({ streamId: links, revision: 0n });
      expect(gone?.event).toBeUndefined();
      expect(gone?.link?.revision).toBe(1n);
      expect(raw?.event?.type).toBe('$>');
    });

    describe('deleting', () => {
      it('hides a stream, which lives again with the next append', async () => {
        const stream = newStream();
        await client.appendToStream(stream, saidAll('a', 'b'));
        await client.deleteStream(stream, { expectedRevision: 1n });
        await expect(collect(client.readStream(stream))).rejects.toThrow(StreamNotFoundError);
        const exists = { expectedRevision: STREAM_EXISTS } as const;
        await expect(client.appendToStream(stream, said('x'), exists)).rejects.toThrow(
          StreamDeletedError,
        );
        const revived = await client.appendToStream(stream, said('c'), {
          expectedRevision: NO_STREAM,
        });
        expect(revived.nextExpectedRevision).toBe(2n);
        expect(words(await collect(client.readStream(stream)))).toEqual(['c']);
        expect((await client.getStreamMetadata(stream)).metadata).toMatchObject({
          truncateBefore: 2,
        });
      });

      it('refuses another revision, and a stream that never was', async () => {
        const stream = newStream();
        await client.appendToStream(stream, said('a'));
        const error = await client
          .deleteStream(stream, { expectedRevision: 5n })
          .catch((refusal: unknown) => refusal);
        expect(error).toBeInstanceOf(WrongExpectedVersionError);
        expect(error).toMatchObject({ actualVersion: 0n, expectedVersion: 5n });
        await expect(client.deleteStream(newStream())).rejects.toThrow(WrongExpectedVersionError);
      });

      it('ends a stream for ever with a tombstone', async () => {
        const stream = newStream();
        await client.appendToStream(stream, said('a'));
        const { position } = await client.tombstoneStream(stream);
        expect(position!.commit).toBeGreaterThan(0n);
        for (const [, path] of PATHS) {
          await expect(client.appendToStream(stream, said('b'), path)).rejects.toThrow(
            StreamDeletedError,
          );
        }
        await expect(collect(client.readStream(stream))).rejects.toThrow(StreamDeletedError);
        await expect(client.deleteStream(stream)).rejects.toThrow(StreamDeletedError);
        const subscription = client.subscribeToStream(stream);
        await expect(follow(subscription).until(() => false)).rejects.toThrow(StreamDeletedError);
      });
    });

    describe('stream metadata', () => {
      it('comes back', async () => {
        const stream = newStream();
        expect(await client.getStreamMetadata(stream)).toEqual({ streamName: stream });
        await client.setStreamMetadata(stream, { maxCount: 7, owner: 'ann' });
        await client.setStreamMetadata(stream, { maxCount: 8, owner: 'ann' });
        const { metadata } = await client.getStreamMetadata(stream);
        expect(metadata).toEqual({ maxCount: 8, owner: 'ann' });
        expect(await collect(client.readStream(`$$${stream}`))).toHaveLength(1);
      });

      it.each([
        ['maxCount', { maxCount: 2 }, ['c', 'd']],
        ['truncateBefore', { truncateBefore: 3 }, ['d']],
        ['maxAge, not reached', { maxAge: 3600 }, ['a', 'b', 'c', 'd']],
      ])('hides events by %s', async (_, metadata, left) => {
        const stream = newStream();
        await client.appendToStream(stream, saidAll('a', 'b', 'c', 'd'));
        await client.setStreamMetadata(stream, metadata);
        const backwards = { direction: BACKWARDS, fromRevision: END } as const;
        expect(words(await collect(client.readStream(stream)))).toEqual(left);
        expect(words(await collect(client.readStream(stream, backwards)))).toEqual(
          left.toReversed(),
        );
      });
    });

    describe('subscriptions', () => {
      it('to a stream: history, the end of it, then what comes', async () => {
        const stream = newStream();
        await client.appendToStream(stream, saidAll('a', 'b'));
        const seen = follow(client.subscribeToStream(stream, { fromRevision: 0n }));
        await seen.until(() => seen.caughtUp);
        expect(words(seen.events)).toEqual(['b']);
        await client.appendToStream(stream, said('c'));
        await seen.until(() => seen.events.length === 2);
        expect(words(seen.events)).toEqual(['b', 'c']);
        await seen.stop();
      });

      it('to a stream that comes later, and is tombstoned', async () => {
        const stream = newStream();
        const seen = follow(client.subscribeToStream(stream));
        await seen.until(() => seen.caughtUp);
        await client.appendToStream(stream, said('a'));
        await seen.until(() => seen.events.length === 1);
        await client.tombstoneStream(stream);
        await expect(seen.until(() => false)).rejects.toThrow(StreamDeletedError);
      });

      it.each([
        ['stream prefix', (stream: string) => streamNameFilter({ prefixes: ['nothing-', stream] })],
        ['stream regex', (stream: string) => streamNameFilter({ regex: `^${stream}$` })],
        ['type prefix', (stream: string) => eventTypeFilter({ prefixes: [`Said${stream}`] })],
        ['type regex', (stream: string) => eventTypeFilter({ regex: `${stream}$` })],
      ])('to the log by %s', async (_, filter) => {
        const stream = newStream();
        const write = (data: string) =>
          client.appendToStream(stream, jsonEvent({ type: `Said${stream}`, data: { word: data } }));
        await write('a');
        await client.appendToStream(newStream(), said('x'));
        const seen = follow(client.subscribeToAll({ filter: filter(stream) }));
        await seen.until(() => seen.caughtUp);
        await client.appendToStream(newStream(), said('y'));
        await write('b');
        await seen.until(() => seen.events.length === 2);
        expect(words(seen.events)).toEqual(['a', 'b']);
        await seen.stop();
      });

      it('to the log after a position, or from its end', async () => {
        const stream = newStream();
        const { position } = await client.appendToStream(stream, saidAll('a', 'b'));
        const filter = streamNameFilter({ prefixes: [stream] });
        const after = follow(
          client.subscribeToAll({
            filter,
            fromPosition: { commit: position!.commit - 1n, prepare: position!.prepare - 1n },
          }),
        );
        const fromEnd = follow(client.subscribeToAll({ filter, fromPosition: END }));
        await Promise.all([after, fromEnd].map((seen) => seen.until(() => seen.caughtUp)));
        await client.appendToStream(stream, said('c'));
        await after.until(() => after.events.length === 2);
        await fromEnd.until(() => fromEnd.events.length === 1);
        expect(words(after.events)).toEqual(['b', 'c']);
        expect(words(fromEnd.events)).toEqual(['c']);
        await Promise.all([after.stop(), fromEnd.stop()]);
      });

      it('tell how far they are when nothing is for them', async () => {
        const { position } = await client.appendToStream(newStream(), said('first'));
        const reached: bigint[] = [];
        const filter = streamNameFilter({
          prefixes: [newStream()],
          maxSearchWindow: 10,
          checkpointReached: (_, { commit }) => {
            reached.push(commit);
          },
        });
        const seen = follow(client.subscribeToAll({ filter, fromPosition: position! }));
        await seen.until(() => seen.caughtUp);
        for (let n = 0; n < 25; n++) await client.appendToStream(newStream(), said('x'));
        await seen.until(() => reached.length >= 2);
        expect(reached[0]).toBeGreaterThan(position!.commit);
        expect(reached[1]).toBeGreaterThan(reached[0]!);
        await seen.stop();
      });

      it('go on when what comes after very many events at once is not for them', async () => {
        const stream = newStream();
        const filter = streamNameFilter({ prefixes: [stream], maxSearchWindow: 10_000 });
        const seen = follow(client.subscribeToAll({ filter, fromPosition: END }));
        await seen.until(() => seen.caughtUp);
        await client.appendToStream(stream, saidAll(...Array.from({ length: 200 }, () => 'many')));
        await seen.until(() => seen.events.length === 200);
        await client.appendToStream(newStream(), said('for others'));
        await client.appendToStream(stream, said('last'));
        await seen.until(() => seen.events.length === 201);
        expect(words(seen.events).at(-1)).toBe('last');
        await seen.stop();
      });

      it('lose nothing under load, however slow the reader', async () => {
        const stream = newStream();
        const subscription = client.subscribeToStream(stream, { fromRevision: START });
        const writing = Promise.all(
          Array.from({ length: 40 }, (_, n) =>
            client.appendToStream(
              stream,
              Array.from({ length: 50 }, () => said(String(n))),
            ),
          ),
        );
        let next = 0n;
        for await (const { event } of subscription) {
          expect(event?.revision).toBe(next++);
          if (next % 500n === 0n) await writing;
          if (next === 2000n) break;
        }
        await subscription.unsubscribe();
      });
    });
  });
};
