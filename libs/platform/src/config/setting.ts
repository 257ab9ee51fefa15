/** A value read from one variable of the environment. */
export interface Setting<T> {
  readonly variable: string;
  /** Throws {@link Fault} when the text will not do. Text that is empty or missing is `undefined`. */
  read(text: string | undefined): T;
}

/** What is wrong with one variable. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** What a missing variable means. Without it the variable is required. */
export interface Fallback<D> {
  readonly default?: D;
}

/** A setting that goes through `parse`, which throws {@link Fault}. */
export const setting = <T, D>(
  variable: string,
  options: Fallback<D>,
  parse: (text: string) => T,
): Setting<T | D> => ({
  variable,
  read: (text) => {
    if (text !== undefined) return parse(text);
    if (!('default' in options)) throw new Fault('is missing');
    return options.default;
  },
});
