import type { Message } from '@jeroboam/eventing/message';

/**
 * What happened to a conductor, of which there may be one a host. Stream `conductor-<host>`. Its
 * heartbeats are no events: they travel on NATS.
 */
export type ConductorEvent = Message<
  'ConductorRegistered',
  { readonly host: string; readonly binary: string; readonly at: string }
>;
