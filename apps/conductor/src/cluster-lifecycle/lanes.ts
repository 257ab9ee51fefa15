import { CloudError } from '@jeroboam/openstack/http/errors';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { ServiceFailed, ServiceUnavailable } from '@jeroboam/platform/rpc/envelope';
import type { Pause } from '../pause.js';
import type { Limited } from './reconciler.js';
import type { Effect } from './workflow/situation.js';
import { Slots } from '@jeroboam/platform/concurrency/slots';

const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 30_000;
/** Every call of a step has a limit of its own; this is for all of them, and for what nobody thought of. */
const STEP_LIMIT_MS = 120_000;
/** Steps under way at once: as many as the cloud's services take without making us wait in line. */
const STEPS_AT_ONCE = 24;

/** A step that did not come to its end. */
export interface Obstacle {
  readonly operationId: string;
  /** For the user. */
  readonly words: string;
}

interface Setback {
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
}

class StepTimedOut extends Error {
  override readonly name = 'StepTimedOut';
  constructor() {
    super(`A step took longer than ${STEP_LIMIT_MS / 1000} s.`);
  }
}

/**
 * Which operations are being worked on. One piece of work at a time for each, a deletion only when
 * nothing else is done to the cluster; but giving up waits for nothing. After a fault of the cloud an
 * operation rests, longer each time.
 */
export class Lanes {
  /** Keys of the work under way, by cluster. */
  private readonly busy = new Map<string, Set<string>>();
  private readonly setbacks = new Map<string, Setback>();
  private readonly slots = new Slots(STEPS_AT_ONCE);

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly pause: Pause,
  ) {}

  /** Does the work if now is the time for it. @returns what stood in its way */
  async run(
    clusterId: string,
    effect: Effect,
    work: (limited: Limited) => Promise<void>,
  ): Promise<Obstacle | null> {
    const key = keyOf(effect);
    if (!this.isFree(clusterId, effect) || this.isResting(key)) return null;
    const busy = this.busy.get(clusterId) ?? new Set();
    this.busy.set(clusterId, busy.add(key));
    try {
      await work(effect.kind === 'give-up' ? this.limited : this.inTurn);
      this.setbacks.delete(key);
      return null;
    } catch (error) {
      this.rest(key, clusterId, error);
      return { operationId: effect.operation.id, words: wordsOf(error) };
    } finally {
      busy.delete(key);
      if (busy.size === 0) this.busy.delete(clusterId);
    }
  }

  keepOnly(operationIds: readonly string[]): void {
    const kept = new Set(operationIds.flatMap((id) => [id, endOf(id)]));
    for (const key of this.setbacks.keys()) if (!kept.has(key)) this.setbacks.delete(key);
  }

  /** Giving up waits for nothing, all else for a slot. */
  private readonly inTurn: Limited = (step) => this.slots.run(() => this.limited(step));

  private readonly limited: Limited = async (step) => {
    const abandoned = new AbortController();
    const done = new AbortController();
    const late = this.pause(STEP_LIMIT_MS, done.signal).then(() => {
      abandoned.abort();
      throw new StepTimedOut();
    });
    const work = step(abandoned.signal);
    try {
      return await Promise.race([work, late]);
    } finally {
      done.abort();
      // Whichever comes second has nobody to tell.
      for (const each of [work, late]) each.catch(() => undefined);
    }
  };

  private isFree(clusterId: string, effect: Effect): boolean {
    const busy = this.busy.get(clusterId);
    if (!busy) return true;
    const isExclusive = effect.operation.kind === 'delete' && effect.kind !== 'give-up';
    return isExclusive ? busy.size === 0 : !busy.has(keyOf(effect));
  }

  private isResting(key: string): boolean {
    return (this.setbacks.get(key)?.notBefore ?? 0) > Date.parse(this.clock.now());
  }

  private rest(key: string, clusterId: string, error: unknown): void {
    const failures = (this.setbacks.get(key)?.failures ?? 0) + 1;
    const delayMs = Math.min(RETRY_MIN_MS * 2 ** Math.min(failures - 1, 10), RETRY_MAX_MS);
    this.setbacks.set(key, { failures, notBefore: Date.parse(this.clock.now()) + delayMs });
    const fields = { clusterId, delayMs, err: error };
    this.log.warn('work on a cluster failed and is tried again', fields);
  }
}

const endOf = (operationId: string): string => `${operationId}/end`;

const keyOf = ({ kind, operation }: Effect): string =>
  kind === 'give-up' ? endOf(operation.id) : operation.id;

/** What outsiders may read; a bug says nothing of itself. */
const wordsOf = (error: unknown): string =>
  [CloudError, ServiceUnavailable, ServiceFailed, StepTimedOut].some(
    (kind) => error instanceof kind,
  )
    ? (error as Error).message
    : 'Internal error.';
