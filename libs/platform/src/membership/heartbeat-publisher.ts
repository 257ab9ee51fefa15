import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Subscription } from '@nats-io/transport-node';
import {
  HEARTBEAT_INTERVAL_MS,
  rollCallOf,
  type Heartbeat,
  type HeartbeatMessage,
} from './heartbeat.js';
import type { Nats } from '../nats/nats.js';

export interface HeartbeatPublisherOptions {
  /** `jeroboam.heartbeat.conductor` */
  readonly subject: string;
  readonly id: string;
  readonly host: string;
  /** ISO-8601. */
  readonly startedAt: string;
  /** How often it has reported itself by now. */
  readonly reportCount: () => number;
  readonly intervalMs?: number;
  /** Whether it says that it goes; else it counts as live until its silence is noticed. */
  readonly saysGoodbye?: boolean;
}

/** Tells the others that this process is alive, from the start of the application to its end. */
export class HeartbeatPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private rollCalls: Subscription | undefined;

  constructor(
    private readonly nats: Nats,
    private readonly options: HeartbeatPublisherOptions,
  ) {}

  start(): void {
    this.beat();
    this.rollCalls = this.nats.connection.subscribe(rollCallOf(this.options.subject), {
      callback: (error) => {
        if (!error) this.beat();
      },
    });
    this.timer = setInterval(() => {
      this.beat();
    }, this.options.intervalMs ?? HEARTBEAT_INTERVAL_MS);
  }

  /** Says that we go, if we say so at all. */
  stop(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.rollCalls?.unsubscribe();
    if (this.options.saysGoodbye ?? true) this.publish({ ...this.heartbeat(), leaving: true });
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  beforeApplicationShutdown(): void {
    this.stop();
  }

  private beat(): void {
    this.publish(this.heartbeat());
  }

  private heartbeat(): Heartbeat {
    const { id, host, startedAt, reportCount } = this.options;
    return { id, host, startedAt, reportCount: reportCount() };
  }

  private publish(message: HeartbeatMessage): void {
    // What is published while disconnected arrives late, and would tell of a life that is over.
    if (this.nats.connected) {
      this.nats.connection.publish(this.options.subject, JSON.stringify(message));
    }
  }
}
