import {
  copyFileSync,
  mkdtempSync,
  existsSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemoryRowStore } from '@jeroboam/eventing/in-memory-row-store';
import type { RowChange, ViewTable } from '@jeroboam/eventing/row-store';
import { rowStoreContract } from './row-store.contract.js';
import { SqliteRowStore } from './sqlite-row-store.js';

const view = (version: number, columns: ViewTable['columns'] = { size: 'INTEGER' }): ViewTable => ({
  name: `box-list.v${version}`,
  columns,
});
const box = (key: string, size: number, version = 1): RowChange => ({
  view: `box-list.v${version}`,
  key,
  row: { key, size },
  columns: { size },
});

let folder: string;
let file: string;
const opened: SqliteRowStore[] = [];
const open = (onCorrupt?: (reason: string) => void): SqliteRowStore => {
  const store = SqliteRowStore.open(file, onCorrupt);
  opened.push(store);
  return store;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'row-store-'));
  file = join(folder, 'made/for/it', 'rows.sqlite');
});
afterEach(() => {
  for (const store of opened.splice(0)) store.close();
  rmSync(folder, { recursive: true });
});

rowStoreContract('InMemoryRowStore', () => {
  const store = new InMemoryRowStore();
  return { store, rows: (name) => store.rows(name), close: () => undefined };
});

rowStoreContract('SqliteRowStore', () => {
  const store = open();
  const rows = (name: string) =>
    store
      .all(`SELECT body FROM ${name.replaceAll(/[-.]/g, '_')} ORDER BY seq`)
      .map(({ body }) => JSON.parse(String(body)) as unknown);
  return {
    store,
    rows,
    close: () => {
      store.close();
    },
  };
});

