import type { ProposedEvent } from '../../log/stored-event.js';
import { AppendTooLarge, type ExpectedRevision } from '../../streams/refusals.js';
import type { AppendRequest } from '../../streams/stream-writer.js';

/** The limit of the real server, bytes. */
export const MAX_APPEND_BYTES = 1024 * 1024;

/** Gathers the events of one append, which may come in several messages. */
export class AppendBuffer {
  readonly #stream: string;
  readonly #expected: ExpectedRevision;
  #events: ProposedEvent[] = [];
  #bytes = 0;

  constructor(stream: string, expected: ExpectedRevision) {
    this.#stream = stream;
    this.#expected = expected;
  }

  add(event: ProposedEvent): void {
    this.#bytes += event.data.length + event.metadata.length;
    if (this.#bytes <= MAX_APPEND_BYTES) this.#events.push(event);
    // What is refused anyway is not kept.
    else this.#events = [];
  }

  /** Throws `AppendTooLarge`. */
  request(): AppendRequest {
    if (this.#bytes > MAX_APPEND_BYTES) throw new AppendTooLarge(MAX_APPEND_BYTES);
    return { stream: this.#stream, expected: this.#expected, events: this.#events };
  }
}
