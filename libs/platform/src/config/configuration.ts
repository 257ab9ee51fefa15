import { Fault, type Setting } from './setting.js';

/** Settings, in sections as deep as wanted. */
export interface Section {
  readonly [name: string]: Setting<unknown> | Section;
}

/** The values of a section. */
export type Values<S> = S extends Setting<infer T> ? T : { readonly [K in keyof S]: Values<S[K]> };

export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the environment, a line each. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

/** Reads all settings to one frozen object. Throws {@link ConfigurationError} with every fault at once. */
export const configuration = <const S extends Section>(
  section: S,
  environment: Environment,
): Values<S> => {
  const faults: string[] = [];
  const values = read(section, environment, faults);
  if (faults.length > 0) throw new ConfigurationError(faults);
  return values as Values<S>;
};

const read = (section: Section, environment: Environment, faults: string[]): object =>
  Object.freeze(
    Object.fromEntries(
      Object.entries(section).map(([name, part]) => [
        name,
        isSetting(part) ? readOne(part, environment, faults) : read(part, environment, faults),
      ]),
    ),
  );

const readOne = (part: Setting<unknown>, environment: Environment, faults: string[]): unknown => {
  const text = environment[part.variable]?.trim();
  try {
    return part.read(text === '' ? undefined : text);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push(`${part.variable} ${error.message}`);
    return undefined;
  }
};

const isSetting = (part: Setting<unknown> | Section): part is Setting<unknown> =>
  typeof part['read'] === 'function';
