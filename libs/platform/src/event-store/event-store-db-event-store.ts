import { setTimeout as delay } from 'node:timers/promises';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
  type ReadPosition,
} from '@eventstore/db-client';
import {
  categoryOf,
  EventStore,
  VersionConflict,
  type Ahead,
  type Append,
  type Appended,
  type Batch,
  type Recorded,
  type Subscription,
} from '@jeroboam/eventing/event-store';
import { BatchReader, LARGEST_BATCH } from './batch-reader.js';
import { backoffMs, isLasting, persist, type Patience } from './patience.js';
import { toAppendRevision, toEventData, toRecorded } from './stored-form.js';

export interface EventStoreDbOptions {
  /** `esdb://127.0.0.1:9513?tls=false` */
  readonly connectionString: string;
  readonly patience?: Patience;
  /** Told each time a subscription is lost; it comes back by itself. */
  readonly onLost?: (error: unknown) => void;
}

const PATIENCE: Patience = { attemptMs: 5000, totalMs: 15_000 };

/** The client may wait for ever for a call that nobody reads any more. */
const CLOSE_MS = 1000;

/** Events a look ahead reads at once: it mostly finds a few. */
const LOOK_AHEAD = 256;

/** A filtered subscription is told how far it is after so many events that are not for it. */
const CHECKPOINT_WINDOW = 32;

/**
 * The log in EventStoreDB, or in the embedded server that speaks its protocol. One for each process:
 * appends share one long call, and when that is lost the client fails what is under way of all its
 * instances. They are tried again, as every append may be; nor does the client keep deadlines there, so
 * {@link persist} does.
 */
export class EventStoreDbEventStore extends EventStore {
  readonly #client: EventStoreDBClient;
  readonly #patience: Patience;
  readonly #onLost: (error: unknown) => void;

  /** Connects when first used. Throws when the connection string is none. */
  constructor({ connectionString, patience, onLost }: EventStoreDbOptions) {
    super();
    this.#client = EventStoreDBClient.connectionString(connectionString);
    this.#patience = patience ?? PATIENCE;
    this.#onLost = onLost ?? (() => undefined);
  }

  override async append({ stream, expected, ...asked }: Append): Promise<Appended> {
    const events = asked.events.map((event) => toEventData(stream, event));
    if (events.length === 0) throw new RangeError('nothing to append');
    const options = { expectedRevision: toAppendRevision(expected) };
    try {
      return await persist(this.#patience, async (deadline) => {
        const result = await this.#client.appendToStream(stream, events, { ...options, deadline });
        const revision = Number(result.nextExpectedRevision);
        const position = result.position?.commit ?? (await this.#positionOf(stream, revision));
        return { revision, position };
      });
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) throw new VersionConflict(stream, expected);
      throw error;
    }
  }

  override async read(stream: string, from = 0): Promise<readonly Recorded[]> {
    return persist(this.#patience, async (deadline) => {
      const events: Recorded[] = [];
      const options = { fromRevision: BigInt(from), deadline };
      try {
        for await (const { event } of this.#client.readStream(stream, options)) {
          if (event) events.push(toRecorded(event));
        }
        return events;
      } catch (error) {
        if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return [];
        throw error;
      }
    });
  }

  override async head(): Promise<bigint | null> {
    return persist(this.#patience, async (deadline) => {
      const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1, deadline } as const;
      let head: bigint | null = null;
      // Read to the end: a read that is broken off stays on the client's list of open ones.
      for await (const { event } of this.#client.readAll(options)) {
        head = event?.position.commit ?? head;
      }
      return head;
    });
  }

  override async lookAhead(after: bigint, categories: readonly string[]): Promise<Ahead> {
    return persist(this.#patience, async (deadline) => {
      let last: bigint | null = null;
      let end = after;
      let isThere = false;
      while (!isThere) {
        const read = { fromPosition: toPosition(end), maxCount: LOOK_AHEAD, deadline };
        let count = 0;
        for await (const { event } of this.#client.readAll(read)) {
          count++;
          // Forwards, the event at the position is read too.
          if (!event || event.position.commit <= end) continue;
          end = event.position.commit;
          if (categories.includes(categoryOf(event.streamId))) last = end;
        }
        isThere = count < LOOK_AHEAD;
      }
      return { last, end };
    });
  }

  override async *subscribe({ after, ...asked }: Subscription): AsyncIterable<Batch> {
    const { signal, categories } = asked;
    // A filter without prefixes would let everything pass.
    if (categories.length === 0) throw new RangeError('no categories to subscribe to');
    let position = after ?? -1n;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        for await (const batch of this.#follow({ ...asked, after: position })) {
          position = batch.position;
          attempt = 0;
          yield batch;
        }
      } catch (error) {
        if (isLasting(error)) throw error;
        this.#onLost(error);
        await pause(backoffMs(attempt), signal);
      }
    }
  }

  /** Ends all calls. */
  async close(): Promise<void> {
    const abandoned = delay(CLOSE_MS, undefined, { ref: false });
    await Promise.race([this.#client.dispose(), abandoned]);
  }

  /** Until the connection is lost (throws) or the signal aborts. */
  async *#follow(asked: Subscription & { readonly after: bigint }): AsyncIterable<Batch> {
    const { signal } = asked;
    const head = (await this.head()) ?? -1n;
    const reader = this.#openReader(asked, head);
    try {
      for (;;) {
        const batch = await reader.next(signal);
        if (!batch) return;
        yield batch;
      }
    } finally {
      await reader.close();
    }
  }

  #openReader(asked: Subscription & { readonly after: bigint }, head: bigint): BatchReader {
    const { after, categories } = asked;
    const subscription = this.#client.subscribeToAll(
      {
        fromPosition: toPosition(after),
        filter: streamNameFilter({
          prefixes: categories.map((category) => `${category}-`),
          maxSearchWindow: CHECKPOINT_WINDOW,
          checkpointReached: (_, { commit }) => {
            reader.checkpoint(commit);
          },
        }),
      },
      { highWaterMark: LARGEST_BATCH },
    );
    const timeoutMs = this.#patience.attemptMs;
    const reader = new BatchReader(subscription, { position: after, head, timeoutMs });
    return reader;
  }

  /** Servers leave out the position of an append they have had before. */
  async #positionOf(stream: string, revision: number): Promise<bigint> {
    const [event] = await this.read(stream, revision);
    if (!event) throw new Error(`${stream} has no revision ${revision}`);
    return event.position;
  }
}

const toPosition = (position: bigint): ReadPosition =>
  position < 0n ? START : { commit: position, prepare: position };

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => {
    // Aborted: nothing is to be waited for any more.
  });
