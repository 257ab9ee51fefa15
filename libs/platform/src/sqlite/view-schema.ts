import { tableOf, type ViewTable } from '@jeroboam/eventing/row-store';

/** An SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Table and indexes of a view, if they are not there. `seq` is never given twice. */
export const createTable = ({ name, columns }: ViewTable): readonly string[] => {
  const table = tableOf(name);
  const typed = Object.entries(columns).map(
    ([column, type]) => `${quoted(column)} ${type === 'JSON' ? 'TEXT' : type}`,
  );
  const fields = [
    '"seq" INTEGER PRIMARY KEY AUTOINCREMENT',
    '"key" TEXT NOT NULL UNIQUE',
    ...typed,
    '"body" TEXT NOT NULL',
  ];
  const searched = Object.keys(columns).filter((column) => columns[column] !== 'JSON');
  const indexes = searched.map(
    (column) =>
      `CREATE INDEX IF NOT EXISTS ${quoted(`${table}_by_${column}`)} ON ${quoted(table)} (${quoted(column)})`,
  );
  return [`CREATE TABLE IF NOT EXISTS ${quoted(table)} (${fields.join(', ')})`, ...indexes];
};

const writtenColumns = ({ columns }: ViewTable): readonly string[] =>
  [...Object.keys(columns), 'body'].map(quoted);

/** Changes the row that is there: the columns in declared order, body, then the key. */
export const update = (view: ViewTable): string => {
  const values = writtenColumns(view).map((column) => `${column} = ?`);
  return `UPDATE ${quoted(tableOf(view.name))} SET ${values.join(', ')} WHERE "key" = ?`;
};

/**
 * Adds a row, in the order of {@link update}. Not one statement with it: an upsert takes a number from
 * the sequence even where it changes a row, and rows would be numbered by how often others change.
 */
export const insert = (view: ViewTable): string => {
  const fields = [...writtenColumns(view), '"key"'];
  const values = fields.map(() => '?');
  return `INSERT INTO ${quoted(tableOf(view.name))} (${fields.join(', ')}) VALUES (${values.join(', ')})`;
};

export const dropTable = (view: string): string => `DROP TABLE IF EXISTS ${quoted(tableOf(view))}`;

/** Those of `present` that are lower versions of the view: `list.v1` for `list.v2`. */
export const olderVersions = (view: string, present: readonly string[]): readonly string[] => {
  const current = versionOf(view);
  return present.filter((name) => {
    const { stem, version } = versionOf(name);
    return stem === current.stem && version < current.version;
  });
};

const versionOf = (view: string): { readonly stem: string; readonly version: number } => {
  const [, stem = view, version = '0'] = /^(.+)\.v(\d+)$/.exec(view) ?? [];
  return { stem, version: Number(version) };
};
