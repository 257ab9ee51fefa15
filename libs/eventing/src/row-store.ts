/** A value of an indexed column. */
export type Scalar = string | number | bigint | null;

/** One change of a view: `row === null` takes it away. */
export interface RowChange {
  readonly view: string;
  readonly key: string;
  readonly row: unknown;
  /** Values of the view's indexed columns, by name; absent when the row goes. */
  readonly columns: Readonly<Record<string, Scalar>>;
}

/** What a row store must know of a view to make its table. */
export interface ViewTable {
  /** Name with version, `cluster-list.v1`. Its table is {@link tableOf} of it. */
  readonly name: string;
  /** Indexed columns, each with its SQL type. Rows are found and sorted by them. */
  readonly columns: Readonly<Record<string, 'TEXT' | 'INTEGER'>>;
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
export abstract class RowReader {
  /** Rows of the answer, columns by name. Parameters are bound in order. */
  abstract all(
    sql: string,
    parameters?: readonly Scalar[],
  ): readonly Readonly<Record<string, Scalar>>[];
}

/** SQL name of a view's table: `cluster-list.v1` lies in `cluster_list_v1`. */
export const tableOf = (view: string): string => view.replaceAll(/[^a-z0-9]/gi, '_');
