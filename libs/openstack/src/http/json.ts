/** A JSON object whose members are not known to be there. */
export type Json = Readonly<Record<string, unknown>>;

/** The object, or an empty one where something else stands. */
export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};

/** The objects of a list; empty where something else stands. */
export const objects = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(object) : [];

export const text = (value: unknown): string => textOrNull(value) ?? '';

export const textOrNull = (value: unknown): string | null => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
};

/** The texts of a list; anything else in it is left out. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Only the members that are text. */
export const textMembers = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(object(value)).flatMap(([key, member]) =>
      typeof member === 'string' ? [[key, member]] : [],
    ),
  );

/** A number, also when it is written as text (Nova's empty string for swap is 0). */
export const integer = (value: unknown): number => {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
};

export const integerOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : integer(value);

/**
 * ISO-8601 in UTC with its `Z`. Services write it with `Z`, with `+00:00`, with microseconds, or with
 * no zone at all, and mean UTC each time.
 */
export const instant = (value: unknown): string => {
  const written = text(value);
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(written) ? written : `${written}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? written : new Date(time).toISOString();
};

export const instantOrNull = (value: unknown): string | null =>
  textOrNull(value) === null ? null : instant(value);
