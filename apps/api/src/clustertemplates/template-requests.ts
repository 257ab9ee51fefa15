import {
  listTemplates,
  TEMPLATE_SORT_KEYS,
  type ClusterTemplateRow,
} from '@jeroboam/read-models/cluster-templates';
import { countClustersOfTemplate, type Scope } from '@jeroboam/read-models/clusters';
import { newId } from '@jeroboam/platform/ids/ids';
import type { RequestContext } from '../http/auth/request-context.js';
import { toListing, toPage, type PageQuery } from '../http/listing/page.js';
import { findTemplate, templateTarget } from '../reads/find-template.js';
import { scopeOf } from '../reads/scope.js';
import type { ResourceParts } from '../resource-parts.js';
import { forTemplate } from '../revisions/conditions.js';
import { metadataOf } from '../writing/metadata.js';
import { toResponse, type TemplateShape } from './clustertemplates.dto.js';

const sortKeys = new Set(Object.keys(TEMPLATE_SORT_KEYS));

type Reading = Pick<ResourceParts, 'policy' | 'reads' | 'settings'>;

/** The template, for whom may see it. An admin sees all, if the rule lets. */
export const templateFor = (
  { policy, reads }: Reading,
  caller: RequestContext,
  { ident, rule }: { readonly ident: string; readonly rule: string },
): ClusterTemplateRow => {
  const scope = scopeOf(policy, caller, `clustertemplate:${rule}_all_projects`);
  return findTemplate(reads.rows, scope, ident);
};

/** `GET …/{id}`. Nobody needs leave to look at a public one. */
export const showTemplate = (
  parts: Reading,
  caller: RequestContext,
  ident: string,
): ClusterTemplateRow => {
  const row = templateFor(parts, caller, { ident, rule: 'get_one' });
  if (!row.template.public)
    parts.policy.enforce(caller, 'clustertemplate:get', templateTarget(row));
  return row;
};

const pageOf = (
  { reads, settings }: Reading,
  scope: Scope,
  query: PageQuery,
): { page: ReturnType<typeof toPage>; rows: readonly ClusterTemplateRow[] } => {
  const page = toPage<string>(query, { sortKeys, maxLimit: settings.maxLimit });
  const reader = reads.rows;
  if (page.marker !== null) findTemplate(reader, scope, page.marker);
  return { page, rows: listTemplates(reader, scope, { ...page, markerKey: page.marker }) };
};

export interface TemplateListing {
  readonly query: PageQuery;
  readonly shape: TemplateShape;
  /** `get_all` for the collection, `detail` for its details, which are the same. */
  readonly rule: 'get_all' | 'detail';
}

/** `GET …` and `GET …/detail` */
export const listingOfTemplates = (
  parts: Reading,
  caller: RequestContext,
  { query, shape, rule }: TemplateListing,
): object => {
  parts.policy.enforce(caller, `clustertemplate:${rule}`);
  const scope = scopeOf(parts.policy, caller, `clustertemplate:${rule}_all_projects`);
  const { page, rows } = pageOf(parts, scope, query);
  const path = rule === 'detail' ? [shape.collection, 'detail'] : [shape.collection];
  return toListing({
    member: shape.collection,
    items: rows.map((row) => toResponse(row, caller, shape)),
    rows,
    page,
    url: caller.links.url(...path),
    markerOf: ({ template }) => template.uuid,
  });
};

/** `DELETE …/{id}` */
export const removeTemplate = async (
  parts: ResourceParts,
  caller: RequestContext,
  ident: string,
): Promise<void> => {
  const row = templateFor(parts, caller, { ident, rule: 'delete' });
  parts.policy.enforce(caller, 'clustertemplate:delete', templateTarget(row));
  const { aggregates, clock, reads } = await forTemplate(parts, caller, row);
  const { uuid } = row.template;
  const clusterCount = countClustersOfTemplate(reads.rows, uuid);
  const data = { clusterCount, at: clock.now() };
  const metadata = metadataOf(caller, newId());
  await aggregates.clusterTemplate(uuid, { type: 'DeleteTemplate', data }, metadata);
};
