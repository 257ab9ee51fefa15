/** What a live service says of itself. */
export interface Heartbeat {
  /** Another one after each start. */
  readonly id: string;
  readonly host: string;
  /** ISO-8601. */
  readonly startedAt: string;
  /** How often it has reported itself, by its own count: in minutes, not in heartbeats. */
  readonly reportCount: number;
}

/** The last heartbeat of a service says that it goes, so that nobody has to wait for its silence. */
export interface HeartbeatMessage extends Heartbeat {
  readonly leaving?: boolean;
}

export const HEARTBEAT_INTERVAL_MS = 1000;
/** Silence after which a service counts as gone. */
export const HEARTBEAT_EXPIRY_MS = 4000;

/** Where one asks who is there, of those who beat on a subject: each beats at once. */
export const rollCallOf = (subject: string): string => `${subject}.roll-call`;

/** The heartbeat in a message, `null` when it is none. */
export const heartbeatOf = (message: unknown): HeartbeatMessage | null => {
  if (typeof message !== 'object' || message === null) return null;
  const { id, host, startedAt, reportCount, leaving } = message as Record<string, unknown>;
  if (typeof id !== 'string' || typeof host !== 'string') return null;
  if (typeof startedAt !== 'string' || typeof reportCount !== 'number') return null;
  return { id, host, startedAt, reportCount, leaving: leaving === true };
};
