import type { Committed, GroupCommit } from '../log/group-commit.js';
import type { StoredEvent } from '../log/stored-event.js';
import type { Checkpoints } from './checkpoints.js';
import type { Source } from './source.js';

/** Who is told. */
export interface Subscriber {
  event(event: StoredEvent): void;
  checkpoint(position: number): void;
  caughtUp(): void;
  fellBehind(): void;
  /** Resolves when the client can take more. */
  ready(): Promise<void>;
}

export interface SubscriptionOptions {
  readonly source: Source;
  readonly checkpoints: Checkpoints;
  readonly subscriber: Subscriber;
  /** Position of the log to begin after. */
  readonly after: number;
  readonly signal: AbortSignal;
}

/** A live client that has to read so many pages from the log again is called behind. */
const PAGES_BEHIND = 4;

/**
 * Delivers history, then what is committed, for ever. While the client keeps up, committed events
 * are handed on as they come; when it does not, they are read from the log again, so that a slow
 * client costs no memory.
 */
export class Subscription {
  readonly #commits: GroupCommit;
  readonly #options: SubscriptionOptions;
  #position: number;
  #live = false;
  #pagesBehind = 0;

  constructor(commits: GroupCommit, options: SubscriptionOptions) {
    this.#commits = commits;
    this.#options = options;
    this.#position = options.after;
  }

  /** Runs until the signal aborts. Rejects with `StreamDeleted` when the stream is tombstoned. */
  async run(): Promise<void> {
    const { source, subscriber, signal } = this.#options;
    while (!signal.aborted) {
      const page = source.after(this.#position);
      if (page.considered === 0) {
        await this.#follow();
        continue;
      }
      this.#lag();
      this.#deliver(page.events, page.position, page.considered);
      await subscriber.ready();
    }
  }

  /** Hands on what is committed while there is no gap before it. */
  async #follow(): Promise<void> {
    const { source, subscriber, signal } = this.#options;
    // Nothing of what is between here and the head belongs to the source.
    this.#position = this.#commits.head;
    this.#pagesBehind = 0;
    if (!this.#live) this.#atEnd();
    while (!signal.aborted && this.#position === this.#commits.head) {
      const committed = await this.#committed();
      if (committed?.after !== this.#position) return;
      const position = committed.after + committed.events.length;
      this.#deliver(source.select(committed.events), position, committed.events.length);
      await subscriber.ready();
    }
  }

  #lag(): void {
    if (!this.#live || ++this.#pagesBehind < PAGES_BEHIND) return;
    this.#live = false;
    this.#options.subscriber.fellBehind();
  }

  #atEnd(): void {
    const { subscriber, checkpoints } = this.#options;
    this.#live = true;
    if (checkpoints.dueAtEnd()) subscriber.checkpoint(this.#position);
    subscriber.caughtUp();
  }

  #deliver(events: readonly StoredEvent[], position: number, considered: number): void {
    const { subscriber, checkpoints } = this.#options;
    for (const event of events) subscriber.event(event);
    this.#position = position;
    if (checkpoints.due(considered)) subscriber.checkpoint(position);
  }

  #committed(): Promise<Committed | undefined> {
    const { signal } = this.#options;
    return new Promise((resolve) => {
      const done = (committed?: Committed) => {
        stop();
        signal.removeEventListener('abort', aborted);
        resolve(committed);
      };
      const aborted = () => {
        done();
      };
      const stop = this.#commits.onCommit(done);
      signal.addEventListener('abort', aborted);
    });
  }
}
