import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ownerOf } from './rendezvous.js';

const keys = Array.from({ length: 3000 }, (_, index) => `cluster-${index}`);
const members = ['conductor-a', 'conductor-b', 'conductor-c'];

describe('ownerOf', () => {
  it('is nobody among nobody', () => {
    expect(ownerOf('x', [])).toBeNull();
  });

  it('does not depend on the order of the members', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.string(), names, (key, some) => {
        expect(ownerOf(key, [...some].reverse())).toBe(ownerOf(key, some));
      }),
    );
  });

  it('shares the keys evenly', () => {
    for (const member of members) {
      const share = keys.filter((key) => ownerOf(key, members) === member).length;
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1150);
    }
  });

  it('moves only the keys of a member that goes', () => {
    const left = members.slice(1);
    const kept = keys.filter((key) => ownerOf(key, members) !== 'conductor-a');
    expect(kept.filter((key) => ownerOf(key, left) !== ownerOf(key, members))).toEqual([]);
  });
});
