import { describe, expect, it } from '@jest/globals';
import { backoff } from './backoff.js';

describe('backoff', () => {
  it('doubles up to its limit', () => {
    const delay = backoff({ minMs: 100, maxMs: 1000 }, { now: () => 0, random: () => 1 });
    expect([delay(), delay(), delay(), delay(), delay(), delay()]).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
  });

  it('leaves half of it to chance', () => {
    const delay = backoff({ minMs: 100, maxMs: 1000 }, { now: () => 0, random: () => 0 });
    expect([delay(), delay()]).toEqual([50, 100]);
  });

  it('begins anew after a quiet time', () => {
    let now = 0;
    const delay = backoff({ minMs: 100, maxMs: 1000 }, { now: () => now, random: () => 1 });
    delay();
    expect(delay()).toBe(200);
    now = 31_000;
    expect(delay()).toBe(100);
  });
});
