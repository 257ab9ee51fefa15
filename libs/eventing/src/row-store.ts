/** A value of a column. */
export type Scalar = string | number | bigint | null;

/** One change of a view: `row === null` takes it away. */
export interface RowChange {
  readonly view: string;
  readonly key: string;
  readonly row: unknown;
  /** Values of the view's columns, by name; absent when the row goes. */
  readonly columns: Readonly<Record<string, Scalar>>;
}

/** What a row store must know of a view to make its table. */
export interface ViewTable {
  /** Name with version, `cluster-list.v1`. Its table is {@link tableOf} of it. */
  readonly name: string;
  /**
   * Columns beside the body, each with its SQL type. Rows are found and sorted by them, so each has an
   * index; but `JSON` only lies there, for queries that need less than the body.
   */
  readonly columns: Readonly<Record<string, 'TEXT' | 'INTEGER' | 'JSON'>>;
}

/**
 * Where projected rows lie. A table a view: `key` (text, unique), `seq` (integer, order of first
 * appearance, from 1), the view's columns, `body` (the row as JSON).
 */
export abstract class RowStore {
  /** Makes the tables that are missing; a view of an older version is dropped. */
  abstract prepare(views: readonly ViewTable[]): void;
  /** How far the log is in this view, `null` when it has not begun. */
  abstract checkpoint(view: string): bigint | null;
  abstract get(view: string, key: string): unknown;
  /** Rows and checkpoint of all named views, together or not at all. */
  abstract commit(changes: readonly RowChange[], views: readonly string[], position: bigint): void;
}

/** Reads with SQL, for the queries of a view. */
export interface RowReader {
  /** Rows of the answer, columns by name. Parameters are bound in order. */
  all(sql: string, parameters?: readonly Scalar[]): readonly Readonly<Record<string, Scalar>>[];
}

/** SQL name of a view's table: `cluster-list.v1` lies in `cluster_list_v1`. */
export const tableOf = (view: string): string => view.replaceAll(/[^a-z0-9]/gi, '_');
