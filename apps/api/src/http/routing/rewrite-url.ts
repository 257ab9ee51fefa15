/**
 * The URL a request is routed by. Clients leave out `/v1`, add slashes at the end and escape
 * slashes; all of that is accepted, as it always was.
 */

/** Paths that are not part of the versioned API. */
const beside = new Set(['/', '/v1', '/healthcheck', '/metrics']);

/** The one place where a slash at the end has always been an unknown path. */
const strict = /\/detail\/$/;

const withoutSlash = (path: string): string => {
  if (strict.test(path)) return path;
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
};

const withVersion = (path: string): string =>
  beside.has(path) || path.startsWith('/v1/') ? path : `/v1${path}`;

export const rewriteUrl = (url: string): string => {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark);
  const plain = path.replaceAll(/%2f/gi, '/');
  return withVersion(withoutSlash(plain)) + query;
};
