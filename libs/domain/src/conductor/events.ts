import type { Message } from '@jeroboam/eventing/message';

/**
 * What happened to a conductor, of which there may be one a host. Stream `conductor-<host>`. Its
 * heartbeats are no events: they travel on NATS. Of their count a mark is left now and then.
 */
export type ConductorEvent =
  | Message<
      'ConductorRegistered',
      { readonly host: string; readonly binary: string; readonly at: string }
    >
  | Message<
      'ConductorSeen',
      {
        /** Minutes in which it has been there, in all its lives. */
        readonly reportCount: number;
        readonly at: string;
      }
    >;
