import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RowChange, RowStore, ViewTable } from '@jeroboam/eventing/row-store';

const words: ViewTable = { name: 'word-list.v1', columns: { length: 'INTEGER', first: 'TEXT' } };
const other: ViewTable = { name: 'other.v1', columns: {} };

const word = (key: string, times = 1): RowChange => ({
  view: words.name,
  key,
  row: { key, times },
  columns: { length: key.length, first: key.charAt(0) },
});
const gone = (key: string): RowChange => ({ view: words.name, key, row: null, columns: {} });

/** A store under test, how to see its rows in order of first appearance, and how to end it. */
export interface OpenedRowStore {
  readonly store: RowStore;
  rows(view: string): readonly unknown[];
  close(): void;
}

/** What every row store must do. */
export const rowStoreContract = (name: string, open: () => OpenedRowStore): void => {
  describe(`${name} keeps the row store's contract`, () => {
    let opened: OpenedRowStore;
    let store: RowStore;

    beforeEach(() => {
      opened = open();
      store = opened.store;
      store.prepare([words, other]);
    });
    afterEach(() => {
      opened.close();
    });

    it('has neither rows nor checkpoint at first', () => {
      expect(store.get(words.name, 'a')).toBeNull();
      expect(store.checkpoint(words.name)).toBeNull();
      expect(opened.rows(words.name)).toEqual([]);
    });

    it('gives back rows and checkpoint', () => {
      store.commit([word('a'), word('b')], [words.name], 7n);
      expect(store.get(words.name, 'b')).toEqual({ key: 'b', times: 1 });
      expect(store.checkpoint(words.name)).toBe(7n);
    });

    it('keeps the checkpoint of each view apart', () => {
      store.commit([], [words.name], 7n);
      expect(store.checkpoint(other.name)).toBeNull();
      store.commit([], [words.name, other.name], 8n);
      expect([store.checkpoint(words.name), store.checkpoint(other.name)]).toEqual([8n, 8n]);
    });

    it('keeps positions beyond the reach of a double', () => {
      store.commit([], [words.name], 9_007_199_254_740_993n);
      expect(store.checkpoint(words.name)).toBe(9_007_199_254_740_993n);
    });

    it('keeps the place of a row that changes', () => {
      store.commit([word('a'), word('b')], [words.name], 1n);
      store.commit([word('c'), word('a', 2)], [words.name], 2n);
      expect(opened.rows(words.name)).toEqual([
        { key: 'a', times: 2 },
        { key: 'b', times: 1 },
        { key: 'c', times: 1 },
      ]);
    });

    it('gives a row that went and came back a new place', () => {
      store.commit([word('a'), word('b')], [words.name], 1n);
      store.commit([gone('a')], [words.name], 2n);
      expect(store.get(words.name, 'a')).toBeNull();
      store.commit([word('a')], [words.name], 3n);
      expect(opened.rows(words.name)).toEqual([
        { key: 'b', times: 1 },
        { key: 'a', times: 1 },
      ]);
    });

    it('takes away what is not there without a word', () => {
      store.commit([gone('never')], [words.name], 1n);
      expect(store.checkpoint(words.name)).toBe(1n);
    });

    it('lets prepare come again without loss', () => {
      store.commit([word('a')], [words.name], 1n);
      store.prepare([words, other]);
      expect(store.get(words.name, 'a')).toEqual({ key: 'a', times: 1 });
      expect(store.checkpoint(words.name)).toBe(1n);
    });
  });
};
