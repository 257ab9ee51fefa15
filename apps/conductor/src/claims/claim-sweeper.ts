import type { Handler } from '@jeroboam/eventing/handle';
import type { RowReader } from '@jeroboam/eventing/row-store';
import type { ProjectCommand, ProjectState } from '@jeroboam/domain/project/decider';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import { claimsWithoutCluster } from '@jeroboam/read-models/claims';
import type { Clock } from '@jeroboam/platform/ids/clock';
import { serviceMetadata } from '../service-metadata.js';

/** A request that has claimed its place has this long to ask for the cluster. */
const GRACE_MS = 60_000;

/** Gives back places under quotas that no cluster holds any more. */
export class ClaimSweeper {
  constructor(
    private readonly rows: RowReader,
    private readonly send: Handler<ProjectState, ProjectCommand, ProjectEvent>,
    private readonly clock: Clock,
  ) {}

  /** The cluster is gone: its place is free at once. */
  async release(projectId: string, clusterId: string): Promise<void> {
    const command = { type: 'ReleaseClaim', data: { clusterId, at: this.clock.now() } } as const;
    await this.send(projectId, command, serviceMetadata(clusterId, `release/${clusterId}`));
  }

  /** Claims that a crash has left behind. `mine`: whether this process sees to a project. */
  async sweep(mine: (projectId: string) => boolean): Promise<void> {
    const before = new Date(Date.parse(this.clock.now()) - GRACE_MS).toISOString();
    for (const { projectId, clusterId } of claimsWithoutCluster(this.rows, before)) {
      if (mine(projectId)) await this.release(projectId, clusterId);
    }
  }
}
