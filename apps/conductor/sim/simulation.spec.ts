import { describe, expect, it } from '@jest/globals';
import { Simulation } from './simulation.js';

/** `npm run sim -- --seed N --runs M` sets them. */
const first = Number(process.env['JEROBOAM_SIM_SEED'] ?? 1);
const runs = Number(process.env['JEROBOAM_SIM_RUNS'] ?? 8);
const showsLog = process.env['JEROBOAM_SIM_LOG'] === '1';

describe('conductors in a storm', () => {
  const seeds = Array.from({ length: runs }, (_, index) => first + index);

  it.each(seeds)(
    'leave nothing behind, seed %i',
    async (seed) => {
      const simulation = new Simulation(seed);
      const faults = await simulation.run();
      if (showsLog) process.stdout.write(`${simulation.log.join('\n')}\n`);
      expect({ seed, faults }).toEqual({ seed, faults: [] });
    },
    60_000,
  );
});
