import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** Anything kept: JSON with an id. Documents are values; a change is a new one put in its place. */
export interface Document {
  readonly id: string;
}

interface Statements {
  readonly put: StatementSync;
  readonly remove: StatementSync;
}

/**
 * All documents of a kind, in memory and in one table, in the order they were made. Each change is
 * on disk before the call returns.
 */
export class Collection<T extends Document> {
  readonly #rows = new Map<string, T>();
  readonly #indexes = new Map<keyof T, Map<unknown, Set<string>>>();

  constructor(
    private readonly statements: Statements,
    rows: Iterable<T>,
  ) {
    this.reload(rows);
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
    this.statements.put.run(row.id, JSON.stringify(row));
    const before = this.#rows.get(row.id);
    for (const [field, index] of this.#indexes) {
      if (before) index.get(before[field])?.delete(row.id);
      add(index, row[field], row.id);
    }
    this.#rows.set(row.id, row);
    return row;
  }

  /** The document with these fields changed. */
  patch(row: T, change: Partial<T>): T {
    return this.put({ ...row, ...change });
  }

  delete(id: string): boolean {
    const row = this.#rows.get(id);
    if (!row) return false;
    this.statements.remove.run(id);
    for (const [field, index] of this.#indexes) {
      const ids = index.get(row[field]);
      ids?.delete(id);
      if (ids?.size === 0) index.delete(row[field]);
    }
    return this.#rows.delete(id);
  }

  /** Replaces what is in memory by what the table holds. */
  reload(rows: Iterable<T>): void {
    this.#rows.clear();
    this.#indexes.clear();
    for (const row of rows) this.#rows.set(row.id, row);
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

/** The file behind all collections: one table a kind. What was put survives kill -9. */
export class Documents {
  readonly #db: DatabaseSync;
  readonly #collections = new Map<string, Collection<Document>>();
  #depth = 0;

  /** @param file path of the database, or `:memory:` */
  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000;',
    );
  }

  collection<T extends Document>(kind: string): Collection<T> {
    let found = this.#collections.get(kind);
    if (!found) {
      found = this.#open(kind);
      this.#collections.set(kind, found);
    }
    // The kind names the type: whoever owns a kind is the only one to ask for it.
    return found as Collection<Document> as Collection<T>;
  }

  /** All of it is kept, or (when it throws) none of it on disk. */
  transaction<R>(work: () => R): R {
    if (this.#depth > 0) return work();
    this.#db.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      this.#db.exec('ROLLBACK');
      this.#reload();
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Empties every table. */
  clear(): void {
    const tables = this.#db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    for (const { name } of tables) this.#db.exec(`DELETE FROM "${String(name)}"`);
    for (const collection of this.#collections.values()) collection.reload([]);
  }

  close(): void {
    this.#db.close();
  }

  #open(kind: string): Collection<Document> {
    this.#db.exec(
      `CREATE TABLE IF NOT EXISTS "${kind}" (id TEXT UNIQUE NOT NULL, body TEXT NOT NULL)`,
    );
    const statements = {
      put: this.#db.prepare(
        `INSERT INTO "${kind}" (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
      ),
      remove: this.#db.prepare(`DELETE FROM "${kind}" WHERE id = ?`),
    };
    return new Collection(statements, this.#rows(kind));
  }

  #rows(kind: string): Document[] {
    const rows = this.#db.prepare(`SELECT body FROM "${kind}" ORDER BY rowid`).all();
    return rows.map(({ body }) => JSON.parse(String(body)) as Document);
  }

  #reload(): void {
    for (const [kind, collection] of this.#collections) collection.reload(this.#rows(kind));
  }
}
