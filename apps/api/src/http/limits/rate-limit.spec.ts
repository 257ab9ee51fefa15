import { describe, expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.js';

const setUp = (perSecond: number, burst: number) => {
  const clock = { now: 1_000_000 };
  return { clock, limit: new RateLimit({ perSecond, burst }, () => clock.now) };
};

describe('RateLimit', () => {
  it('lets a burst through, then as many as the rate gives', () => {
    const { clock, limit } = setUp(2, 3);
    for (let sent = 0; sent < 3; sent += 1) limit.take('p1');
    expect(() => {
      limit.take('p1');
    }).toThrow('Too many requests of this project. Please try again in 1 s.');
    clock.now += 500;
    limit.take('p1');
    expect(() => {
      limit.take('p1');
    }).toThrow();
  });

  it('says when to come back', () => {
    const { limit } = setUp(0.1, 1);
    limit.take('p1');
    expect(() => {
      limit.take('p1');
    }).toThrow(expect.objectContaining({ status: 429, headers: { 'Retry-After': '10' } }));
  });

  it('keeps projects apart', () => {
    const { limit } = setUp(1, 1);
    limit.take('p1');
    expect(() => {
      limit.take('p2');
    }).not.toThrow();
  });

  it('does not save up more than a burst', () => {
    const { clock, limit } = setUp(1, 2);
    limit.take('p1');
    clock.now += 3_600_000;
    limit.take('p1');
    limit.take('p1');
    expect(() => {
      limit.take('p1');
    }).toThrow();
  });

  it('is off at a rate of 0', () => {
    const { limit } = setUp(0, 0);
    expect(() => {
      limit.take('p1');
    }).not.toThrow();
  });
});
