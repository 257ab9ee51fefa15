import type { EventLog } from './event-log.js';
import type { StoredEvent } from './stored-event.js';

/** A write is not possible. Nothing of it was stored; writes beside it are not affected. */
export abstract class WriteRefused extends Error {}

/** What one write did. */
export interface Written<Result> {
  readonly result: Result;
  readonly events: readonly StoredEvent[];
}

/** Events that have just become durable, in order, and the position they follow. */
export interface Committed {
  readonly after: number;
  readonly events: readonly StoredEvent[];
}

interface Job {
  /** Writes and remembers its result, or remembers why it was refused. */
  run(): readonly StoredEvent[];
  settle(): void;
  fail(error: unknown): void;
}

/**
 * All writes that arrive in one turn of the event loop share one transaction, hence one wait for
 * the disk. A write is acknowledged after that wait.
 */
export class GroupCommit {
  readonly #log: EventLog;
  readonly #listeners = new Set<(committed: Committed) => void>();
  readonly #observe: (writes: number, seconds: number) => void;
  #jobs: Job[] = [];

  /** `observe` is told of each transaction: how many writes it held and how long it took. */
  constructor(log: EventLog, observe: (writes: number, seconds: number) => void) {
    this.#log = log;
    this.#observe = observe;
  }

  /** Position of the last durable event. */
  get head(): number {
    return this.#log.head;
  }

  /** Resolves when durable. Rejects with {@link WriteRefused}, or with the disk's error. */
  submit<Result>(write: () => Written<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let settle = () => {
        reject(new Error('the write did not run'));
      };
      this.#enqueue({
        run: () => {
          try {
            const { result, events } = write();
            settle = () => {
              resolve(result);
            };
            return events;
          } catch (error) {
            if (!(error instanceof WriteRefused)) throw error;
            settle = () => {
              reject(error);
            };
            return [];
          }
        },
        settle: () => {
          settle();
        },
        fail: reject,
      });
    });
  }

  /** Calls the listener after each commit, before writers hear of it. Returns how to stop it. */
  onCommit(listener: (committed: Committed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Commits what is waiting. */
  flush(): void {
    const jobs = this.#jobs;
    this.#jobs = [];
    if (jobs.length === 0) return;
    const after = this.#log.head;
    const started = performance.now();
    let events: StoredEvent[] = [];
    try {
      this.#log.transaction(() => {
        events = jobs.flatMap((job) => job.run());
      });
    } catch (error) {
      for (const job of jobs) job.fail(error);
      return;
    }
    this.#observe(jobs.length, (performance.now() - started) / 1000);
    for (const job of jobs) job.settle();
    if (events.length > 0) for (const tell of [...this.#listeners]) tell({ after, events });
  }

  #enqueue(job: Job): void {
    this.#jobs.push(job);
    if (this.#jobs.length > 1) return;
    setImmediate(() => {
      this.flush();
    });
  }
}
