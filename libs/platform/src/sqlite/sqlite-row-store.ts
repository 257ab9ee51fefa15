import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  RowStore,
  tableOf,
  type RowChange,
  type RowReader,
  type Scalar,
  type ViewTable,
} from '@jeroboam/eventing/row-store';
import { openDatabase } from './open-database.js';
import { createTable, dropTable, insert, olderVersions, quoted, update } from './view-schema.js';

const CACHED_STATEMENTS = 256;

/**
 * How much of the log, by time, may have to be read again after a crash. Longer would save writes, but
 * all of it is written while nobody else is served.
 */
const DURABLE_AFTER_MS = 200;

/**
 * Rows of views in one SQLite file, which belongs to one process. All of it is derived from the log: a
 * file that is damaged, or whose tables were made for other columns, is filled again.
 *
 * What is committed can be read at once, and lies in the file some commits later: a transaction takes in
 * all of {@link DURABLE_AFTER_MS}. A crash takes rows and checkpoints back together, and the log
 * gives them again.
 */
export class SqliteRowStore extends RowStore implements RowReader {
  private readonly statements = new Map<string, StatementSync>();
  private readonly views = new Map<string, ViewTable>();
  /** Checkpoints that do not stand in the file yet. */
  private readonly passed = new Map<string, bigint>();
  private begunAt = 0;

  private constructor(private readonly database: DatabaseSync) {
    super();
  }

  /**
   * Opens or makes the file, and the folder it lies in. A damaged file is moved to `<file>.corrupt`.
   * Throws when another process has it open.
   *
   * @param onCorrupt told why the file was moved aside
   */
  static open(file: string, onCorrupt: (reason: string) => void = () => undefined): SqliteRowStore {
    const store = new SqliteRowStore(openDatabase(file, onCorrupt));
    store.database.exec(
      'CREATE TABLE IF NOT EXISTS "checkpoints" ("view" TEXT PRIMARY KEY, "columns" TEXT NOT NULL, "position" INTEGER)',
    );
    return store;
  }

  override prepare(views: readonly ViewTable[]): void {
    this.transaction(() => {
      const present = this.presentViews();
      for (const view of views) {
        const columns = JSON.stringify(view.columns);
        if (present.has(view.name) && present.get(view.name) !== columns) this.drop(view.name);
        for (const old of olderVersions(view.name, [...present.keys()])) this.drop(old);
        for (const statement of createTable(view)) this.database.exec(statement);
        this.statement(
          'INSERT INTO "checkpoints" ("view", "columns") VALUES (?, ?) ON CONFLICT DO NOTHING',
        ).run(view.name, columns);
        this.views.set(view.name, view);
      }
    });
  }

  override checkpoint(view: string): bigint | null {
    const passed = this.passed.get(view);
    if (passed !== undefined) return passed;
    const statement = this.statement('SELECT "position" FROM "checkpoints" WHERE "view" = ?');
    statement.setReadBigInts(true);
    const position = statement.get(view)?.['position'];
    return typeof position === 'bigint' ? position : null;
  }

  override get(view: string, key: string): unknown {
    const sql = `SELECT "body" FROM ${quoted(tableOf(view))} WHERE "key" = ?`;
    const body = this.statement(sql).get(key)?.['body'];
    return typeof body === 'string' ? JSON.parse(body) : null;
  }

  override commit(changes: readonly RowChange[], views: readonly string[], position: bigint): void {
    this.begin();
    this.together(() => {
      for (const change of changes) this.write(change);
    });
    for (const view of views) this.passed.set(view, position);
    if (performance.now() - this.begunAt >= DURABLE_AFTER_MS) this.flush();
  }

  /** Integers come as numbers. */
  all(
    sql: string,
    parameters: readonly Scalar[] = [],
  ): readonly Readonly<Record<string, Scalar>>[] {
    return this.statement(sql)
      .all(...parameters)
      .map((row) => row as Record<string, Scalar>);
  }

  /** Empties all prepared views and forgets their checkpoints: they fill again from the log's start. */
  reset(): void {
    const views = [...this.views.values()];
    this.transaction(() => {
      for (const { name } of views) this.drop(name);
    });
    this.prepare(views);
  }

  close(): void {
    if (!this.database.isOpen) return;
    try {
      this.flush();
    } finally {
      this.statements.clear();
      this.database.close();
    }
  }

  private write({ view, key, row, columns }: RowChange): void {
    const table = this.views.get(view);
    if (!table) throw new Error(`view ${view} is not prepared`);
    if (row === null) {
      this.statement(`DELETE FROM ${quoted(tableOf(view))} WHERE "key" = ?`).run(key);
      return;
    }
    const values = Object.keys(table.columns).map((column) => columns[column] ?? null);
    const written = [...values, JSON.stringify(row), key];
    const { changes } = this.statement(update(table)).run(...written);
    if (Number(changes) === 0) this.statement(insert(table)).run(...written);
  }

  private presentViews(): ReadonlyMap<string, string> {
    const rows = this.all('SELECT "view", "columns" FROM "checkpoints"');
    return new Map(rows.map(({ view, columns }) => [String(view), String(columns)]));
  }

  private drop(view: string): void {
    this.statements.clear();
    this.passed.delete(view);
    this.database.exec(dropTable(view));
    this.statement('DELETE FROM "checkpoints" WHERE "view" = ?').run(view);
  }

  private begin(): void {
    if (this.database.isTransaction) return;
    this.passed.clear();
    this.statement('BEGIN IMMEDIATE').run();
    this.begunAt = performance.now();
  }

  /** Puts into the file what is not there yet. */
  private flush(): void {
    if (!this.database.isTransaction) return;
    const checkpoint = this.statement('UPDATE "checkpoints" SET "position" = ? WHERE "view" = ?');
    try {
      for (const [view, position] of this.passed) checkpoint.run(position, view);
      this.statement('COMMIT').run();
    } finally {
      this.forgetPassed();
    }
  }

  /** Inside the transaction: all of it, or nothing. */
  private together(work: () => void): void {
    this.statement('SAVEPOINT "together"').run();
    try {
      work();
      this.statement('RELEASE "together"').run();
    } catch (error) {
      // SQLite has rolled everything back by itself after some faults, such as a full disk.
      if (this.database.isTransaction)
        this.database.exec('ROLLBACK TO "together"; RELEASE "together"');
      this.forgetPassed();
      throw error;
    }
  }

  /** Once the transaction is over they stand in the file, or what they stood for is gone. */
  private forgetPassed(): void {
    if (!this.database.isTransaction) this.passed.clear();
  }

  /** A transaction of its own. */
  private transaction(work: () => void): void {
    this.flush();
    this.begin();
    this.together(work);
    this.flush();
  }

  /** Prepared once; the least recently used is forgotten first. */
  private statement(sql: string): StatementSync {
    const statement = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.delete(sql);
    this.statements.set(sql, statement);
    if (this.statements.size > CACHED_STATEMENTS) {
      this.statements.delete(this.statements.keys().next().value ?? '');
    }
    return statement;
  }
}
