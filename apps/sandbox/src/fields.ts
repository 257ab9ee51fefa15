/** Reads the fields of a JSON body that nobody has checked yet. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object under a key, `{}` when there is none. */
export const object = (body: unknown, key: string): Json => {
  const value = isObject(body) ? body[key] : undefined;
  return isObject(value) ? value : {};
};

/** Text of a field, undefined when it is absent, null or something else. */
export const text = (body: unknown, key: string): string | undefined => {
  const value = isObject(body) ? body[key] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** A number, or a text that is one. */
export const numeric = (body: unknown, key: string): number | undefined => {
  const value = isObject(body) ? body[key] : undefined;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
};

export const flag = (body: unknown, key: string): boolean | undefined => {
  const value = isObject(body) ? body[key] : undefined;
  return typeof value === 'boolean' ? value : undefined;
};

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
