import type { EventStore } from '@jeroboam/eventing/event-store';
import { handle, type Handler } from '@jeroboam/eventing/handle';
import type { RowReader } from '@jeroboam/eventing/row-store';
import { project, type ProjectCommand, type ProjectState } from '@jeroboam/domain/project/decider';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import { claimsWithoutCluster } from '@jeroboam/read-models/claims';
import type { Clock } from '@jeroboam/platform/ids/clock';
import { serviceMetadata } from '../service-metadata.js';

/** A request that has claimed its place has this long to ask for the cluster. */
const GRACE_MS = 60_000;

/** Gives back places under quotas that no cluster holds any more. */
export class ClaimSweeper {
  private readonly send: Handler<ProjectState, ProjectCommand, ProjectEvent>;

  constructor(
    private readonly rows: RowReader,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {
    this.send = handle(store, 'project', project);
  }

  /** The cluster is gone: its place is free at once. */
  release(projectId: string, clusterId: string): Promise<void> {
    return this.give(projectId, clusterId, 'deleted');
  }

  /** Claims that a crash has left behind. `mine`: whether this process sees to a project. */
  async sweep(mine: (projectId: string) => boolean): Promise<void> {
    const before = new Date(Date.parse(this.clock.now()) - GRACE_MS).toISOString();
    for (const { projectId, clusterId, at } of claimsWithoutCluster(this.rows, before)) {
      if (!mine(projectId) || (await this.isThere(clusterId))) continue;
      await this.give(projectId, clusterId, at);
    }
  }

  /** One claim is released once; the same cluster may have claimed again after it. */
  private async give(projectId: string, clusterId: string, which: string): Promise<void> {
    const command = { type: 'ReleaseClaim', data: { clusterId, at: this.clock.now() } } as const;
    const metadata = serviceMetadata(clusterId, `release/${clusterId}/${which}`);
    await this.send(projectId, command, metadata);
  }

  /** By the log: the rows may lag behind it. */
  private async isThere(clusterId: string): Promise<boolean> {
    const events = await this.store.read(`cluster-${clusterId}`);
    return events.length > 0 && events.every(({ type }) => type !== 'ClusterDeleted');
  }
}
