const methods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];

const requestHeaders = [
  'X-Auth-Token',
  'X-Identity-Status',
  'X-Roles',
  'X-Service-Catalog',
  'X-User-Id',
  'X-Tenant-Id',
  'X-OpenStack-Request-ID',
  'X-Server-Management-Url',
];

/** Beside those the standard always allows; the version header is what our own clients add. */
const simpleHeaders = [
  'Accept',
  'Accept-Language',
  'Content-Language',
  'Content-Type',
  'OpenStack-API-Version',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
];

const exposed = [
  'X-Auth-Token',
  'X-Subject-Token',
  'X-Service-Token',
  'X-OpenStack-Request-ID',
  'X-Server-Management-Url',
  'ETag',
];

export interface Crossing {
  readonly method: string;
  readonly origin: string | undefined;
  readonly requestedMethod: string | undefined;
  readonly requestedHeaders: string | undefined;
}

/** Headers to add, and whether the request is a preflight that ends here with 200. */
export interface CrossingAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly preflight: boolean;
}

const none: CrossingAnswer = { headers: {}, preflight: false };

const preflightOf = (origin: string, crossing: Crossing): CrossingAnswer => {
  const allowed = new Set([...simpleHeaders, ...requestHeaders].map((name) => name.toLowerCase()));
  const asked = (crossing.requestedHeaders ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const refused =
    !methods.includes(crossing.requestedMethod ?? '') || asked.some((name) => !allowed.has(name));
  if (refused) return { headers: { vary: 'Origin' }, preflight: true };
  const headers = {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-max-age': '3600',
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': [...simpleHeaders, ...requestHeaders].join(', '),
  };
  return { headers, preflight: true };
};

/** What a browser at another origin may do. Without configured origins: nothing. */
export const crossOrigin = (crossing: Crossing, origins: readonly string[]): CrossingAnswer => {
  const { origin } = crossing;
  if (origin === undefined) return none;
  if (!origins.includes(origin) && !origins.includes('*')) return none;
  if (crossing.method === 'OPTIONS' && crossing.requestedMethod !== undefined)
    return preflightOf(origin, crossing);
  const headers = {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': exposed.join(', '),
  };
  return { headers, preflight: false };
};
