import { describe, expect, it } from '@jest/globals';
import { StreamDeletedError } from '@eventstore/db-client';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import { backoffMs, persist, within } from './patience.js';

const patience = { attemptMs: 100, totalMs: 5000 };
const never = () => new Promise<never>(() => undefined);

describe('persist', () => {
  it('tries again until it works', async () => {
    let attempts = 0;
    const result = await persist(patience, () =>
      ++attempts < 3 ? Promise.reject(new Error('lost')) : Promise.resolve('stored'),
    );
    expect(result).toBe('stored');
    expect(attempts).toBe(3);
  });

  it('does not repeat what would be refused again', async () => {
    const refusal = StreamDeletedError.fromStreamName('cluster-1');
    let attempts = 0;
    const failed = persist(patience, () => {
      attempts++;
      return Promise.reject(refusal);
    });
    await expect(failed).rejects.toBe(refusal);
    expect(attempts).toBe(1);
  });

  it('gives up on a store that never answers, and says why', async () => {
    const failed = persist({ attemptMs: 20, totalMs: 60 }, never);
    await expect(failed).rejects.toThrow(StoreUnavailable);
    await expect(failed).rejects.toThrow(/no answer within/u);
  });

  it('gives the last attempt no more time than is left', async () => {
    const given: number[] = [];
    await persist({ attemptMs: 1000, totalMs: 40 }, (timeoutMs) => {
      given.push(timeoutMs);
      return never();
    }).catch(() => undefined);
    expect(given).toEqual([expect.any(Number)]);
    expect(given[0]).toBeLessThanOrEqual(40);
  });
});

describe('within', () => {
  it('passes on what comes in time', async () => {
    await expect(within(1000, Promise.resolve(1))).resolves.toBe(1);
  });
});

describe('backoffMs', () => {
  it('grows, and never beyond two seconds', () => {
    expect(backoffMs(0)).toBeLessThanOrEqual(25);
    expect(backoffMs(4)).toBeGreaterThanOrEqual(200);
    expect(backoffMs(50)).toBeLessThanOrEqual(2000);
  });
});
