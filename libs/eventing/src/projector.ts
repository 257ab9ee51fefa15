import type { Batch, EventStore, Recorded } from './event-store.js';
import type { RowChange, RowStore, Scalar, ViewTable } from './row-store.js';

/**
 * A read model: a fold of the log into rows. `evolve` accepts every event of its categories, has no
 * effects, and gives the same row when an event comes twice.
 */
export interface View<Row> extends ViewTable {
  readonly categories: readonly string[];
  /** Keys of the rows an event may change. */
  keys(event: Recorded): readonly string[];
  /** The row after the event; `null` takes it away. */
  evolve(row: Row | null, event: Recorded): Row | null;
  /** Values of the columns. */
  index(row: Row): Readonly<Record<string, Scalar>>;
}

/** A view whose row type is its own affair. */
export type AnyView = View<unknown>;

/**
 * Follows the log and keeps the views up to date: each batch changes rows and checkpoints in one
 * commit. Ends when the signal aborts.
 *
 * @param onCommit told after each commit the position all views have passed, and which rows it changed
 */
export const project = async (
  source: { readonly store: EventStore; readonly rows: RowStore; readonly signal: AbortSignal },
  views: readonly AnyView[],
  onCommit: (position: bigint, live: boolean, changes: readonly RowChange[]) => void,
): Promise<void> => {
  const { store, rows, signal } = source;
  rows.prepare(views);
  const passed = new Map(views.map((view) => [view.name, rows.checkpoint(view.name)]));
  const categories = [...new Set(views.flatMap((view) => view.categories))];
  for await (const batch of store.subscribe({
    after: earliest([...passed.values()]),
    categories,
    signal,
  })) {
    const changes = apply(rows, views, { batch, passed });
    onCommit(batch.position, batch.live, changes);
  }
};

interface Step {
  readonly batch: Batch;
  readonly passed: Map<string, bigint | null>;
}

const apply = (
  rows: RowStore,
  views: readonly AnyView[],
  { batch, passed }: Step,
): readonly RowChange[] => {
  const behind = views.filter((view) => isBefore(passed.get(view.name) ?? null, batch.position));
  if (behind.length === 0) return [];
  const changes = behind.flatMap((view) => changesOf(rows, view, newFor(view, batch, passed)));
  rows.commit(
    changes,
    behind.map((view) => view.name),
    batch.position,
  );
  for (const view of behind) passed.set(view.name, batch.position);
  return changes;
};

/** A view that was added later lags behind the others: they must not see its events again. */
const newFor = (view: AnyView, batch: Batch, passed: Step['passed']): readonly Recorded[] =>
  batch.events.filter((event) => isBefore(passed.get(view.name) ?? null, event.position));

const changesOf = (rows: RowStore, view: AnyView, events: readonly Recorded[]): RowChange[] => {
  const touched = new Map<string, Touched>();
  for (const event of events) {
    for (const key of view.keys(event)) {
      const { row: before, passing } = touched.get(key) ?? untouched(rows.get(view.name, key));
      const row = view.evolve(before, event) ?? null;
      touched.set(key, { row, passing: passing === undefined ? undefined : (row ?? passing) });
    }
  }
  return [...touched].flatMap(([key, { row, passing }]) => {
    const change = (to: unknown): RowChange => ({
      view: view.name,
      key,
      row: to,
      columns: to === null ? {} : view.index(to),
    });
    return row === null && passing !== undefined && passing !== null
      ? [change(passing), change(null)]
      : [change(row)];
  });
};

interface Touched {
  readonly row: unknown;
  /**
   * Of a row that was not there before the batch: what it last was. One that comes and goes within the
   * batch is written and taken away, so that it uses up its number as it does where the log is cut otherwise.
   */
  readonly passing: unknown;
}

const untouched = (found: unknown): Touched => {
  const row = found ?? null;
  return { row, passing: row === null ? null : undefined };
};

const isBefore = (a: bigint | null, b: bigint): boolean => a === null || a < b;

const earliest = (positions: readonly (bigint | null)[]): bigint | null =>
  positions.reduce(
    (least, at) => (least === null || at === null ? null : at < least ? at : least),
    positions[0] ?? null,
  );
