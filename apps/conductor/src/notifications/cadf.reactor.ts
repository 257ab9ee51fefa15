import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { EventStore, Recorded } from '@jeroboam/eventing/event-store';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import type { Notification } from '@jeroboam/platform/nats/notification-stream';
import type { Ownership } from '../ownership.js';
import { pause, type Pause } from '../pause.js';
import { cadfOf } from './cadf.js';
import { Chronicle } from './chronicle.js';

/** Key of which one conductor is the owner, who sends all notifications: they have one order. */
const SENDER = 'notifications';
const RETRY_MS = 2000;
/** So long the stream keeps messages: what is older is not sent to a stream that is empty. */
const RETENTION_MS = 30 * 86_400_000;

/** The stream notifications go to. */
export interface Outlet {
  publish(notification: Notification): Promise<unknown>;
  last(): Promise<{ readonly body: unknown } | null>;
}

export interface CadfParts {
  readonly store: EventStore;
  readonly outlet: Outlet;
  readonly ownership: Pick<Ownership, 'has' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
  /** The real one when not given. */
  readonly pause?: Pause;
}

/** How far the outlet has got: what was sent last, in the log and in its own numbering. */
interface Sent {
  readonly position: bigint;
  readonly sequence: number;
}

/**
 * Tells of each event of a cluster once, in order, numbered without gaps. Where to go on stands in the
 * last message itself: whoever becomes the sender reads it there, and follows the log from that
 * position on. Sending twice does no harm, as the stream knows messages by the event's id.
 */
export class CadfReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private running: Promise<void> | null = null;

  constructor(private readonly parts: CadfParts) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      await this.turn();
      try {
        await this.sendWhileSender();
      } catch (error) {
        if (isAborted(signal)) return;
        this.parts.log.warn('notifications wait for their stream', { err: error });
        await (this.parts.pause ?? pause)(RETRY_MS, signal);
      }
    }
  }

  /** Resolves once this conductor is the sender, or stops. */
  private async turn(): Promise<void> {
    const { ownership } = this.parts;
    const { signal } = this.stop;
    if (ownership.has(SENDER) || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!ownership.has(SENDER) && !signal.aborted) return;
        forget();
        signal.removeEventListener('abort', look);
        resolve();
      };
      const forget = ownership.onChange(look);
      signal.addEventListener('abort', look);
    });
  }

  private async sendWhileSender(): Promise<void> {
    const { ownership } = this.parts;
    const turn = new AbortController();
    const forget = ownership.onChange(() => {
      if (!ownership.has(SENDER)) turn.abort();
    });
    try {
      await this.send(AbortSignal.any([this.stop.signal, turn.signal]));
    } finally {
      forget();
    }
  }

  private async send(signal: AbortSignal): Promise<void> {
    const { store } = this.parts;
    const progress = await this.begin();
    const { after } = progress;
    for await (const { events } of store.subscribe({ after, categories: ['cluster'], signal })) {
      for (const recorded of events) {
        if (signal.aborted) return;
        await this.tell(recorded, progress);
      }
    }
  }

  private async begin(): Promise<Progress> {
    const { store, outlet, clock } = this.parts;
    const last = sentBefore(await outlet.last());
    const chronicle = new Chronicle(store);
    if (last === null) {
      const notBefore = Date.parse(clock.now()) - RETENTION_MS;
      return { chronicle, after: null, sequence: 0, notBefore };
    }
    // A position beyond the end is of another log: this one has not been told of at all.
    const isOfThisLog = last.position <= ((await store.head()) ?? -1n);
    const after = isOfThisLog ? last.position : null;
    return { chronicle, after, sequence: last.sequence, notBefore: 0 };
  }

  private async tell(recorded: Recorded, progress: Progress): Promise<void> {
    const occurrence = await progress.chronicle.of(recorded);
    const cadf = occurrence && cadfOf(occurrence);
    if (!cadf) return;
    progress.sequence += 1;
    if (Date.parse(recorded.recordedAt) < progress.notBefore) return;
    const position = String(recorded.position);
    const body = { ...cadf.payload, sequence: progress.sequence, position };
    await this.parts.outlet.publish({ subject: cadf.subject, id: recorded.id, body });
  }
}

/** Of one turn as the sender. */
interface Progress {
  readonly chronicle: Chronicle;
  readonly after: bigint | null;
  /** Of the last message. */
  sequence: number;
  /** Milliseconds since the epoch; what is older only counts. */
  readonly notBefore: number;
}

/** `null` when nothing was. Throws for a message that is none of ours: going on would number anew. */
const sentBefore = (message: { readonly body: unknown } | null): Sent | null => {
  if (message === null) return null;
  const { sequence, position } = message.body as Partial<Record<string, unknown>>;
  if (typeof sequence === 'number' && typeof position === 'string') {
    return { sequence, position: BigInt(position) };
  }
  throw new Error('the last notification has no position');
};

// A call, as the compiler takes a property to be what it was before the wait.
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
