import { setTimeout as sleep } from 'node:timers/promises';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { EventStore, Recorded } from '@jeroboam/eventing/event-store';
import type { Log } from '@jeroboam/platform/logging/log';
import type { Notification } from '@jeroboam/platform/nats/notification-stream';
import type { Ownership } from '../ownership.js';
import { cadfOf, type Cadf } from './cadf.js';
import { Chronicle } from './chronicle.js';

/** Key of which one conductor is the owner, who sends all notifications: they have one order. */
const SENDER = 'notifications';
const RETRY_MS = 2000;
/** What one who is not the sender keeps in case it becomes so. */
const KEPT_UNSENT = 1000;

/** The stream notifications go to. */
export interface Outlet {
  publish(notification: Notification): Promise<unknown>;
  last(): Promise<{ readonly body: unknown } | null>;
}

export interface CadfParts {
  readonly store: EventStore;
  readonly outlet: Outlet;
  readonly ownership: Ownership;
  readonly log: Log;
}

interface Unsent {
  readonly position: bigint;
  readonly id: string;
  readonly cadf: Cadf;
}

/** How far the outlet has got: what was sent last, in the log and in its own numbering. */
interface Sent {
  readonly position: bigint;
  readonly sequence: number;
}

/**
 * Tells of each event of a cluster once, in order, numbered without gaps. Where to go on stands in the
 * last message itself: whoever becomes the sender reads it there. Sending twice does no harm, as the
 * stream knows messages by the event's id.
 */
export class CadfReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly abort = new AbortController();
  private readonly chronicle = new Chronicle();
  private backlog: readonly Unsent[] = [];
  private sent: Sent | null = null;
  private following: Promise<void> | null = null;
  private delivering: Promise<void> | null = null;
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly parts: CadfParts) {}

  onApplicationBootstrap(): void {
    this.following = this.follow();
    this.unsubscribe = this.parts.ownership.onChange(() => {
      this.deliver();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    this.abort.abort();
    await Promise.all([this.following, this.delivering]);
  }

  private async follow(): Promise<void> {
    const { signal } = this.abort;
    const subscription = { after: null, categories: ['cluster'], signal };
    for await (const { events, live } of this.parts.store.subscribe(subscription)) {
      this.backlog = [...this.backlog, ...events.flatMap((event) => this.toSend(event))];
      if (live) this.deliver();
    }
  }

  private toSend(recorded: Recorded): readonly Unsent[] {
    const occurrence = this.chronicle.take(recorded);
    const cadf = occurrence && cadfOf(occurrence);
    return cadf ? [{ position: recorded.position, id: recorded.id, cadf }] : [];
  }

  /** One delivery at a time; what comes meanwhile is seen by the one under way. */
  private deliver(): void {
    this.delivering ??= this.empty().finally(() => {
      this.delivering = null;
    });
  }

  private async empty(): Promise<void> {
    while (this.backlog.length > 0 && !this.abort.signal.aborted) {
      const isSender = this.parts.ownership.has(SENDER);
      if (!isSender && this.backlog.length <= KEPT_UNSENT) return;
      try {
        await (isSender ? this.sendNext() : this.dropSent());
      } catch (error) {
        this.parts.log.warn('notifications wait for their stream', { err: error });
        this.sent = null;
        await sleep(RETRY_MS, null, { signal: this.abort.signal }).catch(() => undefined);
      }
    }
  }

  /** While another is the sender, what it has sent need not be kept. */
  private async dropSent(): Promise<void> {
    this.sent = null;
    const { position } = sentBefore(await this.parts.outlet.last());
    const left = this.backlog.filter((unsent) => unsent.position > position);
    if (left.length === this.backlog.length) throw new Error('the sender does not send');
    this.backlog = left;
  }

  private async sendNext(): Promise<void> {
    const [next] = this.backlog;
    if (!next) return;
    this.sent ??= sentBefore(await this.parts.outlet.last());
    if (next.position > this.sent.position) {
      const sequence = this.sent.sequence + 1;
      const body = { ...next.cadf.payload, sequence, position: String(next.position) };
      await this.parts.outlet.publish({ subject: next.cadf.subject, id: next.id, body });
      this.sent = { position: next.position, sequence };
    }
    this.backlog = this.backlog.slice(1);
  }
}

const sentBefore = (message: { readonly body: unknown } | null): Sent => {
  const { sequence, position } = (message?.body ?? {}) as Partial<Record<string, unknown>>;
  return typeof sequence === 'number' && typeof position === 'string'
    ? { sequence, position: BigInt(position) }
    : { sequence: 0, position: -1n };
};
