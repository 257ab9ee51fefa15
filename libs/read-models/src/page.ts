import type { RowReader, Scalar } from '@jeroboam/eventing/row-store';

/** Sort keys a list takes, each with the SQL expression of its value. */
export type SortKeys = Readonly<Record<string, string>>;

export interface PageQuery {
  readonly limit: number;
  /** A key of the list's {@link SortKeys}. */
  readonly sortKey: string;
  readonly sortDir: 'asc' | 'desc';
  /** Row after which the page begins, by its `key`. */
  readonly markerKey: string | null;
}

export interface Source {
  readonly table: string;
  readonly select: string;
  /** Conditions that all must hold, each with its one parameter. */
  readonly where: readonly (readonly [sql: string, value: Scalar])[];
  readonly sortKeys: SortKeys;
}

/**
 * One page, sorted by the key and then by age. Missing values are the least, so that every row has its
 * place and none is shown twice or left out.
 */
export const page = (
  reader: RowReader,
  source: Source,
  query: PageQuery,
): readonly Readonly<Record<string, Scalar>>[] => {
  const conditions = [...source.where, ...afterMarker(source, query)];
  const filter =
    conditions.length > 0 ? `WHERE ${conditions.map(([sql]) => sql).join(' AND ')}` : '';
  const order = placeIn(source, query).map((value) => `${value} ${query.sortDir}`);
  return reader.all(
    `SELECT ${source.select} FROM ${source.table} ${filter} ORDER BY ${order.join(', ')} LIMIT ?`,
    [...conditions.map(([, parameter]) => parameter), query.limit],
  );
};

/** What rows are sorted by. */
const placeIn = ({ sortKeys }: Source, { sortKey }: PageQuery): readonly string[] => {
  if (sortKey === 'id') return ['seq'];
  const value = sortKeys[sortKey] ?? 'seq';
  return [`${value} IS NOT NULL`, `coalesce(${value}, '')`, 'seq'];
};

const afterMarker = (source: Source, query: PageQuery): Source['where'] => {
  if (query.markerKey === null) return [];
  const place = placeIn(source, query).join(', ');
  const marker = `(SELECT ${place} FROM ${source.table} WHERE key = ?)`;
  return [[`(${place}) ${query.sortDir === 'asc' ? '>' : '<'} ${marker}`, query.markerKey]];
};

/** A JSON column, as the view itself wrote it. */
export const parsed = (value: Scalar | undefined): unknown => JSON.parse(String(value));
