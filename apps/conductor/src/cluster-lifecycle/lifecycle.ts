import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { RowChange, RowReader } from '@jeroboam/eventing/row-store';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Log } from '@jeroboam/platform/logging/log';
import type { ClaimSweeper } from '../claims/claim-sweeper.js';
import { stackIdsOf } from '../cloud/stack-ids.js';
import type { StackObserver } from '../cloud/stack.observer.js';
import type { Ownership } from '../ownership.js';
import type { Pause } from '../pause.js';
import { InProgress } from './in-progress.js';
import type { Reconciler } from './reconciler.js';

const SWEEP_EVERY_MS = 15_000;
/** Steps under way may end; what does not end so soon is gone on with by another. */
const STOP_MS = 8000;

/** Where changes of the log are heard of. */
export interface Commits {
  onCommit(
    listener: (position: bigint, live: boolean, changes: readonly RowChange[]) => void,
  ): () => void;
}

export interface LifecycleParts {
  readonly rows: RowReader;
  readonly commits: Commits;
  readonly reconciler: Reconciler;
  readonly observer: Pick<StackObserver, 'look'>;
  readonly sweeper: ClaimSweeper;
  readonly ownership: Pick<Ownership, 'has' | 'onChange'>;
  readonly log: Log;
  readonly pollIntervalMs: number;
  readonly pause: Pause;
}

/**
 * Keeps all clusters moving that have an operation in hand and fall to this conductor: each when the log
 * tells of it, all when a member comes or goes and after each look at Heat.
 */
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unsubscribe: (() => void)[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly inProgress = new InProgress();
  /** Clusters the log has told of since the last pass. */
  private readonly news = new Set<string>();
  private looking = false;
  private sweeping = false;
  private scheduled = false;
  private stopped = false;

  constructor(private readonly parts: LifecycleParts) {}

  onApplicationBootstrap(): void {
    this.listen();
    this.timers.push(
      setInterval(() => void this.poll(), this.parts.pollIntervalMs),
      setInterval(() => void this.sweep(), SWEEP_EVERY_MS),
    );
  }

  /** Acts on changes of the log and of the members, without timers of its own. */
  listen(): void {
    const { commits, ownership, rows } = this.parts;
    this.inProgress.fill(rows);
    this.unsubscribe.push(
      commits.onCommit((_position, _live, changes) => {
        for (const clusterId of this.inProgress.follow(changes)) this.news.add(clusterId);
        this.schedule();
      }),
      ownership.onChange(() => {
        this.pass();
      }),
    );
    this.pass();
  }

  /** Takes nothing new, and lets the steps under way end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const stop of this.unsubscribe) stop();
    const done = new AbortController();
    await Promise.race([Promise.all(this.underWay), this.parts.pause(STOP_MS, done.signal)]);
    done.abort();
  }

  /** Deadlines pass whether Heat answers or not: so first what is known, then what Heat shows. */
  async poll(): Promise<void> {
    const clusters = this.pass();
    if (this.looking || clusters.length === 0) return;
    this.looking = true;
    try {
      const { observer, reconciler } = this.parts;
      reconciler.saw(await observer.look(clusters.filter((each) => stackIdsOf(each).length > 0)));
      this.pass();
    } catch (error) {
      this.parts.log.warn('Heat could not be looked at', { err: error });
    } finally {
      this.looking = false;
    }
  }

  async sweep(): Promise<void> {
    const { sweeper, ownership, log } = this.parts;
    if (this.sweeping || this.stopped) return;
    this.sweeping = true;
    try {
      await sweeper.sweep((projectId) => ownership.has(projectId));
    } catch (error) {
      log.warn('claims could not be swept', { err: error });
    } finally {
      this.sweeping = false;
    }
  }

  /** Many commits at once lead to one look at what they changed. */
  private schedule(): void {
    if (this.scheduled || this.stopped || this.news.size === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.passNews();
    });
  }

  /** @returns the clusters there is something to do for */
  private pass(): readonly PresentCluster[] {
    if (this.stopped) return [];
    this.news.clear();
    const clusters = this.mine(this.inProgress.all());
    this.parts.reconciler.keepOnly(clusters);
    for (const cluster of clusters) this.move(cluster);
    return clusters;
  }

  private passNews(): void {
    if (this.stopped) return;
    const told = [...this.news].map((clusterId) => this.inProgress.get(clusterId));
    this.news.clear();
    const clusters = told.filter((cluster) => cluster !== undefined);
    // Something has ended: what is remembered of it must not meet what begins next.
    if (clusters.length < told.length)
      this.parts.reconciler.keepOnly(this.mine(this.inProgress.all()));
    for (const cluster of this.mine(clusters)) this.move(cluster);
  }

  private move(cluster: PresentCluster): void {
    const work = this.parts.reconciler.reconcile(cluster).finally(() => {
      this.underWay.delete(work);
    });
    this.underWay.add(work);
  }

  private mine(clusters: readonly PresentCluster[]): readonly PresentCluster[] {
    return clusters.filter(({ spec }) => this.parts.ownership.has(spec.uuid));
  }
}
