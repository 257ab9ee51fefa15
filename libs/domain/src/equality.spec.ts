import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSame } from './equality.js';

describe('isSame', () => {
  it.each([
    [
      { a: 1, b: { c: 2, d: [3] } },
      { b: { d: [3], c: 2 }, a: 1 },
    ],
    [undefined, undefined],
    [null, null],
    [{ a: undefined }, { a: undefined }],
  ])('%j is %j', (one, other) => {
    expect(isSame(one, other)).toBe(true);
  });

  it.each([
    [{ a: '1' }, { a: 1 }],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [null, undefined],
    [{}, []],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{}, null],
  ])('%j is not %j', (one, other) => {
    expect(isSame(one, other)).toBe(false);
  });

  it('holds of any JSON and its copy with the members the other way round', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, member]) => [key, turned(member)] as const)
          .reverse(),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(isSame(value, turned(value))).toBe(true);
      }),
    );
  });
});
