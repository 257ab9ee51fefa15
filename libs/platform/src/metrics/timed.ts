import { Refused } from '@jeroboam/eventing/decider';
import type { Histogram, LabelValues } from 'prom-client';
import type { WorkOutcome } from './metrics.js';

/** Does the work and observes how long it took, in seconds, and how it ended. */
export const timed = async <L extends string, T>(
  histogram: Histogram<L | 'outcome'>,
  labels: Readonly<Partial<Record<Exclude<L, 'outcome'>, string>>>,
  work: () => Promise<T>,
): Promise<T> => {
  const end = histogram.startTimer(labels as LabelValues<L | 'outcome'>);
  const observe = (outcome: WorkOutcome) => end({ outcome } as LabelValues<L | 'outcome'>);
  try {
    const result = await work();
    observe('done');
    return result;
  } catch (error) {
    observe(error instanceof Refused ? 'refused' : 'failed');
    throw error;
  }
};
