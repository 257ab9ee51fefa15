import type { RowChange, RowReader } from '@jeroboam/eventing/row-store';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { clusters, clustersInStatus, type ClusterRow } from '@jeroboam/read-models/clusters';

const STATUSES = ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'];

/**
 * Clusters with an operation in hand. Read from the rows once, then kept up with what each commit changes:
 * to read thousands again whenever one of them moves would leave no time to move the others.
 */
export class InProgress {
  private readonly byId = new Map<string, PresentCluster>();

  /** Begins anew from the rows. */
  fill(rows: RowReader): void {
    this.byId.clear();
    for (const { row } of clustersInStatus(rows, STATUSES)) this.byId.set(row.spec.uuid, row);
  }

  all(): readonly PresentCluster[] {
    return [...this.byId.values()];
  }

  /** The cluster as it is now; `undefined` when nothing is in hand. */
  get(clusterId: string): PresentCluster | undefined {
    return this.byId.get(clusterId);
  }

  /** @returns ids of the clusters that have changed, among them those where nothing is in hand any more */
  follow(changes: readonly RowChange[]): readonly string[] {
    const changed = changes.filter(({ view }) => view === clusters.name);
    for (const { key, row } of changed) {
      // What the view's own `evolve` has made.
      const cluster = row as ClusterRow | null;
      if (cluster !== null && STATUSES.includes(cluster.status)) this.byId.set(key, cluster);
      else this.byId.delete(key);
    }
    return changed.map(({ key }) => key);
  }
}
