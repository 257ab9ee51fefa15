import {
  EventStore,
  type Append,
  type Appended,
  type Batch,
  type Recorded,
  type Subscription,
} from '@jeroboam/eventing/event-store';

/** Passes everything through and remembers when the batch now being read was recorded. */
export class ObservedEventStore extends EventStore {
  private recordedAt: number | null = null;

  constructor(private readonly inner: EventStore) {
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

  override async *subscribe(subscription: Subscription): AsyncIterable<Batch> {
    for await (const batch of this.inner.subscribe(subscription)) {
      const [oldest] = batch.events;
      if (oldest) this.recordedAt ??= Date.parse(oldest.recordedAt);
      yield batch;
    }
  }
}
