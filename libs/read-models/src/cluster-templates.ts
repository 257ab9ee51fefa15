import { categoryOf } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader, type Scalar } from '@jeroboam/eventing/row-store';
import type {
  ClusterTemplateEvent,
  TemplateSnapshot,
} from '@jeroboam/domain/cluster-template/events';
import type { Scope } from './clusters.js';
import { page, parsed, type PageQuery, type SortKeys } from './page.js';

/** A template that exists. */
export interface ClusterTemplateRow {
  readonly template: TemplateSnapshot;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/** All cluster templates of all projects, by uuid. */
export const clusterTemplates: View<ClusterTemplateRow> = {
  name: 'cluster-templates.v1',
  categories: ['clusterTemplate'],
  columns: {
    project_id: 'TEXT',
    user_id: 'TEXT',
    name: 'TEXT',
    is_public: 'INTEGER',
    is_hidden: 'INTEGER',
  },
  keys: ({ stream }) =>
    categoryOf(stream) === 'clusterTemplate' ? [stream.slice('clusterTemplate-'.length)] : [],
  evolve(row, recorded) {
    const event = recorded as Message as ClusterTemplateEvent;
    switch (event.type) {
      case 'TemplateCreated': {
        const { template, projectId, userId, at } = event.data;
        return row ?? { template, projectId, userId, createdAt: at, updatedAt: null };
      }
      case 'TemplateChanged':
        return (
          row && {
            ...row,
            template: { ...row.template, ...event.data.changes },
            updatedAt: event.data.at,
          }
        );
      case 'TemplateDeleted':
        return null;
      default:
        return row;
    }
  },
  index: ({ template, projectId, userId }) => ({
    project_id: projectId,
    user_id: userId,
    name: template.name,
    is_public: Number(template.public),
    is_hidden: Number(template.hidden),
  }),
};

const TABLE = tableOf(clusterTemplates.name);

const ofTemplate = (field: keyof TemplateSnapshot): string =>
  `json_extract(body, '$.template.${field}')`;

/** Sort keys of the API, with the SQL that gives their value. */
export const TEMPLATE_SORT_KEYS: SortKeys = {
  id: 'seq',
  uuid: 'key',
  project_id: 'project_id',
  user_id: 'user_id',
  name: 'name',
  coe: ofTemplate('coe'),
  image_id: ofTemplate('imageId'),
  flavor_id: ofTemplate('flavorId'),
  master_flavor_id: ofTemplate('masterFlavorId'),
  dns_nameserver: ofTemplate('dnsNameserver'),
  keypair_id: ofTemplate('keypairId'),
  external_network_id: ofTemplate('externalNetworkId'),
  fixed_network: ofTemplate('fixedNetwork'),
  fixed_subnet: ofTemplate('fixedSubnet'),
  network_driver: ofTemplate('networkDriver'),
  volume_driver: ofTemplate('volumeDriver'),
  apiserver_port: ofTemplate('apiserverPort'),
  docker_volume_size: ofTemplate('dockerVolumeSize'),
  docker_storage_driver: ofTemplate('dockerStorageDriver'),
  cluster_distro: ofTemplate('clusterDistro'),
  http_proxy: ofTemplate('httpProxy'),
  https_proxy: ofTemplate('httpsProxy'),
  no_proxy: ofTemplate('noProxy'),
  registry_enabled: ofTemplate('registryEnabled'),
  labels: ofTemplate('labels'),
  insecure_registry: ofTemplate('insecureRegistry'),
  tls_disabled: ofTemplate('tlsDisabled'),
  public: 'is_public',
  hidden: 'is_hidden',
  server_type: ofTemplate('serverType'),
  master_lb_enabled: ofTemplate('masterLbEnabled'),
  floating_ip_enabled: ofTemplate('floatingIpEnabled'),
  tags: ofTemplate('tags'),
  driver: ofTemplate('driver'),
  created_at: `json_extract(body, '$.createdAt')`,
  updated_at: `json_extract(body, '$.updatedAt')`,
};

type Condition = readonly [string, Scalar];

/** Own ones (hidden too) and public ones that are not hidden; with an empty scope, all. */
const visible = ({ projectId, userId }: Scope): readonly Condition[] => {
  const open = 'OR (is_public = 1 AND is_hidden = 0)';
  if (projectId !== undefined) return [[`(project_id = ? ${open})`, projectId]];
  return userId === undefined ? [] : [[`(user_id = ? ${open})`, userId]];
};

/** One page of the templates visible in the scope. */
export const listTemplates = (
  reader: RowReader,
  scope: Scope,
  query: PageQuery,
): readonly ClusterTemplateRow[] =>
  page(
    reader,
    { table: TABLE, select: 'body', where: visible(scope), sortKeys: TEMPLATE_SORT_KEYS },
    query,
  ).map(({ body }) => parsed(body) as ClusterTemplateRow);

export const templateByUuid = (
  reader: RowReader,
  scope: Scope,
  uuid: string,
): ClusterTemplateRow | null => find(reader, [['key = ?', uuid], ...visible(scope)])[0] ?? null;

/** The template of that number, which grows with the order of creation and is never given twice. */
export const templateByNumber = (
  reader: RowReader,
  scope: Scope,
  number: number,
): ClusterTemplateRow | null => find(reader, [['seq = ?', number], ...visible(scope)])[0] ?? null;

/** Templates of that name: more than one makes the name ambiguous. At most two are given. */
export const templatesByName = (
  reader: RowReader,
  scope: Scope,
  name: string,
): readonly ClusterTemplateRow[] => find(reader, [['name = ?', name], ...visible(scope)]);

const find = (reader: RowReader, conditions: readonly Condition[]): readonly ClusterTemplateRow[] =>
  reader
    .all(
      `SELECT body FROM ${TABLE} WHERE ${conditions.map(([sql]) => sql).join(' AND ')} ORDER BY seq LIMIT 2`,
      conditions.map(([, value]) => value),
    )
    .map(({ body }) => parsed(body) as ClusterTemplateRow);
