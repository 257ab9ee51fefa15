import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { StoreUnavailable, type Ahead, type EventStore } from '@jeroboam/eventing/event-store';
import { categoriesOf, project, type AnyView } from '@jeroboam/eventing/projector';
import type { RowStore } from '@jeroboam/eventing/row-store';
import type { HealthCheck, HealthResult } from '../health/health.js';
import type { Log } from '../logging/log.js';
import type { Metrics } from '../metrics/metrics.js';
import { Commits, type CommitListener } from './commits.js';
import { ObservedEventStore } from './observed-event-store.js';

export interface ReadModelOptions {
  /** In logs, metrics and health. */
  readonly name: string;
  readonly store: EventStore;
  /** Emptied with `reset` when the log turns out to be another one. */
  readonly rows: RowStore & { reset?(): void };
  readonly views: readonly AnyView[];
  readonly log: Log;
  readonly metrics: Metrics;
  /**
   * Pause after each commit once live, in ms, so that under load many events make one commit. For who
   * needs what is new in a moment, not at once; none by default.
   */
  readonly gatherMs?: number;
  /** Faults in a row, without a commit between them, until it gives up. */
  readonly maxFaults?: number;
  /** Pause after the first fault, in ms; doubles with each, up to 10 s. */
  readonly retryDelayMs?: number;
}

type State = 'catching-up' | 'live' | 'retrying' | 'broken' | 'closed';

const MAX_FAULTS = 8;
const RETRY_DELAY_MS = 200;
const MAX_RETRY_DELAY_MS = 10_000;

/**
 * Keeps the views of a process filled from the log. As a Nest provider it is caught up before the
 * application listens, and stops at shutdown. A store that is away is awaited for ever; any other
 * fault is retried a few times, then the model is broken and says so in its health.
 */
export class ReadModel implements HealthCheck, OnModuleInit, OnApplicationShutdown {
  readonly name: string;
  private readonly abort = new AbortController();
  private readonly commits = new Commits();
  private readonly source: ObservedEventStore;
  private running: Promise<void> | null = null;
  private state: State = 'catching-up';
  private faults = 0;
  private lastFault: unknown = null;

  constructor(private readonly options: ReadModelOptions) {
    this.name = `read model ${options.name}`;
    this.source = new ObservedEventStore(options.store, options.gatherMs ?? 0);
    this.show(this.state);
  }

  /** Position all views have passed, `null` before the first commit of this process. */
  get position(): bigint | null {
    return this.commits.position;
  }

  /** Rows show all of the log, give or take what is under way. */
  get live(): boolean {
    return this.state === 'live';
  }

  /** Begins to fill the views. Resolves when they have reached the end of the log; rejects when they cannot. */
  start(): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const stop = this.commits.subscribe((_, live) => {
        if (!live) return;
        stop();
        resolve();
      });
      this.running = this.run().then(() => {
        if (this.state === 'broken') reject(this.failure());
        else resolve();
      });
    });
  }

  /**
   * Waits until the rows show what was appended at the position. False when they do not within the
   * time, in ms.
   */
  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    return this.commits.reach(position, timeoutMs);
  }

  /** How far the log goes for the views, seen from a position or from where they are, if that is further. */
  lookAhead(from: bigint): Promise<Ahead> {
    const { store, views } = this.options;
    return store.lookAhead(max(from, this.position ?? -1n), categoriesOf(views));
  }

  /** Told after each commit. Returns how to be told no more. */
  onCommit(listener: CommitListener): () => void {
    return this.commits.subscribe(listener);
  }

  check(): HealthResult {
    const fault = this.lastFault === null ? '' : `: ${messageOf(this.lastFault)}`;
    return { healthy: this.state === 'live', detail: `${this.state}${fault}` };
  }

  async close(): Promise<void> {
    if (this.state !== 'closed') this.show('closed');
    this.abort.abort();
    this.commits.close();
    await this.running;
  }

  onModuleInit(): Promise<void> {
    return this.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  private async run(): Promise<void> {
    const { rows, views } = this.options;
    const { signal } = this.abort;
    let checked = false;
    while (!signal.aborted) {
      try {
        if (!checked) await this.dropRowsOfAnotherLog();
        checked = true;
        await project({ store: this.source, rows, signal }, views, this.committed);
        if (!isAborted(signal)) throw new StoreUnavailable('the subscription ended');
      } catch (error) {
        if (!(await this.survives(error))) return;
      }
    }
  }

  private readonly committed: CommitListener = (position, live, changes) => {
    this.faults = 0;
    this.lastFault = null;
    const { metrics, name } = this.options;
    metrics.projectionPosition.set({ model: name }, Number(position));
    const recordedAt = this.source.takeRecordedAt();
    if (live && recordedAt !== null) {
      metrics.projectionLag.observe({ model: name }, Math.max(0, Date.now() - recordedAt) / 1000);
    }
    const next = live || this.state === 'live' ? 'live' : 'catching-up';
    if (next !== this.state && !this.abort.signal.aborted) this.show(next);
    this.commits.add(position, live, changes);
  };

  /** Whether to go on after a fault. */
  private async survives(error: unknown): Promise<boolean> {
    if (isAborted(this.abort.signal)) return false;
    this.lastFault = error;
    this.faults += 1;
    const { log, name, maxFaults = MAX_FAULTS, retryDelayMs = RETRY_DELAY_MS } = this.options;
    if (this.faults >= maxFaults && !(error instanceof StoreUnavailable)) {
      this.show('broken');
      log.error('read model gives up', { model: name, err: error });
      return false;
    }
    this.show('retrying');
    log.warn('read model failed and is tried again', { model: name, err: error });
    const delay = Math.min(retryDelayMs * 2 ** (this.faults - 1), MAX_RETRY_DELAY_MS);
    await sleep(delay, null, { signal: this.abort.signal }).catch(() => undefined);
    return true;
  }

  /** Checkpoints beyond the end of the log belong to a log that is gone. */
  private async dropRowsOfAnotherLog(): Promise<void> {
    const { store, rows, views, log, name } = this.options;
    rows.prepare(views);
    const furthest = views.reduce(
      (most, view) => max(most, rows.checkpoint(view.name) ?? -1n),
      -1n,
    );
    if (furthest < 0n || rows.reset === undefined) return;
    const head = await store.head();
    if (furthest <= (head ?? -1n)) return;
    log.warn('the log ends before the read model: filled anew', {
      model: name,
      checkpoint: String(furthest),
      head: String(head),
    });
    rows.reset();
  }

  private show(state: State): void {
    this.state = state;
    this.options.metrics.projectionLive.set({ model: this.options.name }, state === 'live' ? 1 : 0);
  }

  private failure(): Error {
    return new Error(`${this.name} cannot be filled: ${messageOf(this.lastFault)}`, {
      cause: this.lastFault,
    });
  }
}

// A call, as the compiler takes a property to be what it was before the wait.
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
