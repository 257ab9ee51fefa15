import { ConfigurationError, configuration } from './configuration.js';
import type { Environment, Section, Values } from './configuration.js';

/** `EX_CONFIG` of sysexits.h. */
const EXIT_CONFIGURATION = 78;

/** What of the process is used, so that a test can look on. */
export interface Exits {
  readonly stderr: { write(text: string): unknown };
  exit(code: number): never;
}

/** Reads the settings, or prints every fault on a line of its own and ends the process with 78. */
export const configured = <const S extends Section>(
  section: S,
  environment: Environment,
  process: Exits = globalThis.process,
): Values<S> => {
  try {
    return configuration(section, environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    for (const fault of error.faults) process.stderr.write(`configuration: ${fault}\n`);
    return process.exit(EXIT_CONFIGURATION);
  }
};
