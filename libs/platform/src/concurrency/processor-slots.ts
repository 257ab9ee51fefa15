import { availableParallelism } from 'node:os';
import { Slots } from './slots.js';

/** The thread pool has four threads, and files and names are looked up there too. */
const MOST = 3;

/**
 * For work that keeps a processor busy for long, such as the making of RSA keys: half of the processors,
 * at least one. With all of them taken, whoever is asked something waits for a processor at every turn.
 */
export const processorSlots = (processors = availableParallelism()): Slots =>
  new Slots(Math.max(1, Math.min(MOST, Math.floor(processors / 2))));
