/**
 * The URL a request is routed by. Clients leave out `/v1`, add slashes at the end and escape
 * slashes, and may write the marker of a listing into its path; all of that is accepted, as it
 * always was.
 */

/** Paths that are not part of the versioned API. Those with a suffix lead nowhere. */
const beside = new Set(['/', '/.json', '/v1', '/v1.json', '/healthcheck', '/metrics']);

const detailed = 'clusters|clustertemplates|federations|bays|baymodels';

/** Where a slash at the end has always been an unknown path. */
const strict = new RegExp(`^(?:/v1)?/(?:${detailed})/detail/$`);

/** What stands between a collection and `detail`. */
const beforeDetail = new RegExp(`^(/v1/(?:${detailed}))/([^/]+)(/detail)$`);

/** What stands before a collection and is none itself: `v2`, say. */
const beforeCollection = new RegExp(
  `^/v1/(?!(?:${detailed}|quotas|certificates|credentials|mservices|stats)/)([^/]+)` +
    `(/(?:quotas|(?:${detailed})(?:/detail)?))$`,
);

const withoutSlash = (path: string): string => {
  if (strict.test(path)) return path;
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
};

const withVersion = (path: string): string =>
  beside.has(path) || path.startsWith('/v1/') ? path : `/v1${path}`;

const listingIn = (path: string): { listing: string; marker: string } | null => {
  const [, collection, between, detail] = beforeDetail.exec(path) ?? [];
  if (between !== undefined) return { listing: `${collection}${detail}`, marker: between };
  const [, before, listing] = beforeCollection.exec(path) ?? [];
  return before === undefined ? null : { listing: `/v1${listing}`, marker: before };
};

/** As a query holds it; escaped it already is, but for what only paths may hold as it is. */
const asArgument = (segment: string): string => segment.replaceAll(/[&+=]/g, encodeURIComponent);

export const rewriteUrl = (url: string, method: string): string => {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const plain = withVersion(withoutSlash(path.replaceAll(/%2f/gi, '/')));
  const found = method === 'GET' ? listingIn(plain) : null;
  if (found === null) return mark < 0 ? plain : `${plain}?${query}`;
  const rest = query === '' ? '' : `&${query}`;
  return `${found.listing}?marker=${asArgument(found.marker)}${rest}`;
};
