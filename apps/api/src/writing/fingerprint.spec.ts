import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fingerprint } from './fingerprint.js';

const reversed = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]));
};

describe('fingerprint', () => {
  it('does not look at the order of members, nor at those that are not there', () => {
    expect(fingerprint({ a: 1, b: { c: [1], d: null }, e: undefined })).toBe(
      fingerprint({ b: { d: null, c: [1] }, a: 1 }),
    );
  });

  it('looks at everything else', () => {
    const values = [{}, { a: null }, { a: 1 }, { a: '1' }, { a: [1, 2] }, { a: [2, 1] }, { b: 1 }];
    expect(new Set(values.map(fingerprint)).size).toBe(values.length);
  });

  it('outlives being stored as JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const stored = JSON.parse(JSON.stringify(value)) as object;
        expect(fingerprint(stored)).toBe(fingerprint(value));
        expect(fingerprint(reversed(value) as object)).toBe(fingerprint(value));
      }),
    );
  });
});
