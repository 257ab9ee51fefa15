import { setTimeout as sleep } from 'node:timers/promises';
import {
  jetstream,
  jetstreamManager,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamClient,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { backoff } from './backoff.js';
import { ServiceUnavailable } from '../rpc/envelope.js';
import { contextHeaders } from './message-headers.js';
import type { Nats } from './nats.js';

export interface NotificationStreamOptions {
  readonly name?: string;
  readonly subjects?: readonly string[];
  /** How long a message is kept; 0 is for ever. */
  readonly maxAgeMs?: number;
  /** How much is kept; -1 is as much as the disk holds. The oldest go first. */
  readonly maxBytes?: number;
  /** Servers of the cluster that each keep a copy. */
  readonly replicas?: number;
  /** How long the server remembers a message's id, to drop it when it comes again. */
  readonly duplicateWindowMs?: number;
}

export interface Notification {
  readonly subject: string;
  /** The same id within the window is stored once. */
  readonly id: string;
  /** Becomes JSON. */
  readonly body: unknown;
}

/** Where a message lies in the stream. */
export interface Stored {
  readonly sequence: number;
  /** It was there already. */
  readonly duplicate: boolean;
}

const DAY_MS = 86_400_000;
const PUBLISH_TIMEOUT_MS = 2000;
const PUBLISH_TRIES = 5;
const STREAM_NAME_IN_USE = 10_058;

/** A JetStream stream on disk, for notifications that subscribers may read later. */
export class NotificationStream {
  private constructor(
    private readonly client: JetStreamClient,
    readonly name: string,
  ) {}

  /** Makes the stream, or gives the present one these limits. */
  static async ensure(
    nats: Nats,
    options: NotificationStreamOptions = {},
  ): Promise<NotificationStream> {
    const manager = await jetstreamManager(nats.connection);
    const name = options.name ?? 'NOTIFICATIONS';
    const limits = limitsOf(options);
    const fixed = { name, storage: StorageType.File, retention: RetentionPolicy.Limits };
    try {
      await manager.streams.add({ ...fixed, ...limits });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || error.code !== STREAM_NAME_IN_USE) throw error;
      await manager.streams.update(name, limits);
    }
    return new NotificationStream(jetstream(nats.connection), name);
  }

  /** Resolves once it is on disk. Throws {@link ServiceUnavailable} when no server takes it. */
  async publish({ subject, id, body }: Notification): Promise<Stored> {
    const pause = backoff({ minMs: 100, maxMs: 2000 });
    const headers = contextHeaders();
    const options = { msgID: id, timeout: PUBLISH_TIMEOUT_MS, headers };
    for (let tries = 1; ; tries++) {
      try {
        const { seq, duplicate } = await this.client.publish(
          subject,
          JSON.stringify(body),
          options,
        );
        return { sequence: seq, duplicate };
      } catch (error) {
        if (tries === PUBLISH_TRIES)
          throw new ServiceUnavailable('notifications', { cause: error });
        await sleep(pause());
      }
    }
  }

  /** The newest message; `null` while there is none. */
  async last(): Promise<(Notification & { readonly sequence: number }) | null> {
    const { streams } = await this.client.jetstreamManager();
    const { state } = await streams.info(this.name);
    if (state.messages === 0) return null;
    const message = await streams.getMessage(this.name, { seq: state.last_seq });
    if (!message) return null;
    const id = message.header.get('Nats-Msg-Id');
    return { subject: message.subject, id, body: message.json<unknown>(), sequence: message.seq };
  }

  /** What the stream holds now, from a sequence number on. */
  async replay(fromSequence = 1): Promise<readonly (Notification & { sequence: number })[]> {
    const consumer = await this.client.consumers.get(this.name, {
      opt_start_seq: fromSequence,
    });
    let { num_pending: left } = await consumer.info();
    const found: (Notification & { sequence: number })[] = [];
    while (left > 0) {
      const message = await consumer.next();
      if (!message) break;
      left = message.info.pending;
      found.push({
        subject: message.subject,
        id: message.headers?.get('Nats-Msg-Id') ?? '',
        body: message.json<unknown>(),
        sequence: message.seq,
      });
    }
    await consumer.delete();
    return found;
  }
}

const limitsOf = (options: NotificationStreamOptions) => ({
  subjects: [...(options.subjects ?? ['notifications.cadf.>'])],
  max_age: nanos(options.maxAgeMs ?? 30 * DAY_MS),
  max_bytes: options.maxBytes ?? -1,
  num_replicas: options.replicas ?? 1,
  duplicate_window: nanos(options.duplicateWindowMs ?? 600_000),
});
