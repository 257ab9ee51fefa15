import type { Msg, Subscription } from '@nats-io/transport-node';
import {
  NatsContext,
  Server,
  type CustomTransportStrategy,
  type MessageHandler,
} from '@nestjs/microservices';
import { Refused } from '@jeroboam/eventing/decider';
import { lastValueFrom } from 'rxjs';
import { runWithContext } from '../logging/log-context.js';
import type { Log } from '../logging/log.js';
import type { Metrics } from '../metrics/metrics.js';
import { timed } from '../metrics/timed.js';
import { errorReply, type Reply } from './envelope.js';
import { contextOf } from '../nats/message-headers.js';
import type { Nats } from '../nats/nats.js';

export interface NatsTransportOptions {
  readonly nats: Nats;
  /** Each request goes to one member of the group. */
  readonly queue: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** How long requests under way may take when the service stops, in ms. */
  readonly stopTimeoutMs?: number;
}

const STOP_TIMEOUT_MS = 10_000;

/**
 * Lets `@MessagePattern('jeroboam.authority.sign')` answer NATS requests whose payload and reply are
 * plain JSON ({@link Reply}), over the connection the process has anyway. Stopping, it takes no more
 * and finishes what it has.
 *
 * Nest hides errors of handlers unless {@link RpcErrors} is a global filter.
 */
export class NatsTransport extends Server implements CustomTransportStrategy {
  private readonly subscriptions: Subscription[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly options: NatsTransportOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const subscription = this.options.nats.connection.subscribe(subject, {
        queue: this.options.queue,
        callback: (error, message) => {
          if (error) this.options.log.error('subscription failed', { subject, err: error });
          else this.take(subject, handler, message);
        },
      });
      this.subscriptions.push(subscription);
    }
    // Whoever sees that we listen may ask at once.
    this.options.nats.connection.flush().then(() => {
      callback();
    }, callback);
  }

  async close(): Promise<void> {
    const stopped = Promise.all(this.subscriptions.splice(0).map((each) => each.drain()));
    await within(this.options.stopTimeoutMs ?? STOP_TIMEOUT_MS, async () => {
      await stopped.catch(() => undefined);
      await Promise.all(this.underWay);
    });
  }

  on(): never {
    throw new Error('the connection tells of itself in the log');
  }

  unwrap(): never {
    throw new Error('the connection belongs to Nats');
  }

  private take(subject: string, handler: MessageHandler, message: Msg): void {
    const work = runWithContext({ ...contextOf(message.headers), subject }, async () => {
      const reply = await this.answer(subject, handler, message);
      message.respond(JSON.stringify(reply));
    })
      .catch((error: unknown) => {
        this.options.log.error('reply could not be sent', { subject, err: error });
      })
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private async answer(subject: string, handler: MessageHandler, message: Msg): Promise<Reply> {
    try {
      const result: unknown = await timed(this.options.metrics.rpcServed, { subject }, async () => {
        const context = new NatsContext([message.subject, message.headers]);
        const answer: unknown = await handler(payloadOf(message), context);
        return lastValueFrom(this.transformToObservable(answer), { defaultValue: null });
      });
      return { result: result ?? null };
    } catch (error) {
      if (!(error instanceof Refused)) {
        this.options.log.error('request failed', { subject, err: error });
      }
      return errorReply(error);
    }
  }
}

const payloadOf = (message: Msg): unknown => {
  try {
    return message.json<unknown>();
  } catch {
    throw new Refused('invalid', 'The request is not JSON.');
  }
};

const within = async (timeoutMs: number, work: () => Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work(), late]);
  clearTimeout(timer);
};
