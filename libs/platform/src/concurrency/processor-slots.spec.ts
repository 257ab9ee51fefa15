import { describe, expect, it } from '@jest/globals';
import { ProcessorSlots } from './processor-slots.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('ProcessorSlots', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 1],
    [4, 2],
    [64, 3],
  ])('of %d processors: %d', async (processors, expected) => {
    let begun = 0;
    const slots = new ProcessorSlots({ processors });
    for (let n = 0; n < 10; n++) void slots.run(() => new Promise(() => (begun += 1)));
    await settled();
    expect(begun).toBe(expected);
  });

  /** One slot, and clocks that work turns. */
  const rig = () => {
    const clocks = { now: 0, used: 0 };
    const rests: number[] = [];
    const wakes: (() => void)[] = [];
    const slots = new ProcessorSlots({
      processors: 2,
      now: () => clocks.now,
      used: () => clocks.used,
      pause: (ms) => {
        rests.push(ms);
        return new Promise<void>((resolve) => wakes.push(resolve));
      },
    });
    const work = (took: number, used: number) => () => {
      clocks.now += took;
      clocks.used += used;
      return Promise.resolve(took);
    };
    return { slots, rests, wakes, work };
  };

  it.each([
    // Had a processor all the time, or nearly.
    [100, 100, []],
    [100, 92, []],
    // Other threads of the process worked too.
    [100, 150, []],
    [100, 90, [20]],
    [300, 100, [400]],
    [60_000, 100, [1000]],
  ])('work of %d ms that used %d ms of a processor: rests %j', async (took, used, expected) => {
    const { slots, rests, work } = rig();
    expect(await slots.run(work(took, used))).toBe(took);
    await settled();
    expect(rests).toEqual(expected);
  });

  it('tell a result at once, and begin nothing until they have rested', async () => {
    const { slots, wakes, work } = rig();
    const done: number[] = [];
    for (const took of [300, 301]) void slots.run(work(took, 0)).then((one) => done.push(one));
    await settled();
    expect(done).toEqual([300]);
    wakes[0]?.();
    await settled();
    expect(done).toEqual([300, 301]);
  });

  it('are free again after a failure', async () => {
    const { slots, work } = rig();
    await expect(slots.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await slots.run(work(1, 1))).toBe(1);
  });

  it('share what the process used among those that run', async () => {
    const clocks = { now: 0, used: 0 };
    const rests: number[] = [];
    const slots = new ProcessorSlots({
      processors: 4,
      now: () => clocks.now,
      used: () => clocks.used,
      pause: (ms) => Promise.resolve(rests.push(ms)),
    });
    const { promise: both, resolve: end } = Promise.withResolvers<undefined>();
    const done = Promise.all([slots.run(() => both), slots.run(() => both)]);
    Object.assign(clocks, { now: 100, used: 100 });
    end(undefined);
    await done;
    await settled();
    // Half of the process's time for the first, and all of it for the one that was left.
    expect(rests).toEqual([100]);
  });
});
