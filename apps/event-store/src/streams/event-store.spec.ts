import { describe, expect, it } from '@jest/globals';
import type { ProposedEvent } from '../log/stored-event.js';
import { EventStore } from './event-store.js';
import { StreamDeleted, WrongExpectedRevision, type ExpectedRevision } from './refusals.js';

let ids = 0;
const proposed = (type: string, data = ''): ProposedEvent => {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(++ids);
  return { id, type, json: false, metadata: new Uint8Array(), data: Buffer.from(data) };
};

const open = (clock = () => 0) => {
  const store = new EventStore({ file: ':memory:', clock });
  const append = (
    stream: string,
    events: readonly ProposedEvent[],
    expected: ExpectedRevision = 'any',
  ) => store.commits.submit(() => store.writer.append({ stream, events, expected }));
  const read = (stream: string) =>
    [...(store.reader.readStream({ stream, from: 0, backwards: false }) ?? [])]
      .flat()
      .map(({ type }) => type);
  return { store, append, read };
};

describe('EventStore', () => {
  it('knows an append again after any number of others', async () => {
    const { append, read } = open();
    const events = [proposed('A'), proposed('B')];
    const first = await append('s', events);
    for (let n = 0; n < 50; n++) await append('s', [proposed('X')]);
    expect(await append('s', events)).toEqual(first);
    expect(read('s')).toHaveLength(52);
  });

  it('refuses an append of which it knows a part', async () => {
    const { append } = open();
    const known = proposed('A');
    await append('s', [known]);
    await expect(append('s', [known, proposed('B')])).rejects.toThrow(WrongExpectedRevision);
  });

  it('gives no place to an append of nothing', async () => {
    const { append } = open();
    expect(await append('s', [])).toEqual({ revision: -1, position: undefined });
  });

  it('hides events by age as time goes by', async () => {
    let now = 0;
    const { append, read } = open(() => now);
    await append('$$s', [proposed('$metadata', '{"$maxAge":10}')]);
    await append('s', [proposed('A')]);
    now = 6000;
    await append('s', [proposed('B')]);
    expect(read('s')).toEqual(['A', 'B']);
    now = 12_000;
    expect(read('s')).toEqual(['B']);
    now = 20_000;
    expect(read('s')).toEqual([]);
  });

  it('closes the metadata of a tombstoned stream with it', async () => {
    const { store, append } = open();
    await append('s', [proposed('A')]);
    await store.commits.submit(() => store.writer.tombstone('s', 0));
    await expect(append('$$s', [proposed('$metadata', '{}')])).rejects.toThrow(StreamDeleted);
    const again = store.commits.submit(() => store.writer.tombstone('s', 'any'));
    await expect(again).rejects.toThrow(StreamDeleted);
  });

  it('finds all that passes a filter, however rare, and says how far it looked', async () => {
    const { store, append } = open();
    for (let n = 0; n < 3; n++) {
      await append(
        'noise',
        Array.from({ length: 700 }, () => proposed('N')),
      );
      await append('wanted', [proposed('W')]);
    }
    const filter = ({ stream }: { stream: string }) => stream === 'wanted';
    const first = store.reader.allAfter(0, filter);
    expect(first).toMatchObject({ considered: 1024, position: 1024 });
    expect(first.events.map(({ position }) => position)).toEqual([701]);
    const all = [...store.reader.readAll({ from: 0, backwards: false, filter })].flat();
    expect(all.map(({ position }) => position)).toEqual([701, 1402, 2103]);
    const back = [...store.reader.readAll({ from: Infinity, backwards: true, filter })].flat();
    expect(back.map(({ position }) => position)).toEqual([2103, 1402, 701]);
  });

  it('stops a filtered page where it is full', async () => {
    const { store, append } = open();
    await append(
      's',
      Array.from({ length: 600 }, () => proposed('T')),
    );
    const page = store.reader.allAfter(0, () => true);
    expect(page).toMatchObject({ considered: 256, position: 256 });
    expect(page.events).toHaveLength(256);
  });
});
