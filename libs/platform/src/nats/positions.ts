import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Subscription } from '@nats-io/transport-node';
import type { Nats } from './nats.js';

const SUBJECT = 'jeroboam.position';

/**
 * How far the log goes, as the writers tell it: a reader that waits until its rows have come so far
 * shows what was written on any replica. What gets lost costs a reader its wait, nothing else.
 */
export class Positions implements OnModuleInit, OnApplicationShutdown {
  private subscription: Subscription | undefined;
  private known: bigint | null = null;
  private told: bigint | null = null;
  /** To be told at the end of this turn. */
  private due: bigint | null = null;

  constructor(private readonly nats: Nats) {}

  start(): void {
    this.subscription = this.nats.connection.subscribe(SUBJECT, {
      callback: (error, message) => {
        const text = error ? '' : message.string();
        if (/^\d{1,19}$/.test(text)) this.learn(BigInt(text));
      },
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
    this.subscription = undefined;
  }

  /**
   * Tells all replicas, this one at once. Who has been told of a later position, needs no word of it: of
   * many that are announced in one turn, as one commit lets them be, only the last is told.
   */
  announce(position: bigint): void {
    this.learn(position);
    if (this.told !== null && position <= this.told) return;
    if (this.due === null) queueMicrotask(this.tell);
    if (this.due === null || position > this.due) this.due = position;
  }

  /** The furthest position anyone has told of since the start. */
  get furthest(): bigint | null {
    return this.known;
  }

  onModuleInit(): void {
    this.start();
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  private readonly tell = (): void => {
    const { due } = this;
    this.due = null;
    if (due === null || !this.nats.connected) return;
    this.told = due;
    this.nats.connection.publish(SUBJECT, due.toString());
  };

  private learn(position: bigint): void {
    if (this.known === null || position > this.known) this.known = position;
  }
}
