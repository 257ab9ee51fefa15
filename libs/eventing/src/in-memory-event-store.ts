import {
  categoryOf,
  EventStore,
  VersionConflict,
  type Ahead,
  type Append,
  type Appended,
  type Batch,
  type Proposed,
  type Recorded,
  type Subscription,
} from './event-store.js';

const BATCH = 512;

/** The log in memory, for tests and simulations. `clock` gives the time events are recorded at. */
export class InMemoryEventStore extends EventStore {
  private readonly log: Recorded[] = [];
  private readonly streams = new Map<string, Recorded[]>();
  private readonly waiting = new Set<() => void>();

  constructor(private readonly clock: () => string = () => '2026-01-01T00:00:00.000Z') {
    super();
  }

  override append(request: Append): Promise<Appended> {
    const stream = this.streams.get(request.stream) ?? [];
    const repetition = lastOfRepeated(request, stream);
    if (repetition) return Promise.resolve(place(repetition));
    if (!isAsExpected(request, stream)) {
      return Promise.reject(new VersionConflict(request.stream, request.expected));
    }
    const recorded = request.events.map((event, index) =>
      this.record(request.stream, event, stream.length + index),
    );
    stream.push(...recorded);
    this.streams.set(request.stream, stream);
    const last = recorded.at(-1);
    if (!last) return Promise.reject(new RangeError('nothing to append'));
    for (const wake of [...this.waiting]) wake();
    return Promise.resolve(place(last));
  }

  override read(stream: string, from = 0): Promise<readonly Recorded[]> {
    return Promise.resolve((this.streams.get(stream) ?? []).slice(from));
  }

  override head(): Promise<bigint | null> {
    return Promise.resolve(this.log.at(-1)?.position ?? null);
  }

  override lookAhead(after: bigint, categories: readonly string[]): Promise<Ahead> {
    const last = this.log
      .slice(Number(after) + 1)
      .findLast(({ stream }) => categories.includes(categoryOf(stream)));
    const head = BigInt(this.log.length - 1);
    return Promise.resolve({ last: last?.position ?? null, end: head > after ? head : after });
  }

  override async *subscribe({ after, categories, signal }: Subscription): AsyncIterable<Batch> {
    // A position beyond the end, of another log, is the end.
    let next = after === null ? 0 : Math.min(Number(after) + 1, this.log.length);
    while (!signal.aborted) {
      const seen = this.log.slice(next, next + BATCH);
      next += seen.length;
      yield {
        events: seen.filter((event) => categories.includes(categoryOf(event.stream))),
        position: BigInt(next - 1),
        live: next === this.log.length,
      };
      if (next === this.log.length) await this.news(signal);
    }
  }

  /** All events so far, for assertions. */
  all(): readonly Recorded[] {
    return [...this.log];
  }

  private record(stream: string, event: Proposed, revision: number): Recorded {
    const recorded: Recorded = {
      id: eventId(event),
      stream,
      revision,
      position: BigInt(this.log.length),
      type: event.type,
      // A store hands out what was written, not what became of it since.
      data: structuredClone(event.data),
      metadata: event.metadata,
      recordedAt: this.clock(),
    };
    this.log.push(recorded);
    return recorded;
  }

  private news(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

const eventId = ({ metadata, index }: Proposed): string => `${metadata.commandId}/${index}`;

/** The last of the events when all of them stand in the stream already, one after the other. */
const lastOfRepeated = ({ events }: Append, stream: readonly Recorded[]): Recorded | undefined => {
  const [first] = events;
  const from = first ? stream.findIndex(({ id }) => id === eventId(first)) : -1;
  if (from < 0) return undefined;
  const areThere = events.every((event, index) => stream[from + index]?.id === eventId(event));
  return areThere ? stream[from + events.length - 1] : undefined;
};

const place = (event: Recorded): Appended => ({
  revision: event.revision,
  position: event.position,
});

const isAsExpected = ({ expected }: Append, stream: readonly Recorded[]): boolean =>
  expected === 'any' || stream.length === (expected === 'no-stream' ? 0 : expected + 1);
