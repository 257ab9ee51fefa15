import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

/** What of a CADF notification the journey looks at. */
export interface Notification {
  readonly action: string;
  readonly outcome: string;
  readonly sequence: number;
  readonly initiator: { readonly project_id?: string };
  readonly target: { readonly id: string; readonly name: string };
}

/** All notifications so far, as a billing system would read them. */
export const notificationsOf = async (natsUrl: string): Promise<readonly Notification[]> => {
  const connection = await connect({ servers: natsUrl });
  try {
    const consumer = await jetstream(connection).consumers.get('NOTIFICATIONS');
    const { num_pending: count } = await consumer.info();
    const told: Notification[] = [];
    while (told.length < count) {
      const message = await consumer.next({ expires: 5000 });
      if (!message) break;
      told.push(message.json<Notification>());
    }
    return told;
  } finally {
    await connection.close();
  }
};
