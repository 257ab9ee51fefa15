import { describe, expect, it } from '@jest/globals';
import { processorSlots } from './processor-slots.js';
import { Slots } from './slots.js';

/** Work that ends when it is told to, and how much of it has begun. */
const pieces = (slots: Slots, count: number) => {
  const ends: (() => void)[] = [];
  const done = Array.from({ length: count }, (_, number) =>
    slots.run(
      () =>
        new Promise<number>((resolve) =>
          ends.push(() => {
            resolve(number);
          }),
        ),
    ),
  );
  return { ends, done };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('run so many at once, the others in the order they came', async () => {
    const { ends, done } = pieces(new Slots(2), 3);
    expect(ends).toHaveLength(2);
    ends[1]?.();
    expect(await done[1]).toBe(1);
    expect(ends).toHaveLength(3);
    ends[2]?.();
    ends[0]?.();
    expect(await Promise.all(done)).toEqual([0, 1, 2]);
  });

  it('are free again after a failure', async () => {
    const slots = new Slots(1);
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await slots.run(() => Promise.resolve('yes'))).toBe('yes');
  });
});

describe('slots of processors', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [64, 3],
  ])('of %d processors: %d', async (processors, expected) => {
    const { ends } = pieces(processorSlots(processors), 10);
    await settled();
    expect(ends).toHaveLength(expected);
  });
});
