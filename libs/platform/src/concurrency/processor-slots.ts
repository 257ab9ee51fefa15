import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Slots } from './slots.js';

/** The thread pool has four threads, and files and names are looked up there too. */
const MOST = 3;

/** For so many times as long as work was kept waiting for a processor, nothing new begins in its slot. */
const REST = 2;
const SHORTEST_REST_MS = 20;
const LONGEST_REST_MS = 1000;

/** The world around, replaceable in specs. Times in ms. */
export interface ProcessorSlotsOptions {
  readonly processors?: number;
  readonly now?: () => number;
  /** Processor time of this process. */
  readonly used?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

const usedByProcess = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * For work that keeps a processor busy for long in the thread pool, such as the making of RSA keys: half
 * of the processors, at least one. With all of them taken, whoever is asked something waits for a processor at
 * every turn. Where others want the processors too, it takes longer than it works; then a slot rests.
 */
export class ProcessorSlots {
  private readonly slots: Slots;
  private readonly world: Required<Omit<ProcessorSlotsOptions, 'processors'>>;
  private running = 0;

  constructor({ processors = availableParallelism(), ...world }: ProcessorSlotsOptions = {}) {
    this.slots = new Slots(Math.max(1, Math.min(MOST, Math.floor(processors / 2))));
    this.world = {
      now: () => performance.now(),
      used: usedByProcess,
      pause: (ms) => sleep(ms, undefined, { ref: false }),
      ...world,
    };
  }

  /** What the work leads to, told before the rest. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      void this.slots.run(async () => {
        const keptMs = await this.keptWaiting(async () => {
          await work().then(resolve, reject);
        });
        const restMs = Math.min(LONGEST_REST_MS, REST * keptMs);
        if (restMs >= SHORTEST_REST_MS) await this.world.pause(restMs);
      });
    });
  }

  /** For how long the work could have gone on, and had no processor. */
  private async keptWaiting(work: () => Promise<void>): Promise<number> {
    const { now, used } = this.world;
    this.running += 1;
    const [began, usedBefore] = [now(), used()];
    await work();
    const worked = (used() - usedBefore) / this.running;
    this.running -= 1;
    return now() - began - worked;
  }
}
