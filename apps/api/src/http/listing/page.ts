import { Fault } from '../errors/faults.js';
import { Int, Text, Uuid } from '../body/fields.js';

/** Arguments of every listing. Resources with filters of their own extend it. */
export class PageQuery {
  @Int({
    max: Infinity,
    description: 'Largest number of items. Larger values than the server allows are cut.',
  })
  limit?: number;

  @Uuid({ description: 'UUID of the last item of the page before.' })
  marker?: string;

  @Text({ default: 'id', description: 'Attribute to sort by.' })
  sort_key!: string;

  @Text({ default: 'asc', description: '`asc` or `desc`.' })
  sort_dir!: string;
}

/** As {@link PageQuery}, for lists whose items have numbers for ids. */
export class NumberedPageQuery {
  @Int({ max: Infinity })
  limit?: number;

  @Int({ description: 'Id of the last item of the page before.' })
  marker?: number;

  @Text({ default: 'id' })
  sort_key!: string;

  @Text({ default: 'asc' })
  sort_dir!: string;
}

/** One page to read: at most `limit` items after `marker` in that order, ties broken by id. */
export interface Page<Marker = string> {
  readonly limit: number;
  readonly marker: Marker | null;
  readonly sortKey: string;
  readonly sortDir: 'asc' | 'desc';
}

interface PageArguments<Marker> {
  readonly limit?: number;
  readonly marker?: Marker;
  readonly sort_key: string;
  readonly sort_dir: string;
}

const directionOf = (text: string): 'asc' | 'desc' => {
  if (text === 'asc' || text === 'desc') return text;
  throw new Fault(400, `Invalid sort direction: ${text}. Acceptable values are 'asc' or 'desc'`);
};

/**
 * The page a query asks for. `limit` is cut to `maxLimit`, which is also its default.
 * 400 for a limit below 1, another direction, or a key that is not in `sortKeys`.
 */
export const toPage = <Marker>(
  query: PageArguments<Marker>,
  bounds: { readonly sortKeys: ReadonlySet<string>; readonly maxLimit: number },
): Page<Marker> => {
  const { limit = bounds.maxLimit, marker = null, sort_key: sortKey } = query;
  if (limit <= 0) throw new Fault(400, 'Limit must be positive');
  const sortDir = directionOf(query.sort_dir);
  if (!bounds.sortKeys.has(sortKey))
    throw new Fault(400, `The sort_key value "${sortKey}" is an invalid field for sorting`);
  return { limit: Math.min(limit, bounds.maxLimit), marker, sortKey, sortDir };
};

export interface Listing<Item> {
  /** Member that holds the items. */
  readonly member: string;
  /** What it shows of each. */
  readonly items: readonly object[];
  /** The rows behind them, in the same order. */
  readonly rows: readonly Item[];
  readonly page: Page<unknown>;
  /** URL of the collection, without a query. */
  readonly url: string;
  /** Uuid or id of a row. */
  readonly markerOf: (row: Item) => string | number;
}

/**
 * `{"<member>": […], "next"?}`. A full page has a `next`, even when nothing follows: that is the
 * contract, and clients stop at an empty page.
 */
export const toListing = <Item>(listing: Listing<Item>): Record<string, unknown> => {
  const { member, items, rows, page, url } = listing;
  const last = rows.at(-1);
  if (last === undefined || rows.length !== page.limit) return { [member]: items };
  const query = [
    `sort_key=${encodeURIComponent(page.sortKey)}`,
    `sort_dir=${page.sortDir}`,
    `limit=${page.limit}`,
    `marker=${listing.markerOf(last)}`,
  ].join('&');
  return { [member]: items, next: `${url}?${query}` };
};
