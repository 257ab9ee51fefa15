/**
 * Values as Python prints them. Clients of the v1 API see such text in error messages, and label
 * values that arrive as booleans or numbers are stored in this form (`True`, `1.5`).
 */

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const hex = (code: number): string => {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
};

const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

const quoted = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let inner = '';
  for (const character of text) {
    if (character === quote) inner += `\\${character}`;
    else if (escapes[character] !== undefined) inner += escapes[character];
    else if (unprintable.test(character)) inner += hex(character.codePointAt(0) ?? 0);
    else inner += character;
  }
  return quote + inner + quote;
};

/** Exponents have two digits at least: `1e-07`. */
const numeral = (value: number): string =>
  String(value).replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);

const mapping = (value: object): string =>
  `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${repr(item)}`)
    .join(', ')}}`;

/** `repr(value)` of what JSON can hold; `undefined` prints as `None`. */
export const repr = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return numeral(value);
    case 'object':
      if (value === null) return 'None';
      return Array.isArray(value) ? `[${value.map(repr).join(', ')}]` : mapping(value);
    default:
      return 'None';
  }
};

/** `str(value)`: text as it is, all else as {@link repr}. */
export const str = (value: unknown): string => (typeof value === 'string' ? value : repr(value));

/** Name of the type of a JSON value: `str`, `int`, `float`, `bool`, `list`, `dict`, `NoneType`. */
export const typeName = (value: unknown): string => {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'object':
      if (value === null) return 'NoneType';
      return Array.isArray(value) ? 'list' : 'dict';
    default:
      return 'NoneType';
  }
};

/** `<class 'str'>` */
export const classOf = (value: unknown): string => `<class '${typeName(value)}'>`;

/** Whole number written as Python's `int()` takes it (`" +1_000 "`), or `undefined`. */
export const toInteger = (text: string): number | undefined =>
  /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(text) ? Number(text.replaceAll('_', '')) : undefined;
