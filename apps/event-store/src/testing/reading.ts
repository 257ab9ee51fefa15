import {
  BACKWARDS,
  END,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type ResolvedEvent,
  type StreamSubscription,
} from '@eventstore/db-client';

const PATIENCE_MS = 10_000;

export const collect = async (events: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> => {
  const all: ResolvedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
};

/** Position of the last event in the log, 0 when it is empty. */
export const latest = async (client: EventStoreDBClient): Promise<bigint> => {
  const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1 } as const;
  const [last] = await collect(client.readAll(options));
  return last?.event?.position?.commit ?? 0n;
};

/** What a subscription has given so far. */
export interface Followed {
  readonly events: readonly ResolvedEvent[];
  readonly caughtUp: boolean;
  /** Resolves when the condition holds; rejects when the subscription fails, or after 10 s. */
  until(condition: () => boolean): Promise<void>;
  stop(): Promise<void>;
}

export const follow = (subscription: AllStreamSubscription | StreamSubscription): Followed => {
  const events: ResolvedEvent[] = [];
  let caughtUp = false;
  let failure: Error | undefined;
  const waiting = new Set<() => void>();
  const look = () => {
    for (const check of [...waiting]) check();
  };
  subscription.on('data', (event: ResolvedEvent) => {
    events.push(event);
    look();
  });
  subscription.on('caughtUp', () => {
    caughtUp = true;
    look();
  });
  subscription.on('error', (error: Error) => {
    failure = error;
    look();
  });
  return {
    events,
    get caughtUp() {
      return caughtUp;
    },
    until: (condition) =>
      new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          waiting.delete(check);
          clearInterval(again);
          clearTimeout(timer);
          end();
        };
        const check = () => {
          const lost = failure;
          if (lost) {
            settle(() => {
              reject(lost);
            });
          } else if (condition()) settle(resolve);
        };
        const timer = setTimeout(() => {
          settle(() => {
            reject(new Error(`not so after ${PATIENCE_MS} ms: ${String(condition)}`));
          });
        }, PATIENCE_MS);
        // Checkpoints come by another way than events.
        const again = setInterval(check, 20);
        waiting.add(check);
        check();
      }),
    stop: () => subscription.unsubscribe(),
  };
};
