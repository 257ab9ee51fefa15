import { describe, expect, it } from '@jest/globals';
import { EventLog } from './event-log.js';
import { GroupCommit, WriteRefused, type Committed } from './group-commit.js';

class No extends WriteRefused {}

const open = () => {
  const log = new EventLog(':memory:');
  const sizes: number[] = [];
  const commits = new GroupCommit(log, (writes) => sizes.push(writes));
  const write = (stream: string) =>
    commits.submit(() => {
      const event = {
        id: Buffer.alloc(16),
        type: 'T',
        json: true,
        metadata: new Uint8Array(),
        data: new Uint8Array(),
      };
      const events = log.append(stream, [event], 0);
      return { result: events[0]!.position, events };
    });
  return { log, commits, sizes, write };
};

describe('GroupCommit', () => {
  it('commits what arrives in one turn at once', async () => {
    const { sizes, write } = open();
    expect(await Promise.all([write('a'), write('b'), write('a')])).toEqual([1, 2, 3]);
    await write('a');
    expect(sizes).toEqual([3, 1]);
  });

  it('refuses one write without touching those beside it', async () => {
    const { commits, write } = open();
    const refused = commits.submit(() => {
      throw new No('no');
    });
    const results = await Promise.allSettled([write('a'), refused, write('b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await expect(refused).rejects.toThrow(No);
  });

  it('fails all writes of a commit that fails, and goes on after it', async () => {
    const { log, commits, write } = open();
    const broken = commits.submit(() => {
      throw new Error('disk full');
    });
    const results = await Promise.allSettled([write('a'), broken]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(log.head).toBe(0);
    expect(await write('a')).toBe(1);
  });

  it('tells of what became durable, and from where on', async () => {
    const { commits, write } = open();
    const told: Committed[] = [];
    const stop = commits.onCommit((committed) => told.push(committed));
    await write('a');
    await Promise.all([write('b'), write('c')]);
    stop();
    await write('d');
    expect(told.map(({ after, events }) => [after, events.map(({ stream }) => stream)])).toEqual([
      [0, ['a']],
      [1, ['b', 'c']],
    ]);
  });
});
