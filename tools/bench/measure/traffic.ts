import { setTimeout as sleep } from 'node:timers/promises';

/** One request; resolves when its answer has been read whole and was as expected. */
export type Send = () => Promise<unknown>;

/** What some requests took. */
export interface Flow {
  readonly perSecond: number;
  /** Of each request, sorted. */
  readonly latenciesMs: readonly number[];
}

/** Value below which the part `share` (0 … 1) of sorted values lies. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

const flow = (startedAt: number, latenciesMs: readonly number[]): Flow => ({
  perSecond: (latenciesMs.length * 1000) / (performance.now() - startedAt),
  latenciesMs: latenciesMs.toSorted((a, b) => a - b),
});

/** `count` requests, always `concurrent` of them under way. */
export const keepBusy = async (
  send: Send,
  { count, concurrent }: { readonly count: number; readonly concurrent: number },
): Promise<Flow> => {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const sentAt = performance.now();
      await send();
      latenciesMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: concurrent }, worker));
  return flow(startedAt, latenciesMs);
};

/**
 * `count` requests that come at a steady rate, whether or not those before are answered. A latency
 * counts from the time the request was due: what a stall holds up, counts too.
 */
export const keepComing = async (
  send: Send,
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<Flow> => {
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  const dueAt = (index: number): number => startedAt + (index * 1000) / perSecond;
  const one = async (index: number): Promise<void> => {
    await send();
    latenciesMs.push(performance.now() - dueAt(index));
  };
  const under: Promise<void>[] = [];
  while (under.length < count) {
    while (under.length < count && dueAt(under.length) <= performance.now())
      under.push(one(under.length));
    await sleep(1);
  }
  await Promise.all(under);
  return flow(startedAt, latenciesMs);
};
