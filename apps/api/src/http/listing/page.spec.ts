import { describe, expect, it } from '@jest/globals';
import { toListing, toPage, type Page } from './page.js';

const bounds = { sortKeys: new Set(['id', 'name']), maxLimit: 1000 };
const ask = { sort_key: 'id', sort_dir: 'asc' };

describe('toPage', () => {
  it.each([
    [ask, { limit: 1000, marker: null, sortKey: 'id', sortDir: 'asc' }],
    [
      { ...ask, limit: 5000 },
      { limit: 1000, marker: null, sortKey: 'id', sortDir: 'asc' },
    ],
    [
      { ...ask, limit: Infinity },
      { limit: 1000, marker: null, sortKey: 'id', sortDir: 'asc' },
    ],
    [
      { limit: 2, marker: 'm', sort_key: 'name', sort_dir: 'desc' },
      { limit: 2, marker: 'm', sortKey: 'name', sortDir: 'desc' },
    ],
  ])('of %j', (query, page) => {
    expect(toPage(query, bounds)).toEqual(page);
  });

  it.each([
    [{ ...ask, limit: 0 }, 'Limit must be positive'],
    [{ ...ask, limit: -1 }, 'Limit must be positive'],
    [
      { ...ask, sort_dir: 'up' },
      "Invalid sort direction: up. Acceptable values are 'asc' or 'desc'",
    ],
    [{ ...ask, sort_key: 'bogus' }, 'The sort_key value "bogus" is an invalid field for sorting'],
  ])('refuses %j', (query, text) => {
    expect(() => toPage(query, bounds)).toThrow(text);
  });
});

describe('toListing', () => {
  const page: Page = { limit: 2, marker: null, sortKey: 'id', sortDir: 'asc' };
  const listing = (uuids: readonly string[]) =>
    toListing({
      member: 'clusters',
      items: uuids.map((uuid) => ({ uuid })),
      rows: uuids,
      page,
      url: 'http://h/v1/clusters',
      markerOf: (uuid) => uuid,
    });

  it('has a next after a full page only', () => {
    expect(listing([])).toEqual({ clusters: [] });
    expect(listing(['a'])).toEqual({ clusters: [{ uuid: 'a' }] });
    expect(listing(['a', 'b'])).toEqual({
      clusters: [{ uuid: 'a' }, { uuid: 'b' }],
      next: 'http://h/v1/clusters?sort_key=id&sort_dir=asc&limit=2&marker=b',
    });
  });
});
