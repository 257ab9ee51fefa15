import { describe, expect, it } from '@jest/globals';
import { LookupCache } from './lookup-cache.js';

const cacheOver = (maxEntries = 2) => {
  const clock = { now: 0 };
  const asked: string[] = [];
  const cache = new LookupCache({ ttlMs: 5000, maxEntries }, () => clock.now);
  const look = (key: string) =>
    cache.get(key, () => {
      asked.push(key);
      return key === 'bad' ? Promise.reject(new Error('away')) : Promise.resolve(`is ${key}`);
    });
  return { clock, asked, look };
};

describe('LookupCache', () => {
  it('asks once at a time, and again when the answer is old', async () => {
    const { clock, asked, look } = cacheOver();
    expect(await Promise.all([look('a'), look('a')])).toEqual(['is a', 'is a']);
    clock.now = 4999;
    await look('a');
    expect(asked).toEqual(['a']);
    clock.now = 5000;
    await look('a');
    expect(asked).toEqual(['a', 'a']);
  });

  it('keeps no failure', async () => {
    const { asked, look } = cacheOver();
    const both = await Promise.allSettled([look('bad'), look('bad')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toEqual(['bad']);
    await expect(look('bad')).rejects.toThrow('away');
    expect(asked).toEqual(['bad', 'bad']);
  });

  it('forgets the oldest', async () => {
    const { asked, look } = cacheOver();
    for (const key of ['a', 'b', 'c', 'b', 'a']) await look(key);
    expect(asked).toEqual(['a', 'b', 'c', 'a']);
  });
});
