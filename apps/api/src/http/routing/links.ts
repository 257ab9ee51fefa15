export interface Link {
  readonly href: string;
  readonly rel: string;
}

/** URLs of resources as the client reaches us. */
export class Links {
  /** `host` is scheme, host, port and prefix, without a slash at its end. */
  constructor(readonly host: string) {}

  /** `url('clusters', uuid)` is `<host>/v1/clusters/<uuid>`. */
  url(...path: readonly string[]): string {
    return [this.host, 'v1', ...path].join('/');
  }

  /** The `links` member of a resource: self and bookmark. */
  of(...path: readonly string[]): Link[] {
    return [
      { href: this.url(...path), rel: 'self' },
      { href: [this.host, ...path].join('/'), rel: 'bookmark' },
    ];
  }
}

export interface HostSettings {
  /** Base URL to show whatever the request says; `null`: from the request. */
  readonly publicUrl: string | null;
  /** Whether `Forwarded` and `X-Forwarded-*` come from a proxy of ours. */
  readonly trustProxy: boolean;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** First of a list of values: the one the outermost proxy saw. */
const first = (value: string | readonly string[] | undefined): string | undefined => {
  const text = typeof value === 'string' ? value : value?.[0];
  return text?.split(',')[0]?.trim() || undefined;
};

/** A host and port, and nothing that could lead elsewhere. */
const hostShape = /^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/;
const prefixShape = /^(?:\/[\w.~-]+)+$/;

const fitting = (text: string | undefined, shape: RegExp): string | undefined =>
  text !== undefined && shape.test(text) ? text : undefined;

/** What the outermost proxy saw of the request. */
interface Seen {
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly address: string | undefined;
}

const unquoted = (text: string): string => text.replace(/^"(.*)"$/, '$1');

/** An address without its port: `[::1]:80` and `10.0.0.1:80`. */
const withoutPort = (node: string): string =>
  /^\[([^\]]+)\]/.exec(node)?.[1] ?? node.replace(/:[^:]*$/, '');

/** RFC 7239: `for=10.0.0.1;host=api.example.org;proto=https`. */
const seenStandard = (element: string): Seen => {
  const pairs = element.split(';').map((pair): [string, string] => {
    const [name = '', ...value] = pair.split('=');
    return [name.trim().toLowerCase(), unquoted(value.join('=').trim())];
  });
  const {
    proto,
    host,
    for: node,
  } = Object.fromEntries(pairs) as Record<string, string | undefined>;
  return { scheme: proto, host, address: node === undefined ? node : withoutPort(node) };
};

const seenBy = (headers: Headers): Seen => {
  const forwarded = first(headers['forwarded']);
  if (forwarded !== undefined) return seenStandard(forwarded);
  return {
    scheme: first(headers['x-forwarded-proto']),
    host: first(headers['x-forwarded-host']),
    address: first(headers['x-forwarded-for']),
  };
};

/** `<host>` of links: the configured URL, else what the request (and a trusted proxy) names. */
export const hostOf = (headers: Headers, settings: HostSettings): string => {
  if (settings.publicUrl !== null) return settings.publicUrl.replace(/\/+$/, '');
  const forwarded = settings.trustProxy ? headers : {};
  const seen = seenBy(forwarded);
  const scheme = seen.scheme?.toLowerCase() === 'https' ? 'https' : 'http';
  const host =
    fitting(seen.host, hostShape) ?? fitting(first(headers['host']), hostShape) ?? 'localhost';
  return `${scheme}://${host}${fitting(first(forwarded['x-forwarded-prefix']), prefixShape) ?? ''}`;
};

/** Address of the client: the socket's, or what a trusted proxy saw. */
export const addressOf = (
  socketAddress: string,
  headers: Headers,
  { trustProxy }: Pick<HostSettings, 'trustProxy'>,
): string => (trustProxy ? seenBy(headers).address : undefined) ?? socketAddress;
