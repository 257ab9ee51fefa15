import { categoryOf } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader, type Scalar } from '@jeroboam/eventing/row-store';
import type { ProjectEvent, QuotaResource } from '@jeroboam/domain/project/events';
import type { Numbered } from './clusters.js';
import { page, parsed, type PageQuery, type SortKeys } from './page.js';

/** A quota an administrator has set. */
export interface QuotaRow {
  readonly projectId: string;
  readonly resource: QuotaResource;
  readonly hardLimit: number;
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

const projectOf = (stream: string): string => stream.slice('project-'.length);

/** Key of a quota's row. */
export const quotaKey = (projectId: string, resource: string): string => `${projectId}/${resource}`;

/** Quotas that differ from the default, by project and resource. */
export const quotas: View<QuotaRow> = {
  name: 'quotas.v1',
  categories: ['project'],
  columns: { project_id: 'TEXT', hard_limit: 'INTEGER' },
  keys(recorded) {
    const event = recorded as Message as ProjectEvent;
    if (categoryOf(recorded.stream) !== 'project') return [];
    const isOfQuota = event.type === 'QuotaSet' || event.type === 'QuotaRemoved';
    return isOfQuota ? [quotaKey(projectOf(recorded.stream), event.data.resource)] : [];
  },
  evolve(row, recorded) {
    const event = recorded as Message as ProjectEvent;
    if (event.type === 'QuotaRemoved') return null;
    if (event.type !== 'QuotaSet') return row;
    const { resource, hardLimit, at } = event.data;
    if (!row || row.createdAt === at) {
      return {
        projectId: projectOf(recorded.stream),
        resource,
        hardLimit,
        createdAt: at,
        updatedAt: null,
      };
    }
    return { ...row, hardLimit, updatedAt: at };
  },
  index: ({ projectId, hardLimit }) => ({ project_id: projectId, hard_limit: hardLimit }),
};

const TABLE = tableOf(quotas.name);

/** Sort keys of the API, with the SQL that gives their value. */
export const QUOTA_SORT_KEYS: SortKeys = {
  id: 'seq',
  project_id: 'project_id',
  resource: `json_extract(body, '$.resource')`,
  hard_limit: 'hard_limit',
  created_at: `json_extract(body, '$.createdAt')`,
  updated_at: `json_extract(body, '$.updatedAt')`,
};

/** One page of quotas, of one project or of all. */
export const listQuotas = (
  reader: RowReader,
  projectId: string | null,
  query: PageQuery,
): readonly Numbered<QuotaRow>[] => {
  const where: readonly (readonly [string, Scalar])[] =
    projectId === null ? [] : [['project_id = ?', projectId]];
  return page(
    reader,
    { table: TABLE, select: 'seq, body', where, sortKeys: QUOTA_SORT_KEYS },
    query,
  ).map(numbered);
};

export const quotaOf = (
  reader: RowReader,
  projectId: string,
  resource: QuotaResource,
): Numbered<QuotaRow> | null => {
  const [row] = reader.all(`SELECT seq, body FROM ${TABLE} WHERE key = ?`, [
    quotaKey(projectId, resource),
  ]);
  return row ? numbered(row) : null;
};

/** Key of the quota with that number, for markers; `null` when there is none. */
export const quotaKeyOf = (reader: RowReader, seq: number): string | null => {
  const [row] = reader.all(`SELECT key FROM ${TABLE} WHERE seq = ?`, [seq]);
  return row ? String(row['key']) : null;
};

const numbered = (row: Readonly<Record<string, Scalar>>): Numbered<QuotaRow> => ({
  seq: Number(row['seq']),
  row: parsed(row['body']) as QuotaRow,
});
