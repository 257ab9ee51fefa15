import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { RowReader } from '@jeroboam/eventing/row-store';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import { clustersInStatus } from '@jeroboam/read-models/clusters';
import type { Log } from '@jeroboam/platform/logging/log';
import type { ClaimSweeper } from '../claims/claim-sweeper.js';
import type { Ownership } from '../ownership.js';
import type { Reconciler } from './reconciler.js';
import type { StackObserver } from './stack.observer.js';

const IN_PROGRESS = ['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'];
const SWEEP_EVERY_MS = 15_000;

/** Where changes of the log are heard of. */
export interface Commits {
  onCommit(listener: () => void): () => void;
}

export interface LifecycleParts {
  readonly rows: RowReader;
  readonly commits: Commits;
  readonly reconciler: Reconciler;
  readonly observer: StackObserver;
  readonly sweeper: ClaimSweeper;
  readonly ownership: Ownership;
  readonly log: Log;
  readonly pollIntervalMs: number;
}

/**
 * Keeps all clusters moving that have an operation in hand and fall to this conductor: whenever the
 * log grows or a member comes or goes, and after each look at Heat.
 */
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unsubscribe: (() => void)[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private polling = false;
  private scheduled = false;
  private stopped = false;

  constructor(private readonly parts: LifecycleParts) {}

  onApplicationBootstrap(): void {
    const { commits, ownership, pollIntervalMs } = this.parts;
    const wake = () => {
      this.schedule();
    };
    this.unsubscribe.push(commits.onCommit(wake), ownership.onChange(wake));
    this.timers.push(
      setInterval(() => void this.poll(), pollIntervalMs),
      setInterval(() => void this.sweep(), SWEEP_EVERY_MS),
    );
    this.schedule();
  }

  /** Takes nothing new, and lets the steps under way end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const stop of this.unsubscribe) stop();
    await Promise.all(this.underWay);
  }

  /** Many commits at once lead to one pass. */
  private schedule(): void {
    if (this.scheduled || this.stopped) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.pass(this.mine());
    });
  }

  private pass(clusters: readonly PresentCluster[]): void {
    if (this.stopped) return;
    for (const cluster of clusters) {
      const work = this.parts.reconciler.reconcile(cluster).finally(() => {
        this.underWay.delete(work);
      });
      this.underWay.add(work);
    }
  }

  private async poll(): Promise<void> {
    const clusters = this.mine();
    if (this.polling || this.stopped || clusters.length === 0) return;
    this.polling = true;
    try {
      this.parts.reconciler.saw(await this.parts.observer.look(clusters));
    } catch (error) {
      this.parts.log.warn('Heat could not be looked at', { err: error });
    } finally {
      this.polling = false;
    }
    // Also without a look: deadlines pass whether Heat answers or not.
    this.pass(this.mine());
  }

  private async sweep(): Promise<void> {
    const { sweeper, ownership, log } = this.parts;
    try {
      await sweeper.sweep((projectId) => ownership.has(projectId));
    } catch (error) {
      log.warn('claims could not be swept', { err: error });
    }
  }

  private mine(): readonly PresentCluster[] {
    const { rows, ownership } = this.parts;
    return clustersInStatus(rows, IN_PROGRESS)
      .map(({ row }) => row)
      .filter(({ spec }) => ownership.has(spec.uuid));
  }
}
