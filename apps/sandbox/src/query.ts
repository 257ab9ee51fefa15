import type { FastifyRequest } from 'fastify';

export type Query = Readonly<Record<string, string>>;

/** The query's parameters; of one given twice, the last. */
export const queryOf = (request: FastifyRequest): Query =>
  Object.fromEntries(
    Object.entries(request.query as Record<string, string | string[]>).map(([name, value]) => [
      name,
      Array.isArray(value) ? (value.at(-1) ?? '') : value,
    ]),
  );

/** Every value of a parameter that may be given more than once. */
export const valuesOf = (request: FastifyRequest, name: string): readonly string[] => {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
};

/** One path parameter. */
export const param = (request: FastifyRequest, name: string): string =>
  (request.params as Record<string, string | undefined>)[name] ?? '';

/** Rows after the marker, at most `limit` of them. `undefined` when the marker is none of them. */
export const page = <T extends { readonly id: string }>(
  rows: readonly T[],
  query: Query,
): readonly T[] | undefined => {
  let start = 0;
  if (query.marker) {
    start = rows.findIndex((row) => row.id === query.marker) + 1;
    if (start === 0) return undefined;
  }
  const limit = Number(query.limit ?? '');
  return rows.slice(start, limit > 0 ? start + limit : undefined);
};

/** Whether a document's fields are what the query's parameters of the same names say. */
export const matchesFields = (row: object, query: Query, names: readonly string[]): boolean =>
  names.every((name) => {
    const wanted = query[name];
    if (wanted === undefined) return true;
    const value: unknown = Reflect.get(row, name);
    return same(value, wanted);
  });

const same = (value: unknown, wanted: string): boolean => {
  if (typeof value === 'boolean') return value === /^(true|1|yes)$/i.test(wanted);
  if (Array.isArray(value)) return value.includes(wanted);
  return value === wanted || (typeof value === 'number' && String(value) === wanted);
};
