import { describe, expect, it } from '@jest/globals';
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
