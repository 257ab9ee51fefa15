import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
}

/**
 * Asks again and again until the answer is neither `false` nor an error, and gives it. At the deadline
 * the last error is thrown, so an `expect` inside says what was still wrong.
 */
export const eventually = async <T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 5000, intervalMs = 20 }: Patience = {},
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const attempt = await settled(ask);
    if ('value' in attempt && attempt.value !== false) return attempt.value;
    if (Date.now() >= deadline) throw reasonOf(attempt, timeoutMs);
    await sleep(intervalMs);
  }
};

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

const settled = async <T>(ask: () => T | Promise<T>): Promise<Attempt<T>> => {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error };
  }
};

const reasonOf = (attempt: Attempt<unknown>, timeoutMs: number): unknown =>
  'error' in attempt ? attempt.error : new Error(`still false after ${timeoutMs} ms`);
