import { describe, expect, it } from '@jest/globals';
import { begun } from '@jeroboam/domain/cluster/cluster.examples';
import type { Operation } from '@jeroboam/domain/cluster/state';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { SilentLog } from '@jeroboam/platform/logging/log';
import { SetClock } from '../testing/set-clock.js';
import { Lanes } from './lanes.js';
import type { Effect } from './workflow/situation.js';

const inHand = (id: string) => {
  const { at, deadline } = begun(id);
  return { id, startedAt: at, deadline, told: null };
};

const creation: Operation = { ...inHand('op-create'), kind: 'create' };
const deletion: Operation = { ...inHand('op-delete'), kind: 'delete', interrupts: true };
const step = (operation: Operation): Effect => ({ kind: 'ensure-authorities', operation });
const end = (operation: Operation): Effect => ({ kind: 'give-up', operation, reason: '' });

/** Lanes whose steps run out of time when `expire` is called. */
const set = () => {
  const clock = new SetClock();
  let expire = (): void => undefined;
  const pause = () =>
    new Promise<void>((resolve) => {
      expire = resolve;
    });
  return {
    clock,
    lanes: new Lanes(clock, new SilentLog(), pause),
    expire: () => {
      expire();
    },
  };
};

/** Work that ends when told, and says whether it has begun. */
const work = () => {
  let finish = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const seen = { runs: 0, signal: null as AbortSignal | null };
  return {
    seen,
    finish: () => {
      finish();
    },
    run: (limited: <T>(step: (signal: AbortSignal) => Promise<T>) => Promise<T>) =>
      limited((signal) => {
        seen.runs += 1;
        seen.signal = signal;
        return ended;
      }),
  };
};

const unavailable = () =>
  Promise.reject(
    new CloudUnavailable('Heat is down', {
      service: 'orchestration',
      status: 503,
      requestId: null,
    }),
  );

describe('an operation', () => {
  it('is worked on once at a time', async () => {
    const { lanes } = set();
    const [first, second] = [work(), work()];
    const running = lanes.run('c1', step(creation), first.run);
    expect(await lanes.run('c1', step(creation), second.run)).toBeNull();
    expect([first.seen.runs, second.seen.runs]).toEqual([1, 0]);
    first.finish();
    await running;
    second.finish();
    await lanes.run('c1', step(creation), second.run);
    expect(second.seen.runs).toBe(1);
  });

  it('is given up while a step of it hangs', async () => {
    const { lanes } = set();
    const [hanging, ending] = [work(), work()];
    void lanes.run('c1', step(creation), hanging.run);
    ending.finish();
    await lanes.run('c1', end(creation), ending.run);
    expect(ending.seen.runs).toBe(1);
    hanging.finish();
  });

  it('goes on after a step that has taken too long, which begins nothing new', async () => {
    const { lanes, expire } = set();
    const hanging = work();
    const running = lanes.run('c1', step(creation), hanging.run);
    expire();
    expect(await running).toEqual({
      operationId: 'op-create',
      words: 'A step took longer than 120 s.',
    });
    expect(hanging.seen.signal?.aborted).toBe(true);
  });

  it('rests after a fault, longer each time, at most half a minute', async () => {
    const { lanes, clock } = set();
    for (const restMs of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      expect(await lanes.run('c1', step(creation), unavailable)).toEqual({
        operationId: 'op-create',
        words: 'Heat is down',
      });
      clock.advance(restMs - 1);
      const early = work();
      await lanes.run('c1', step(creation), early.run);
      expect(early.seen.runs).toBe(0);
      clock.advance(1);
    }
  });

  it('tells nobody what a bug says', async () => {
    const { lanes } = set();
    const bug = () => Promise.reject(new TypeError('x of undefined'));
    expect(await lanes.run('c1', step(creation), bug)).toMatchObject({ words: 'Internal error.' });
  });
});

describe('a deletion', () => {
  it('waits for what is under way on its cluster, and on no other', async () => {
    const { lanes } = set();
    const [first, here, there] = [work(), work(), work()];
    const running = lanes.run('c1', step(creation), first.run);
    there.finish();
    await lanes.run('c1', step(deletion), here.run);
    await lanes.run('c2', step(deletion), there.run);
    expect([here.seen.runs, there.seen.runs]).toEqual([0, 1]);
    first.finish();
    await running;
    here.finish();
    await lanes.run('c1', step(deletion), here.run);
    expect(here.seen.runs).toBe(1);
  });
});
