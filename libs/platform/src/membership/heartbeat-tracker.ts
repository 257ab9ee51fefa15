import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Subscription } from '@nats-io/transport-node';
import {
  HEARTBEAT_EXPIRY_MS,
  HEARTBEAT_INTERVAL_MS,
  heartbeatOf,
  rollCallOf,
  type Heartbeat,
} from './heartbeat.js';
import type { Nats } from '../nats/nats.js';

export interface HeartbeatTrackerOptions {
  readonly subject: string;
  readonly expiryMs?: number;
  /** How often to look for silence. */
  readonly intervalMs?: number;
  /** How long one that is gone is still listed, unless it is the last one heard of its host. */
  readonly retentionMs?: number;
  /** This process, if it is a member: it counts as live even when no heartbeat comes through. */
  readonly self?: Heartbeat;
}

/** A service that has been heard. */
export interface Member extends Heartbeat {
  /** ISO-8601. */
  readonly lastSeenAt: string;
  readonly live: boolean;
}

const RETENTION_MS = 600_000;

interface Heard {
  readonly heartbeat: Heartbeat;
  readonly lastSeenAt: string;
  /** On the monotonic clock: the others' clocks and changes of ours do not matter. */
  readonly seenMs: number;
  readonly left: boolean;
}

/** Who is alive. Asks for a beat of everybody at the start, so that it fills at once. */
export class HeartbeatTracker implements OnModuleInit, OnApplicationShutdown {
  private readonly heard = new Map<string, Heard>();
  private readonly listeners = new Set<(ids: readonly string[]) => void>();
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private announced = '';

  constructor(
    private readonly nats: Nats,
    private readonly options: HeartbeatTrackerOptions,
  ) {}

  start(): void {
    if (this.options.self) this.hear({ ...this.options.self, leaving: false });
    this.subscription = this.nats.connection.subscribe(this.options.subject, {
      callback: (error, message) => {
        const heartbeat = error ? null : heartbeatOf(parsed(() => message.json<unknown>()));
        if (heartbeat) this.hear(heartbeat);
      },
    });
    // Lost while there is no connection: the beats that come anyway fill us one interval later.
    if (this.nats.connected) this.nats.connection.publish(rollCallOf(this.options.subject));
    this.timer = setInterval(() => {
      this.sweep();
    }, this.options.intervalMs ?? HEARTBEAT_INTERVAL_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.subscription?.unsubscribe();
    this.subscription = undefined;
    this.listeners.clear();
  }

  /** Ids of the live ones, sorted: what `ownerOf` wants. */
  liveIds(): readonly string[] {
    return this.members()
      .filter(({ live }) => live)
      .map(({ id }) => id);
  }

  /** All that have been heard lately, and the last one of each host, live or not, by id. */
  members(): readonly Member[] {
    return [...this.heard.values()]
      .map((heard) => ({
        ...heard.heartbeat,
        lastSeenAt: heard.lastSeenAt,
        live: this.isLive(heard),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Told of the live ids whenever one comes or goes. Returns how to be told no more. */
  onChange(listener: (ids: readonly string[]) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  onModuleInit(): void {
    this.start();
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private hear({ leaving = false, ...heartbeat }: Heartbeat & { leaving?: boolean }): void {
    this.heard.set(heartbeat.id, {
      heartbeat,
      lastSeenAt: new Date().toISOString(),
      seenMs: performance.now(),
      left: leaving,
    });
    this.tell();
  }

  private sweep(): void {
    const lastOfHosts = this.lastOfHosts();
    for (const [id, heard] of this.heard) {
      if (this.isStale(heard) && lastOfHosts.get(heard.heartbeat.host) !== id)
        this.heard.delete(id);
    }
    this.tell();
  }

  private isStale({ heartbeat, seenMs }: Heard): boolean {
    const { retentionMs = RETENTION_MS, self } = this.options;
    return heartbeat.id !== self?.id && performance.now() - seenMs > retentionMs;
  }

  /** Ids by host. */
  private lastOfHosts(): ReadonlyMap<string, string> {
    const inOrder = [...this.heard.entries()].sort(([, a], [, b]) => a.seenMs - b.seenMs);
    return new Map(inOrder.map(([id, { heartbeat }]) => [heartbeat.host, id]));
  }

  private tell(): void {
    const ids = this.liveIds();
    const summary = ids.join();
    if (summary === this.announced) return;
    this.announced = summary;
    for (const listener of [...this.listeners]) listener(ids);
  }

  private isLive({ heartbeat, seenMs, left }: Heard): boolean {
    if (heartbeat.id === this.options.self?.id) return true;
    return !left && performance.now() - seenMs < (this.options.expiryMs ?? HEARTBEAT_EXPIRY_MS);
  }
}

const parsed = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch {
    return null;
  }
};
