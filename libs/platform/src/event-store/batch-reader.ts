import type { AllStreamSubscription } from '@eventstore/db-client';
import type { Batch, Recorded } from '@jeroboam/eventing/event-store';
import { toRecorded } from './stored-form.js';

export const LARGEST_BATCH = 512;

/** Something a subscription said between two events. */
interface Mark {
  /** How many events came before it. */
  readonly after: number;
  readonly position?: bigint;
  readonly live?: boolean;
}

export interface BatchReaderOptions {
  /** Everything at or before it has been delivered already; -1 for nothing. */
  readonly position: bigint;
  /** The log reached this far when the subscription began: once live it has passed it. */
  readonly head: bigint;
  /** For the subscription to be confirmed. */
  readonly timeoutMs: number;
}

/**
 * Turns one subscription into batches of what is at hand. The client announces checkpoints and the
 * end of history when it receives them, ahead of events that still wait in its buffer: they are
 * put back in their place here.
 */
export class BatchReader {
  readonly #subscription: AllStreamSubscription;
  readonly #head: bigint;
  readonly #marks: Mark[] = [];
  readonly #confirmation: NodeJS.Timeout;
  #position: bigint;
  #taken = 0;
  #live = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(subscription: AllStreamSubscription, options: BatchReaderOptions) {
    this.#subscription = subscription;
    this.#position = options.position;
    this.#head = options.head;
    this.#confirmation = setTimeout(() => {
      this.#fail(new Error(`the subscription was not confirmed in ${options.timeoutMs} ms`));
    }, options.timeoutMs);
    this.#listen();
  }

  /** To be called for each checkpoint. */
  checkpoint(position: bigint): void {
    this.#mark({ position });
  }

  /** The next batch; `undefined` once the signal aborts. Rejects when the subscription is lost. */
  async next(signal: AbortSignal): Promise<Batch | undefined> {
    const stop = () => {
      this.#wake();
    };
    signal.addEventListener('abort', stop);
    try {
      while (!signal.aborted) {
        if (this.#failure) throw this.#failure;
        const batch = this.#take();
        if (batch) return batch;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      return undefined;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#confirmation);
    // What is left in the buffer has to flow away for the call to end.
    this.#subscription.removeAllListeners('readable').resume();
    await this.#subscription.unsubscribe().catch(() => {
      // It is lost already: nothing is left to end.
    });
  }

  #listen(): void {
    this.#subscription
      .on('readable', () => {
        this.#wake();
      })
      .on('confirmation', () => {
        clearTimeout(this.#confirmation);
      })
      .on('caughtUp', () => {
        this.#mark({ live: true, position: this.#head });
      })
      .on('fellBehind', () => {
        this.#mark({ live: false });
      })
      .on('error', (error: Error) => {
        this.#fail(error);
      })
      .on('close', () => {
        this.#fail(new Error('the subscription ended'));
      });
    this.#subscription.on('end', () => {
      this.#fail(new Error('the subscription ended'));
    });
  }

  #fail(error: Error): void {
    clearTimeout(this.#confirmation);
    this.#failure ??= error;
    this.#wake();
  }

  #mark(mark: Omit<Mark, 'after'>): void {
    this.#marks.push({ ...mark, after: this.#taken + this.#subscription.readableLength });
    this.#wake();
  }

  #take(): Batch | undefined {
    const events = this.#takeEvents();
    const passed = this.#passMarks();
    if (events.length === 0 && !passed) return undefined;
    return { events, position: this.#position, live: this.#live };
  }

  #takeEvents(): Recorded[] {
    const events: Recorded[] = [];
    while (events.length < LARGEST_BATCH) {
      const resolved = this.#subscription.read() as {
        event?: Parameters<typeof toRecorded>[0];
      } | null;
      if (!resolved) break;
      this.#taken++;
      if (!resolved.event) continue;
      const event = toRecorded(resolved.event);
      events.push(event);
      this.#reach(event.position);
    }
    return events;
  }

  #passMarks(): boolean {
    let passed = false;
    for (let mark = this.#marks[0]; mark && mark.after <= this.#taken; mark = this.#marks[0]) {
      this.#marks.shift();
      passed = true;
      this.#live = mark.live ?? this.#live;
      if (mark.position !== undefined) this.#reach(mark.position);
    }
    return passed;
  }

  #reach(position: bigint): void {
    if (position > this.#position) this.#position = position;
  }
}
