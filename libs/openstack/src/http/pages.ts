import { type Json, object, objects, textOrNull } from './json.js';
import type { Query, ServiceClient } from './service-client.js';
import type { Session } from './session.js';

export interface PagedCall {
  readonly path: string;
  readonly query?: Query;
  /** Member of the body that holds the rows: `servers`. */
  readonly member: string;
}

/** Ends a service that links its pages in a circle. */
const MOST_PAGES = 1_000;

/**
 * The rows of all pages. The address of the next page is `next` (Glance, Barbican) or the `next` of
 * `<member>_links` (Nova, Neutron, Octavia); only its query is used, so a proxy before the service does no harm.
 */
export const allPages = async (
  client: ServiceClient,
  as: Session,
  { path, query, member }: PagedCall,
): Promise<readonly Json[]> => {
  const rows: Json[] = [];
  let asked: Query | null = query ?? {};
  for (let page = 0; asked !== null && page < MOST_PAGES; page += 1) {
    const body: Json = object(await client.body(as, { method: 'GET', path, query: asked }));
    const found = objects(body[member]);
    rows.push(...found);
    asked = found.length === 0 ? null : nextQuery(body, member);
  }
  return rows;
};

const nextQuery = (body: Json, member: string): Query | null => {
  const link = objects(body[`${member}_links`]).find(({ rel }) => rel === 'next');
  const next = textOrNull(body['next']) ?? textOrNull(link?.['href']);
  if (next === null) return null;
  const { searchParams } = new URL(next, 'http://page.invalid');
  return Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)]));
};
