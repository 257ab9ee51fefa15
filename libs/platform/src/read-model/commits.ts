import type { RowChange } from '@jeroboam/eventing/row-store';

/** Told after each commit how far the rows are, whether they follow the log live, and what has changed. */
export type CommitListener = (
  position: bigint,
  live: boolean,
  changes: readonly RowChange[],
) => void;

interface Waiter {
  readonly position: bigint;
  settle(reached: boolean): void;
}

/** How far a read model is, and who waits for it to get further. */
export class Commits {
  private readonly listeners = new Set<CommitListener>();
  private readonly waiters = new Set<Waiter>();
  private reached: bigint | null = null;

  get position(): bigint | null {
    return this.reached;
  }

  add(position: bigint, live: boolean, changes: readonly RowChange[]): void {
    this.reached = position;
    for (const waiter of [...this.waiters]) {
      if (waiter.position <= position) waiter.settle(true);
    }
    for (const listener of [...this.listeners]) listener(position, live, changes);
  }

  subscribe(listener: CommitListener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** True once the position is reached, false when it is not within the time, in ms. */
  reach(position: bigint, timeoutMs: number): Promise<boolean> {
    if (this.reached !== null && position <= this.reached) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        settle: (reached) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(reached);
        },
      };
      const timer = setTimeout(() => {
        waiter.settle(false);
      }, timeoutMs);
      this.waiters.add(waiter);
    });
  }

  /** Lets nobody wait any longer. */
  close(): void {
    for (const waiter of [...this.waiters]) waiter.settle(false);
    this.listeners.clear();
  }
}
