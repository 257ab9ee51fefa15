/** Reads the fields of a JSON body that nobody has checked yet. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under a key, `{}` when there is none. */
export const object = (body: unknown, key: string): Json => {
  const value = isObject(body) ? body[key] : undefined;
  return isObject(value) ? value : {};
};

/** Text of a field; the fallback when it is absent, null or something else. */
export function text(body: unknown, key: string): string | undefined;
export function text<F>(body: unknown, key: string, fallback: F): string | F;
export function text(body: unknown, key: string, fallback?: unknown): unknown {
  const value = isObject(body) ? body[key] : undefined;
  return typeof value === 'string' ? value : fallback;
}

/** A number, or a text that is one. */
export function numeric(body: unknown, key: string): number | undefined;
export function numeric<F>(body: unknown, key: string, fallback: F): number | F;
export function numeric(body: unknown, key: string, fallback?: unknown): unknown {
  const value = isObject(body) ? body[key] : undefined;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : fallback;
}

export function flag(body: unknown, key: string): boolean | undefined;
export function flag<F>(body: unknown, key: string, fallback: F): boolean | F;
export function flag(body: unknown, key: string, fallback?: unknown): unknown {
  const value = isObject(body) ? body[key] : undefined;
  return typeof value === 'boolean' ? value : fallback;
}

export const list = (body: unknown, key: string): readonly unknown[] => {
  const value = isObject(body) ? body[key] : undefined;
  return Array.isArray(value) ? (value as unknown[]) : [];
};

/** The texts among a list's items. */
export const texts = (body: unknown, key: string): readonly string[] =>
  list(body, key).filter((item) => typeof item === 'string');

/** The entries of a map whose values are text. */
export const textMap = (body: unknown, key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(object(body, key)).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value)]]
        : [],
    ),
  );

/** The fields of these names that are text; the others are left out. */
export const given = <K extends string>(
  body: unknown,
  names: readonly K[],
): Readonly<Partial<Record<K, string>>> => {
  const found: Partial<Record<K, string>> = {};
  for (const name of names) {
    const value = text(body, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
};
