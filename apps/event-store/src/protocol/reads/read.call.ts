import { randomUUID } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { StoredEvent } from '../../log/stored-event.js';
import { LINK_TYPE } from '../../log/stored-event.js';
import type { EventStore } from '../../streams/event-store.js';
import { Checkpoints } from '../../subscriptions/checkpoints.js';
import { allSource, streamSource } from '../../subscriptions/source.js';
import { Subscription, type SubscriptionOptions } from '../../subscriptions/subscription.js';
import { SHUTTING_DOWN, toStatus } from '../errors.js';
import type { streams } from '../generated.js';
import type { OpenCalls } from '../open-calls.js';
import { toReadRequest, type ReadRequest } from './read-request.js';
import * as encode from './read-response.js';

type Call = ServerWritableStream<InstanceType<typeof streams.ReadReq>, Buffer>;

/** `Streams/Read`: all reads and all subscriptions. */
export const readCall =
  (store: EventStore, calls: OpenCalls) =>
  (call: Call): void => {
    const abort = new AbortController();
    const stop = () => {
      abort.abort();
    };
    call.on('cancelled', stop);
    call.on('close', stop);
    call.on('error', stop);
    serve(new ReadSession(store, call, abort.signal), call, calls)
      .catch((error: unknown) => {
        if (!abort.signal.aborted) call.emit('error', toStatus(error));
      })
      .finally(stop);
  };

const serve = async (session: ReadSession, call: Call, calls: OpenCalls): Promise<void> => {
  const request = toReadRequest(call.request.getOptions());
  if (request.count !== undefined) {
    await session.read(request, request.count);
    call.end();
    return;
  }
  const ended = calls.add(() => call.emit('error', SHUTTING_DOWN));
  try {
    await session.subscribe(request);
  } finally {
    ended();
  }
};

class ReadSession {
  readonly #store: EventStore;
  readonly #call: Call;
  readonly #signal: AbortSignal;

  constructor(store: EventStore, call: Call, signal: AbortSignal) {
    this.#store = store;
    this.#call = call;
    this.#signal = signal;
  }

  async read(request: ReadRequest, count: number): Promise<void> {
    const pages = this.#pages(request);
    if (!pages) {
      this.#write(encode.encodeStreamNotFound(request.stream ?? ''));
      return;
    }
    let left = count;
    for (const page of pages) {
      for (const event of page.slice(0, left)) this.#event(event, request);
      left -= page.length;
      await this.#ready();
      if (left <= 0 || this.#signal.aborted) return;
    }
  }

  async subscribe(request: ReadRequest): Promise<void> {
    const begin = this.#begin(request);
    this.#write(encode.encodeConfirmation(randomUUID()));
    await new Subscription(this.#store.commits, {
      ...begin,
      checkpoints: new Checkpoints(request.checkpointInterval),
      signal: this.#signal,
      subscriber: {
        event: (event) => {
          this.#event(event, request);
        },
        checkpoint: (position) => {
          this.#write(encode.encodeCheckpoint(position));
        },
        caughtUp: () => {
          this.#write(encode.encodeCaughtUp());
        },
        fellBehind: () => {
          this.#write(encode.encodeFellBehind());
        },
        ready: () => this.#ready(),
      },
    }).run();
  }

  #begin({ stream, start, filter }: ReadRequest): Pick<SubscriptionOptions, 'source' | 'after'> {
    const { reader, log } = this.#store;
    const head = log.head;
    if (stream === undefined) {
      const after = start === 'end' ? head : start === 'start' ? 0 : Math.min(start, head);
      return { source: allSource(reader, filter), after };
    }
    const last = reader.find(stream)?.last ?? -1;
    const revision = start === 'end' ? last : start === 'start' ? -1 : start;
    return { source: streamSource(reader, stream, revision), after: 0 };
  }

  #pages(request: ReadRequest): Iterable<readonly StoredEvent[]> | undefined {
    const { stream, start, backwards, filter } = request;
    const { reader } = this.#store;
    const from = start === 'end' ? Infinity : start === 'start' ? 0 : start;
    if (stream !== undefined) return reader.readStream({ stream, from, backwards });
    return reader.readAll({ from, backwards, filter });
  }

  #event(event: StoredEvent, { resolveLinks, structuredIds }: ReadRequest): void {
    const isLink = resolveLinks && event.type === LINK_TYPE;
    const read = isLink
      ? { event: this.#store.reader.target(event), link: event }
      : { event, link: undefined };
    this.#write(encode.encodeReadEvent(read, structuredIds));
  }

  #write(message: Buffer): void {
    this.#call.write(message);
  }

  /** Waits for the client, or at least lets other calls have their turn. */
  async #ready(): Promise<void> {
    // Asked of the stream: a flag of ours would still be up after the drain, when nothing was written since.
    if (!this.#call.writableNeedDrain) {
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    if (this.#signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#call.off('drain', done);
        this.#signal.removeEventListener('abort', done);
        resolve();
      };
      this.#call.on('drain', done);
      this.#signal.addEventListener('abort', done);
    });
  }
}
