import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Claims } from './claims.js';

const some = fc.array(fc.record({ id: fc.uuid(), kept: fc.boolean() }), { maxLength: 400 });

describe('Claims', () => {
  it('hold what was put in and not taken out', () => {
    fc.assert(
      fc.property(some, (all) => {
        const claims = all.reduce((before, { id }) => before.with(id), Claims.none);
        const left = all
          .filter(({ kept }) => !kept)
          .reduce((before, { id }) => before.without(id), claims);
        const wanted = new Set(all.map(({ id }) => id));
        for (const { id, kept } of all) if (!kept) wanted.delete(id);
        expect(new Set(left.keys())).toEqual(wanted);
        expect(left.size).toBe(wanted.size);
        expect(all.every(({ id }) => left.has(id) === wanted.has(id))).toBe(true);
        expect(claims.size).toBe(new Set(all.map(({ id }) => id)).size);
      }),
    );
  });

  it('are those of the start again when all are taken out', () => {
    expect(Claims.none.with('a1').with('a2').without('a2').without('a1')).toEqual(Claims.none);
  });

  it('stay the same when nothing changes', () => {
    const one = Claims.none.with('a1');
    expect(one.with('a1')).toBe(one);
    expect(one.without('b1')).toBe(one);
  });
});
