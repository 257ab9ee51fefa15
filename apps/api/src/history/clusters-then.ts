import type { RowReader } from '@jeroboam/eventing/row-store';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { clusterIdsAt, knownCluster } from '@jeroboam/read-models/cluster-ids';
import { CLUSTER_SORT_KEYS, summaryOf, type Scope } from '@jeroboam/read-models/clusters';
import type { ClusterListing } from '../clusters/cluster-requests.js';
import { toDetail } from '../clusters/represent-cluster.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { toListing, toPage, type Page } from '../http/listing/page.js';
import { UNTIL } from '../http/microversion/history.js';
import { Microversion } from '../http/microversion/microversion.js';
import { noCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import type { ResourceParts } from '../resource-parts.js';
import { instantOf } from './instant.js';
import { clusterAt, knownFor } from './past.js';

/** Streams read at once. */
const AT_ONCE = 32;

/** `GET /clusters/{id}?at=…`. A cluster that is deleted by now is found by its uuid. */
export const clusterThen = async (
  parts: Pick<ResourceParts, 'clock' | 'policy' | 'reads' | 'store'>,
  caller: RequestContext,
  { ident, at }: { readonly ident: string; readonly at: string },
): Promise<PresentCluster> => {
  const atMs = instantOf(at, parts.clock.now());
  const { uuid } = knownFor(parts, caller, ident);
  const cluster = await clusterAt(parts.store, uuid, atMs);
  if (cluster === null) throw noCluster(ident);
  return cluster;
};

type Store = Pick<ResourceParts, 'store'>;

const foldAll = async (
  { store }: Store,
  uuids: readonly string[],
  atMs: number,
): Promise<readonly PresentCluster[]> => {
  const found: PresentCluster[] = [];
  for (let begin = 0; begin < uuids.length; begin += AT_ONCE) {
    const some = uuids.slice(begin, begin + AT_ONCE);
    const clusters = await Promise.all(some.map((uuid) => clusterAt(store, uuid, atMs)));
    found.push(...clusters.filter((cluster) => cluster !== null));
  }
  return found;
};

/** The last version that shows all members there are to sort by. */
const SORTED_AT = Microversion.of(UNTIL.stackId);

const place = (value: unknown): string | number => {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** Missing values are the least; what is equal stays in the order of age. */
const compare = (one: unknown, other: unknown): number => {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  const [a, b] = [place(one), place(other)];
  return a < b ? -1 : a > b ? 1 : 0;
};

const sorted = (
  clusters: readonly PresentCluster[],
  { sortKey, sortDir }: Page,
  { links }: RequestContext,
): readonly PresentCluster[] => {
  const keyed = clusters.map((cluster, age) => ({
    cluster,
    age,
    key: toDetail(cluster, { links, microversion: SORTED_AT })[sortKey] ?? null,
  }));
  const sign = sortDir === 'asc' ? 1 : -1;
  return keyed
    .sort((one, other) => sign * (compare(one.key, other.key) || one.age - other.age))
    .map(({ cluster }) => cluster);
};

interface Then {
  readonly reader: RowReader;
  readonly scope: Scope;
  readonly page: Page;
  readonly atMs: number;
}

/** By age the page is known before any stream is read; by anything else all must be. */
const pageThen = async (
  parts: Store,
  caller: RequestContext,
  { reader, scope, page, atMs }: Then,
): Promise<readonly PresentCluster[]> => {
  const { limit, marker, sortDir, sortKey } = page;
  if (sortKey === 'id') {
    const uuids = clusterIdsAt(reader, scope, { atMs, sortDir, limit, markerKey: marker });
    return foldAll(parts, uuids, atMs);
  }
  const all = { atMs, sortDir: 'asc', limit: -1, markerKey: null } as const;
  const found = await foldAll(parts, clusterIdsAt(reader, scope, all), atMs);
  const clusters = sorted(found, page, caller);
  const begin = clusters.findIndex(({ spec }) => spec.uuid === marker) + 1;
  return clusters.slice(begin, begin + limit);
};

const sortKeys = new Set(Object.keys(CLUSTER_SORT_KEYS));

/** `GET /clusters?at=…` and `GET /clusters/detail?at=…` */
export const listingOfClustersThen = async (
  parts: Pick<ResourceParts, 'clock' | 'policy' | 'reads' | 'settings' | 'store'>,
  caller: RequestContext,
  { query, shape, rule, at }: ClusterListing & { readonly at: string },
): Promise<object> => {
  const { clock, policy, reads, settings } = parts;
  policy.enforce(caller, `cluster:${rule}`);
  const scope = scopeOf(policy, caller, `cluster:${rule}_all_projects`);
  const page = toPage(query, { sortKeys, maxLimit: settings.maxLimit });
  const atMs = instantOf(at, clock.now());
  const reader = reads.rows;
  if (page.marker !== null && knownCluster(reader, scope, page.marker) === null)
    throw noCluster(page.marker);
  const rows = await pageThen(parts, caller, { reader, scope, page, atMs });
  const isDetail = rule === 'detail';
  const { next, ...listing } = toListing({
    member: shape.collection,
    items: rows.map((row) =>
      isDetail ? shape.toDetail(row, caller) : shape.toSummary(summaryOf(row), caller),
    ),
    rows,
    page,
    url: caller.links.url(shape.collection, ...(isDetail ? ['detail'] : [])),
    markerOf: ({ spec }) => spec.uuid,
  });
  return typeof next === 'string'
    ? { ...listing, next: `${next}&at=${encodeURIComponent(at)}` }
    : listing;
};
