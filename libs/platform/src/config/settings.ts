import { Secret } from './secret.js';
import { Fault, setting, type Fallback, type Setting } from './setting.js';

/** Any text. */
export const text = <D = never>(
  variable: string,
  options: Fallback<D> = {},
): Setting<string | NoInfer<D>> => setting(variable, options, (value) => value);

/** Text that neither a log nor an error message shows. */
export const secret = <D = never>(
  variable: string,
  options: Fallback<D> = {},
): Setting<Secret | NoInfer<D>> => setting(variable, options, (value) => new Secret(value));

/** A whole number between the bounds, both included. */
export const integer = <D = never>(
  variable: string,
  options: Fallback<D> & { readonly min: number; readonly max: number },
): Setting<number | NoInfer<D>> =>
  setting(variable, options, (value) => {
    const number = /^[+-]?\d+$/.test(value) ? Number(value) : NaN;
    if (number >= options.min && number <= options.max) return number;
    throw new Fault(`must be a whole number from ${options.min} to ${options.max}, not "${value}"`);
  });

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/** `true`, `yes`, `on`, `1`, or their opposites. */
export const bool = <D = never>(
  variable: string,
  options: Fallback<D> = {},
): Setting<boolean | NoInfer<D>> =>
  setting(variable, options, (value) => {
    const word = value.toLowerCase();
    if (TRUE.includes(word)) return true;
    if (FALSE.includes(word)) return false;
    throw new Fault(`must be true or false, not "${value}"`);
  });

/** A URL of one of the schemes, without a slash at its end. */
export const url = <D = never>(
  variable: string,
  options: Fallback<D> & { readonly schemes?: readonly string[] } = {},
): Setting<string | NoInfer<D>> => {
  const { schemes = ['http', 'https'] } = options;
  return setting(variable, options, (value) => parseUrl(value, schemes));
};

/** One of these words. */
export const oneOf = <const W extends string, const D = never>(
  variable: string,
  words: readonly W[],
  options: Fallback<D> = {},
): Setting<W | NoInfer<D>> =>
  setting(variable, options, (value) => {
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    throw new Fault(`must be one of ${words.join(', ')}, not "${value}"`);
  });

/** Texts with commas between them. */
export const list = <D = never>(
  variable: string,
  options: Fallback<D> = {},
): Setting<readonly string[] | NoInfer<D>> => setting(variable, options, split);

/** URLs with commas between them. */
export const urls = <D = never>(
  variable: string,
  options: Fallback<D> & { readonly schemes: readonly string[] },
): Setting<readonly string[] | NoInfer<D>> =>
  setting(variable, options, (value) =>
    split(value).map((each) => parseUrl(each, options.schemes)),
  );

const split = (value: string): readonly string[] => {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new Fault('holds nothing but commas');
  return Object.freeze(items);
};

/** Of a connection string that names the nodes of a cluster: `esdb+discover://a:2113,b:2113?tls=true`. */
const FURTHER_HOSTS = /^([^/]+:\/\/[^,/?]*),[^/?]*/;

/** The value is not shown: a URL may hold a password. */
const parseUrl = (value: string, schemes: readonly string[]): string => {
  const first = value.replace(FURTHER_HOSTS, '$1');
  const scheme = URL.canParse(first) ? new URL(first).protocol.slice(0, -1) : null;
  if (scheme !== null && schemes.includes(scheme)) return value.replace(/\/+$/, '');
  throw new Fault(`must be a URL that begins with ${schemes.map((s) => `${s}://`).join(' or ')}`);
};
