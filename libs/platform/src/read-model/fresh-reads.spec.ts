import { describe, expect, it } from '@jest/globals';
import { FreshReads } from './fresh-reads.js';

const model = (reached: bigint) => {
  const waits: number[] = [];
  return {
    waits,
    waitFor: (position: bigint, timeoutMs: number) => {
      waits.push(timeoutMs);
      return Promise.resolve(position <= reached);
    },
  };
};

describe('FreshReads', () => {
  it('waits for nothing when nothing was announced', async () => {
    const stuck = model(0n);
    expect(await new FreshReads(stuck, { furthest: null }).ready()).toBe(true);
    expect(stuck.waits).toEqual([]);
  });

  it('is ready once the rows have come as far as was announced', async () => {
    expect(await new FreshReads(model(7n), { furthest: 7n }).ready()).toBe(true);
  });

  it('waits for a position in vain only once', async () => {
    const stuck = model(7n);
    const announced = { furthest: 8n };
    const reads = new FreshReads(stuck, announced, 300);
    expect([await reads.ready(), await reads.ready()]).toEqual([false, false]);
    announced.furthest = 9n;
    expect(await reads.ready()).toBe(false);
    expect(stuck.waits).toEqual([300, 0, 300]);
  });
});
