import { setTimeout as delay } from 'node:timers/promises';
import {
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  UnsupportedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';

/** How long to wait for the store, milliseconds. */
export interface Patience {
  /** For one attempt. */
  readonly attemptMs: number;
  /** For all attempts together. */
  readonly totalMs: number;
}

/** Whatever is tried again, it would be answered the same. */
const LASTING = [
  AccessDeniedError,
  InvalidArgumentError,
  MaxAppendSizeExceededError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  UnsupportedError,
  WrongExpectedVersionError,
];

export const isLasting = (error: unknown): boolean =>
  LASTING.some((lasting) => error instanceof lasting);

const FIRST_DELAY_MS = 25;
const LONGEST_DELAY_MS = 2000;

/** Doubles from attempt to attempt (counted from 0), with jitter so that clients do not march in step. */
export const backoffMs = (attempt: number): number =>
  Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10)) *
  (0.5 + Math.random() / 2);

/** Rejects when the promise takes longer. The work is not stopped: it has its own deadline. */
export const within = async <T>(timeoutMs: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Tries until it works, fails for a lasting reason (thrown as it is), or patience ends
 * ({@link StoreUnavailable}). `work` gets the milliseconds its attempt has, and must be repeatable.
 */
export const persist = async <T>(
  { attemptMs, totalMs }: Patience,
  work: (timeoutMs: number) => Promise<T>,
): Promise<T> => {
  const end = performance.now() + totalMs;
  for (let attempt = 0; ; attempt++) {
    const timeoutMs = Math.max(1, Math.min(attemptMs, end - performance.now()));
    try {
      return await within(timeoutMs, work(timeoutMs));
    } catch (error) {
      if (isLasting(error)) throw error;
      const pauseMs = backoffMs(attempt);
      if (performance.now() + pauseMs >= end) {
        throw new StoreUnavailable(`the event store does not answer: ${String(error)}`, {
          cause: error,
        });
      }
      await delay(pauseMs);
    }
  }
};
