import { setTimeout as sleep } from 'node:timers/promises';
import {
  EventStore,
  type Ahead,
  type Append,
  type Appended,
  type Batch,
  type Recorded,
  type Subscription,
} from '@jeroboam/eventing/event-store';

/** Passes everything through, at the asked pace, and remembers when the batch now being read was recorded. */
export class ObservedEventStore extends EventStore {
  private recordedAt: number | null = null;

  /** @param gatherMs pause after each live batch: what comes meanwhile is the next */
  constructor(
    private readonly inner: EventStore,
    private readonly gatherMs: number,
  ) {
    super();
  }

  /** Time in ms since 1970 of the oldest event since the last call, `null` when there was none. */
  takeRecordedAt(): number | null {
    const taken = this.recordedAt;
    this.recordedAt = null;
    return taken;
  }

  override append(request: Append): Promise<Appended> {
    return this.inner.append(request);
  }

  override read(stream: string, from?: number): Promise<readonly Recorded[]> {
    return this.inner.read(stream, from);
  }

  override head(): Promise<bigint | null> {
    return this.inner.head();
  }

  override lookAhead(after: bigint, categories: readonly string[]): Promise<Ahead> {
    return this.inner.lookAhead(after, categories);
  }

  override async *subscribe(subscription: Subscription): AsyncIterable<Batch> {
    for await (const batch of this.inner.subscribe(subscription)) {
      const [oldest] = batch.events;
      if (oldest) this.recordedAt ??= Date.parse(oldest.recordedAt);
      yield batch;
      if (batch.live && this.gatherMs > 0) await pause(this.gatherMs, subscription.signal);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => {
    // Aborted: the subscription ends by itself.
  });
