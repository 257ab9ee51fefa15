const QUIET_MS = 30_000;

/** Where time and chance come from, so that a test can set them. */
export interface Chance {
  now(): number;
  random(): number;
}

const CHANCE: Chance = { now: () => performance.now(), random: () => Math.random() };

/**
 * The next delay each time it is called, in ms: doubling from `minMs` to `maxMs`, half of it random, so
 * that many who lost the same server do not come back at once. After half a minute without a call it
 * begins anew.
 */
export const backoff = (
  { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
  chance: Chance = CHANCE,
): (() => number) => {
  let attempts = 0;
  let last = -Infinity;
  return () => {
    const now = chance.now();
    attempts = now - last > QUIET_MS ? 0 : attempts + 1;
    last = now;
    const ceiling = Math.min(minMs * 2 ** attempts, maxMs);
    return Math.round(ceiling / 2 + (ceiling / 2) * chance.random());
  };
};
