import type { Notification } from '@jeroboam/platform/nats/notification-stream';
import type { Outlet } from '../src/notifications/cadf.reactor.js';

/** The stream of notifications: knows what it has by its id. */
export class Mailbox implements Outlet {
  readonly messages: Notification[] = [];

  publish(notification: Notification): Promise<void> {
    if (!this.messages.some(({ id }) => id === notification.id)) this.messages.push(notification);
    return Promise.resolve();
  }

  last(): Promise<Notification | null> {
    return Promise.resolve(this.messages.at(-1) ?? null);
  }
}