describe('SqliteRowStore', () => {
  it('answers SQL with bound parameters', () => {
    const store = open();
    store.prepare([view(1)]);
    store.commit([box('a', 3), box('b', 1), box('c', 2)], ['box-list.v1'], 1n);
    const sql = 'SELECT key, seq FROM box_list_v1 WHERE size > ? ORDER BY size';
    expect(store.all(sql, [1]).map((row) => ({ ...row }))).toEqual([
      { key: 'c', seq: 3 },
      { key: 'a', seq: 1 },
    ]);
  });

  it('takes rows and checkpoint back together when the disk is full', () => {
    const store = open();
    const views = ['box-list.v1'];
    const big = Array.from({ length: 200 }, (_, n) => ({
      ...box(`b${n}`, n),
      row: 'x'.repeat(5000),
    }));
    store.prepare([view(1)]);
    store.commit([box('a', 1)], views, 1n);
    store.all('PRAGMA max_page_count = 20');
    expect(() => {
      store.commit(big, views, 2n);
    }).toThrow('full');
    const isKept = store.get('box-list.v1', 'a') !== null;
    expect(store.checkpoint('box-list.v1')).toBe(isKept ? 1n : null);
    store.all('PRAGMA max_page_count = 100000');
    store.commit([box('c', 3)], views, 3n);
    store.close();
    const again = open();
    again.prepare([view(1)]);
    expect(again.get('box-list.v1', 'a') !== null).toBe(isKept);
    expect(again.get('box-list.v1', 'b0')).toBeNull();
    expect(again.checkpoint('box-list.v1')).toBe(3n);
  });

  it('numbers rows as they first appear, whatever changes or goes in between', () => {
    const store = open();
    store.prepare([view(1)]);
    const gone: RowChange = { view: 'box-list.v1', key: 'b', row: null, columns: {} };
    const changes = [box('a', 1), box('a', 2), box('b', 1), box('a', 3), gone, box('c', 1)];
    for (const change of changes) store.commit([change], ['box-list.v1'], 1n);
    const numbers = store.all('SELECT key, seq, size FROM box_list_v1 ORDER BY seq');
    expect(numbers.map((row) => ({ ...row }))).toEqual([
      { key: 'a', seq: 1, size: 3 },
      { key: 'c', seq: 3, size: 1 },
    ]);
  });

  it('finds rows by a column through an index', () => {
    const store = open();
    store.prepare([view(1)]);
    const [plan] = store.all('EXPLAIN QUERY PLAN SELECT key FROM box_list_v1 WHERE size = 1');
    expect(plan?.['detail']).toContain('box_list_v1_by_size');
  });

  it('keeps rows over a restart', () => {
    const first = open();
    first.prepare([view(1)]);
    first.commit([box('a', 3)], ['box-list.v1'], 5n);
    first.close();
    const second = open();
    second.prepare([view(1)]);
    expect(second.get('box-list.v1', 'a')).toEqual({ key: 'a', size: 3 });
    expect(second.checkpoint('box-list.v1')).toBe(5n);
  });

  it('shows at once what is committed, and after a crash rows and checkpoint of the same moment', () => {
    const store = open();
    store.prepare([view(1)]);
    for (let position = 1n; position <= 50n; position++)
      store.commit([box(`key-${position}`, 1)], ['box-list.v1'], position);
    expect(store.get('box-list.v1', 'key-50')).toEqual({ key: 'key-50', size: 1 });
    const copy = join(folder, 'as-a-crash-leaves-it.sqlite');
    for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
    const after = SqliteRowStore.open(copy);
    opened.push(after);
    after.prepare([view(1)]);
    const kept = Number(after.checkpoint('box-list.v1') ?? 0n);
    expect(after.all('SELECT key FROM box_list_v1')).toHaveLength(kept);
  });

  it('keeps what was committed before a commit that fails', () => {
    const store = open();
    store.prepare([view(1)]);
    store.commit([box('a', 3)], ['box-list.v1'], 5n);
    expect(() => {
      store.commit([{ ...box('b', 1), row: { size: 1n } }], ['box-list.v1'], 6n);
    }).toThrow(TypeError);
    expect(store.get('box-list.v1', 'a')).toEqual({ key: 'a', size: 3 });
    expect(store.checkpoint('box-list.v1')).toBe(5n);
  });

  it('commits rows and checkpoint together or not at all', () => {
    const store = open();
    store.prepare([view(1)]);
    const broken: RowChange = { ...box('b', 1), row: { size: 1n } };
    expect(() => {
      store.commit([box('a', 3), broken], ['box-list.v1'], 5n);
    }).toThrow(TypeError);
    expect(store.get('box-list.v1', 'a')).toBeNull();
    expect(store.checkpoint('box-list.v1')).toBeNull();
  });

  it('drops a lower version of a view, and no other', () => {
    const store = open();
    store.prepare([view(1), { name: 'box-count.v1', columns: {} }]);
    store.prepare([view(2)]);
    const tables = store.all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    expect(tables.map(({ name }) => name)).toEqual([
      'box_count_v1',
      'box_list_v2',
      'checkpoints',
      'sqlite_sequence',
    ]);
  });

  it('begins a view anew whose columns are others than those of its table', () => {
    const store = open();
    store.prepare([view(1)]);
    store.commit([box('a', 3)], ['box-list.v1'], 5n);
    store.prepare([view(1, { size: 'INTEGER', colour: 'TEXT' })]);
    expect(store.checkpoint('box-list.v1')).toBeNull();
    store.commit([{ ...box('a', 3), columns: { colour: 'red' } }], ['box-list.v1'], 5n);
    expect(store.all('SELECT size, colour FROM box_list_v1').map((row) => ({ ...row }))).toEqual([
      { size: null, colour: 'red' },
    ]);
  });

  it('forgets rows and checkpoints when reset', () => {
    const store = open();
    store.prepare([view(1)]);
    store.commit([box('a', 3)], ['box-list.v1'], 5n);
    store.reset();
    expect(store.get('box-list.v1', 'a')).toBeNull();
    expect(store.checkpoint('box-list.v1')).toBeNull();
  });

  it('moves a file aside that is no database', () => {
    open().close();
    writeFileSync(file, 'not a database '.repeat(1000));
    const reasons: string[] = [];
    const store = open((reason) => reasons.push(reason));
    store.prepare([view(1)]);
    expect(store.checkpoint('box-list.v1')).toBeNull();
    expect(existsSync(`${file}.corrupt`)).toBe(true);
    expect(reasons).toEqual([expect.stringContaining('is damaged')]);
  });

  it('moves a file aside whose pages are torn', () => {
    const store = open();
    store.prepare([view(1)]);
    const many = Array.from({ length: 2000 }, (_, index) => box(`key-${index}`, index));
    store.commit(many, ['box-list.v1'], 1n);
    store.close();
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096 * 3, 4096 * 6);
    writeFileSync(file, bytes);
    const reasons: string[] = [];
    open((reason) => reasons.push(reason)).prepare([view(1)]);
    expect(reasons).toHaveLength(1);
  });

  it('refuses a view that was not prepared', () => {
    expect(() => {
      open().commit([box('a', 1)], ['box-list.v1'], 1n);
    }).toThrow('view box-list.v1 is not prepared');
  });
});
