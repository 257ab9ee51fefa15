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

/** All that any of the views is made from. */
export const categoriesOf = (views: readonly AnyView[]): readonly string[] => [
  ...new Set(views.flatMap((view) => view.categories)),
];

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
  for await (const batch of store.subscribe({
    after: earliest([...passed.values()]),
    categories: categoriesOf(views),
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
  const drafts = new Drafts((key) => rows.get(view.name, key) ?? null);
  for (const event of events) {
    for (const key of view.keys(event))
      drafts.change(key, (row) => view.evolve(row, event) ?? null);
  }
  return drafts.all.map(({ key, row }) => ({
    view: view.name,
    key,
    row,
    columns: row === null ? {} : view.index(row),
  }));
};

interface Draft {
  readonly key: string;
  readonly row: unknown;
  /** The row is not in the store yet. */
  readonly isNew: boolean;
}

/**
 * What a batch makes of the rows. However the log is cut, rows come and go in the same order, and so are
 * numbered alike: one that comes and goes within the batch is written and taken away, one that goes and comes
 * again is taken away and written. All else that happens to a row is one change.
 */
class Drafts {
  readonly all: Draft[] = [];
  private readonly latest = new Map<string, number>();

  constructor(private readonly stored: (key: string) => unknown) {}

  change(key: string, evolve: (row: unknown) => unknown): void {
    const at = this.latest.get(key) ?? -1;
    const known = this.all[at];
    const before = known === undefined ? this.stored(key) : known.row;
    const row = evolve(before);
    if (known !== undefined && !startsAnew(known, row)) this.all[at] = { ...known, row };
    else this.latest.set(key, this.all.push({ key, row, isNew: before === null }) - 1);
  }
}

const startsAnew = ({ row, isNew }: Draft, next: unknown): boolean =>
  row === null ? next !== null : next === null && isNew;

const isBefore = (a: bigint | null, b: bigint): boolean => a === null || a < b;

const earliest = (positions: readonly (bigint | null)[]): bigint | null =>
  positions.reduce(
    (least, at) => (least === null || at === null ? null : at < least ? at : least),
    positions[0] ?? null,
  );
