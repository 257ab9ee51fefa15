import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { EventStore } from '../../streams/event-store.js';
import { DeadlinePassed, InvalidRequest } from '../../streams/refusals.js';
import { AppendBuffer } from './append-buffer.js';
import { batchFailure, batchSuccess } from './batch-append.response.js';
import { SHUTTING_DOWN } from '../errors.js';
import type { streams } from '../generated.js';
import type { OpenCalls } from '../open-calls.js';
import { toExpectedRevision, toProposedEvent, toStreamName } from '../requests.js';

type BatchAppendReq = InstanceType<typeof streams.BatchAppendReq>;
type BatchAppendResp = InstanceType<typeof streams.BatchAppendResp>;
type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** An append of which the last message has not come. */
interface Unfinished {
  readonly buffer: AppendBuffer;
  readonly identifier: ReturnType<BatchOptions['getStreamIdentifier']>;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  /** Why it will be refused, once it is whole. */
  fault: unknown;
}
type BatchOptions = InstanceType<typeof streams.BatchAppendReq.Options>;

/** Appends one client may have begun and not finished. */
const MAX_UNFINISHED = 1000;

/**
 * `Streams/BatchAppend`: one long call for all appends of a client. Each correlation id is answered
 * exactly once; the stock client cannot bear less or more.
 */
export const batchAppendCall =
  (store: EventStore, calls: OpenCalls) =>
  (call: Call): void => {
    const session = new BatchAppendSession(store, call);
    const closed = calls.add(() => call.emit('error', SHUTTING_DOWN));
    call.on('data', (message: BatchAppendReq) => {
      session.receive(message);
    });
    call.on('end', () => {
      session.end();
    });
    call.on('close', closed);
    call.on('cancelled', closed);
    call.on('error', closed);
  };

class BatchAppendSession {
  readonly #store: EventStore;
  readonly #call: Call;
  readonly #unfinished = new Map<string, Unfinished>();
  #submitted = 0;
  #ended = false;

  constructor(store: EventStore, call: Call) {
    this.#store = store;
    this.#call = call;
  }

  receive(message: BatchAppendReq): void {
    const key = String(message.getCorrelationId());
    const append = this.#unfinished.get(key) ?? this.#begin(message, key);
    if (!append) return;
    try {
      for (const proposed of message.getProposedMessagesList()) {
        append.buffer.add(toProposedEvent(proposed));
      }
    } catch (error) {
      append.fault ??= error;
    }
    if (!message.getIsFinal()) return;
    this.#unfinished.delete(key);
    this.#submit(message, append);
  }

  /** The client sends no more. */
  end(): void {
    this.#ended = true;
    this.#endWhenDone();
  }

  #begin(message: BatchAppendReq, key: string): Unfinished | undefined {
    try {
      if (this.#unfinished.size >= MAX_UNFINISHED) throw new InvalidRequest('too many appends');
      const append = toUnfinished(message.getOptions());
      this.#unfinished.set(key, append);
      return append;
    } catch (error) {
      this.#answer(message, undefined, batchFailure(error));
      return undefined;
    }
  }

  #submit(message: BatchAppendReq, append: Unfinished): void {
    this.#submitted++;
    this.#append(append)
      .then(batchSuccess, batchFailure)
      .then((response) => {
        this.#answer(message, append, response);
      })
      .finally(() => {
        this.#submitted--;
        this.#endWhenDone();
      })
      .catch((error: unknown) => this.#call.emit('error', error));
  }

  async #append({ buffer, deadline, fault }: Unfinished) {
    if (fault instanceof Error) throw fault;
    const request = buffer.request();
    return this.#store.commits.submit(() => {
      if (Date.now() > deadline) throw new DeadlinePassed('the deadline passed before the write');
      return this.#store.writer.append(request);
    });
  }

  #answer(request: BatchAppendReq, append: Unfinished | undefined, response: BatchAppendResp) {
    response.setCorrelationId(request.getCorrelationId());
    response.setStreamIdentifier(append?.identifier ?? request.getOptions()?.getStreamIdentifier());
    this.#call.write(response);
  }

  #endWhenDone(): void {
    if (this.#ended && this.#submitted === 0) this.#call.end();
  }
}

const toUnfinished = (options: BatchOptions | undefined): Unfinished => {
  if (!options) throw new InvalidRequest('an append begins with its options');
  const revision = options.hasStreamPosition() ? options.getStreamPosition() : undefined;
  const identifier = options.getStreamIdentifier();
  const buffer = new AppendBuffer(toStreamName(identifier), toExpectedRevision(options, revision));
  const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity;
  return { buffer, identifier, deadline, fault: undefined };
};
