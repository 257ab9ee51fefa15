import { RowStore, type RowChange, type ViewTable } from './row-store.js';

/** Rows in memory, for the tests of projections. */
export class InMemoryRowStore extends RowStore {
  private readonly tables = new Map<string, Map<string, unknown>>();
  private readonly checkpoints = new Map<string, bigint>();

  override prepare(views: readonly ViewTable[]): void {
    for (const { name } of views) {
      if (!this.tables.has(name)) this.tables.set(name, new Map());
    }
  }

  override checkpoint(view: string): bigint | null {
    return this.checkpoints.get(view) ?? null;
  }

  override get(view: string, key: string): unknown {
    return this.tables.get(view)?.get(key) ?? null;
  }

  override commit(changes: readonly RowChange[], views: readonly string[], position: bigint): void {
    for (const { view, key, row } of changes) {
      if (row === null) this.tables.get(view)?.delete(key);
      else this.tables.get(view)?.set(key, row);
    }
    for (const view of views) this.checkpoints.set(view, position);
  }

  /** Rows of a view in the order they first appeared. */
  rows(view: string): readonly unknown[] {
    return [...(this.tables.get(view)?.values() ?? [])];
  }
}
