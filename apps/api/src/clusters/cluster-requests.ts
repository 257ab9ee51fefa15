import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { RowReader } from '@jeroboam/eventing/row-store';
import {
  CLUSTER_SORT_KEYS,
  listClusters,
  listClusterSummaries,
  type ClusterRow,
  type ClusterSummary,
  type Numbered,
  type Scope,
} from '@jeroboam/read-models/clusters';
import type { RequestContext } from '../http/auth/request-context.js';
import { Bool } from '../http/body/fields.js';
import { toListing, toPage, type Page, type PageQuery } from '../http/listing/page.js';
import { SINCE } from '../http/microversion/history.js';
import { clusterTarget, findCluster } from '../reads/find-cluster.js';
import { scopeOf } from '../reads/scope.js';
import type { ResourceParts } from '../resource-parts.js';

const sortKeys = new Set(Object.keys(CLUSTER_SORT_KEYS));

/** Arguments of a change. */
export class ChangeQuery {
  @Bool({ since: SINCE.rollback, description: 'Undo in the cloud what fails there.' })
  rollback?: boolean | null;
}

/** How clusters are shown in a collection: bays are the same under an older name. */
export interface ClusterShape {
  readonly collection: string;
  readonly toSummary: (row: ClusterSummary, caller: RequestContext) => object;
  readonly toDetail: (row: PresentCluster, caller: RequestContext) => object;
}

type Reading = Pick<ResourceParts, 'policy' | 'reads' | 'settings'>;

export interface Sought {
  readonly ident: string;
  /** `cluster:<rule>` must let the caller; `…_all_projects` opens other projects to an admin. */
  readonly rule: 'get' | 'update' | 'delete' | 'resize' | 'upgrade';
}

/** The cluster, for whom may do that with it. 404, 409, 403. */
export const clusterFor = (
  { policy, reads }: Pick<Reading, 'policy' | 'reads'>,
  caller: RequestContext,
  { ident, rule }: Sought,
): Numbered<ClusterRow> => {
  const all = rule === 'get' ? 'get_one' : rule;
  const scope = scopeOf(policy, caller, `cluster:${all}_all_projects`);
  const cluster = findCluster(reads.rows, scope, ident);
  policy.enforce(caller, `cluster:${rule}`, clusterTarget(cluster.row));
  return cluster;
};

export interface ClusterListing {
  readonly query: PageQuery;
  readonly shape: ClusterShape;
  /** `get_all` for summaries, `detail` for whole clusters. */
  readonly rule: 'get_all' | 'detail';
}

interface Read {
  readonly reader: RowReader;
  readonly scope: Scope;
  readonly page: Page;
}

const summaries = ({ reader, scope, page }: Read, shape: ClusterShape, caller: RequestContext) => {
  const rows = listClusterSummaries(reader, scope, { ...page, markerKey: page.marker });
  return rows.map((row) => ({ uuid: row.uuid, item: shape.toSummary(row, caller) }));
};

const details = ({ reader, scope, page }: Read, shape: ClusterShape, caller: RequestContext) => {
  const rows = listClusters(reader, scope, { ...page, markerKey: page.marker });
  return rows.map(({ row }) => ({ uuid: row.spec.uuid, item: shape.toDetail(row, caller) }));
};

/** `GET …` and `GET …/detail` */
export const listingOfClusters = (
  { policy, reads, settings }: Reading,
  caller: RequestContext,
  { query, shape, rule }: ClusterListing,
): object => {
  policy.enforce(caller, `cluster:${rule}`);
  const scope = scopeOf(policy, caller, `cluster:${rule}_all_projects`);
  const page = toPage(query, { sortKeys, maxLimit: settings.maxLimit });
  const reader = reads.rows;
  if (page.marker !== null) findCluster(reader, scope, page.marker);
  const isDetail = rule === 'detail';
  const rows = (isDetail ? details : summaries)({ reader, scope, page }, shape, caller);
  return toListing({
    member: shape.collection,
    items: rows.map(({ item }) => item),
    rows,
    page,
    url: caller.links.url(shape.collection, ...(isDetail ? ['detail'] : [])),
    markerOf: ({ uuid }) => uuid,
  });
};
