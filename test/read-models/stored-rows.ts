import type { AnyView, View } from '@jeroboam/eventing/projector';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import type { ClusterRow } from '@jeroboam/read-models/clusters';
import { created, template } from '@jeroboam/domain/cluster/cluster.examples';
import { cluster } from '@jeroboam/domain/cluster/decider';
import { isPresent } from '@jeroboam/domain/cluster/state';
import type { TemplateSnapshot } from '@jeroboam/domain/cluster-template/events';
import { fold } from '@jeroboam/eventing/decider';
import { SqliteRowStore } from '@jeroboam/platform/sqlite/sqlite-row-store';

/** A database in memory with the tables of these views. */
export const openRows = (...views: readonly AnyView[]): SqliteRowStore => {
  const rows = SqliteRowStore.open(':memory:');
  rows.prepare(views);
  return rows;
};

/** Stores rows by key, in this order. */
export const put = <Row>(
  rows: SqliteRowStore,
  view: View<Row>,
  stored: Readonly<Record<string, Row>>,
): void => {
  const changes = Object.entries(stored).map(([key, row]) => ({
    view: view.name,
    key,
    row,
    columns: view.index(row),
  }));
  rows.commit(changes, [view.name], 1n);
};

const settled = fold(cluster, created);

/** A settled cluster of one master and one worker. */
export const clusterRow = (
  changes: Partial<Omit<ClusterRow, 'spec'>> & { readonly spec?: Partial<ClusterRow['spec']> } = {},
): ClusterRow => {
  if (!isPresent(settled)) throw new Error('the example is not settled');
  return { ...settled, ...changes, spec: { ...settled.spec, ...changes.spec } };
};

export const templateRow = (
  changes: Partial<Omit<ClusterTemplateRow, 'template'>> & Partial<TemplateSnapshot> = {},
): ClusterTemplateRow => {
  const { projectId, userId, createdAt, updatedAt, ...fields } = changes;
  return {
    template: { ...template, ...fields },
    projectId: projectId === undefined ? 'p1' : projectId,
    userId: userId === undefined ? 'u1' : userId,
    createdAt: createdAt ?? 'noon',
    updatedAt: updatedAt ?? null,
  };
};
