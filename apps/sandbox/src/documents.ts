import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Anything kept: JSON with an id. Documents are values; a change is a new one put in its place. */
export interface Document {
  readonly id: string;
}

interface Table {
  readonly put: StatementSync;
  readonly remove: StatementSync;
  /** Told how to take each change back, in memory. */
  readonly changed: (undo: () => void) => void;
}

/**
 * All documents of a kind, in memory and in one table, in the order they were made. Each change is
 * on disk before the call returns.
 */
export class Collection<T extends Document> {
  readonly #rows = new Map<string, T>();
  readonly #indexes = new Map<keyof T, Map<unknown, Set<string>>>();
  #revision = 0;

  constructor(
    private readonly table: Table,
    rows: Iterable<T>,
  ) {
    this.reload(rows);
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): T | undefined {
    return this.#rows.get(id);
  }

  all(): T[] {
    return [...this.#rows.values()];
  }

  ids(): string[] {
    return [...this.#rows.keys()];
  }

  find(matches: (row: T) => boolean): T | undefined {
    for (const row of this.#rows.values()) if (matches(row)) return row;
    return undefined;
  }

  filter(matches: (row: T) => boolean): T[] {
    return this.all().filter(matches);
  }

  /** Those with this value in a field, through an index made at the first such question. */
  where<K extends keyof T>(field: K, value: T[K]): T[] {
    const ids = this.#index(field).get(value) ?? [];
    return [...ids].flatMap((id) => this.#rows.get(id) ?? []);
  }

  put(row: T): T {
    this.table.put.run(row.id, JSON.stringify(row));
    this.#remember(row.id, row);
    return row;
  }

  /** The document with these fields changed. */
  patch(row: T, change: Partial<T>): T {
    return this.put({ ...row, ...change });
  }

  delete(id: string): boolean {
    if (!this.#rows.has(id)) return false;
    this.table.remove.run(id);
    this.#remember(id, undefined);
    return true;
  }

  /** Replaces what is in memory by what the table holds. */
  reload(rows: Iterable<T>): void {
    this.#rows.clear();
    this.#indexes.clear();
    this.#revision += 1;
    for (const row of rows) this.#rows.set(row.id, row);
  }

  #remember(id: string, row: T | undefined): void {
    const before = this.#rows.get(id);
    this.table.changed(() => {
      this.#replace(id, before);
    });
    this.#replace(id, row);
  }

  #replace(id: string, row: T | undefined): void {
    this.#revision += 1;
    const before = this.#rows.get(id);
    for (const [field, index] of this.#indexes) {
      if (before) drop(index, before[field], id);
      if (row) add(index, row[field], id);
    }
    if (row) this.#rows.set(id, row);
    else this.#rows.delete(id);
  }

  #index(field: keyof T): Map<unknown, Set<string>> {
    const known = this.#indexes.get(field);
    if (known) return known;
    const made = new Map<unknown, Set<string>>();
    for (const row of this.#rows.values()) add(made, row[field], row.id);
    this.#indexes.set(field, made);
    return made;
  }
}

const add = (index: Map<unknown, Set<string>>, value: unknown, id: string): void => {
  const ids = index.get(value);
  if (ids) ids.add(id);
  else index.set(value, new Set([id]));
};

const drop = (index: Map<unknown, Set<string>>, value: unknown, id: string): void => {
  const ids = index.get(value);
  ids?.delete(id);
  if (ids?.size === 0) index.delete(value);
};

/** The file behind all collections: one table a kind. What was put survives kill -9. */
export class Documents {
  readonly #db: DatabaseSync;
  readonly #collections = new Map<string, unknown>();
  readonly #emptied: (() => void)[] = [];
  /** Of the transaction that is open: how to take its changes back in memory. */
  #undo: (() => void)[] | undefined;

  /** @param file path of the database, or `:memory:` */
  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000;',
    );
  }

  /** All documents of a kind. The kind names the type: only its owner asks for it by type. */
  collection<T extends Document>(kind: string): Collection<T> {
    const known = this.#collections.get(kind);
    if (known !== undefined) return known as Collection<T>;
    const made = this.#open<T>(kind);
    this.#collections.set(kind, made);
    this.#emptied.push(() => {
      made.reload([]);
    });
    return made;
  }

  /** All of it is kept or, when it throws, none of it. */
  transaction<R>(work: () => R): R {
    if (this.#undo) return work();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      for (const takeBack of undo.reverse()) takeBack();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  /** Empties every table. */
  clear(): void {
    const tables = this.#db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    for (const { name } of tables) this.#db.exec(`DELETE FROM "${String(name)}"`);
    for (const forget of this.#emptied) forget();
  }

  close(): void {
    this.#db.close();
  }

  #open<T extends Document>(kind: string): Collection<T> {
    this.#db.exec(
      `CREATE TABLE IF NOT EXISTS "${kind}" (id TEXT UNIQUE NOT NULL, body TEXT NOT NULL)`,
    );
    const table: Table = {
      put: this.#db.prepare(
        `INSERT INTO "${kind}" (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      ),
      remove: this.#db.prepare(`DELETE FROM "${kind}" WHERE id = ?`),
      changed: (undo) => this.#undo?.push(undo),
    };
    const rows = this.#db.prepare(`SELECT body FROM "${kind}" ORDER BY rowid`).all();
    return new Collection<T>(
      table,
      rows.map(({ body }) => JSON.parse(String(body)) as T),
    );
  }
}
