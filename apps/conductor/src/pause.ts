import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after that time, or when the signal aborts. Injected where a simulation turns the clock. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

export const pause: Pause = (ms, signal) =>
  delay(ms, undefined, { signal, ref: false }).catch(() => undefined);
