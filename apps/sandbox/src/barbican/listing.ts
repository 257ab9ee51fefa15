import type { Query } from '../query.js';

/** A page of a list as Barbican answers it: total, and links to its neighbours. */
export const listing = <T>(
  rows: readonly T[],
  wish: {
    readonly key: string;
    readonly href: string;
    readonly query: Query;
    readonly shown: (row: T) => object;
  },
): object => {
  const limit = Math.min(Number(wish.query.limit ?? 10) || 10, 100);
  const offset = Number(wish.query.offset ?? 0) || 0;
  const link = (at: number): string =>
    `${wish.href}?${new URLSearchParams({ ...wish.query, limit: String(limit), offset: String(at) }).toString()}`;
  return {
    [wish.key]: rows.slice(offset, offset + limit).map(wish.shown),
    total: rows.length,
    ...(offset > 0 ? { previous: link(Math.max(0, offset - limit)) } : {}),
    ...(offset + limit < rows.length ? { next: link(offset + limit) } : {}),
  };
};
