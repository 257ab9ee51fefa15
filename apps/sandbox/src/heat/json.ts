export type Json = null | boolean | number | string | Json[] | JsonMap;
export interface JsonMap {
  [key: string]: Json;
}

export const isMap = (value: Json | undefined): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {});

export const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

export const mapValues = <A, B>(
  map: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));

/** As Python's `json.dumps(value, sort_keys=True)` spells it: templates may compare such text. */
export const toJsonText = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(toJsonText).join(', ')}]`;
  if (!isMap(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}: ${toJsonText(value[key] ?? null)}`).join(', ')}}`;
};

/** As Python's `str()` spells a scalar; maps and lists as JSON. */
export const toText = (value: Json | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'number' ? String(value) : toJsonText(value);
};

/** As Python's `repr()`, which is how values stand in many of Heat's messages. */
export const toRepr = (value: Json): string => {
  if (value === null) return 'None';
  if (typeof value === 'string') return value.includes("'") ? `"${value}"` : `'${value}'`;
  if (Array.isArray(value)) return `[${value.map(toRepr).join(', ')}]`;
  if (!isMap(value)) return toText(value);
  const pairs = Object.entries(value).map(([key, item]) => `${toRepr(key)}: ${toRepr(item)}`);
  return `{${pairs.join(', ')}}`;
};

/** Name of the value's type as Heat's messages give it. */
export const typeName = (value: Json): string => {
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return 'dict';
};

export const equalJson = (a: Json, b: Json): boolean => toJsonText(a) === toJsonText(b);

/** What lies at the end of the path, `undefined` when it leads nowhere. */
export const atPath = (value: Json | undefined, path: readonly Json[]): Json | undefined => {
  let here = value;
  for (const step of path) {
    if (Array.isArray(here)) here = here[Number(step)];
    else if (isMap(here)) here = here[toText(step)];
    else return undefined;
  }
  return here;
};
