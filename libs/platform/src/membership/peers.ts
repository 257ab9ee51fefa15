import type { Nats } from '../nats/nats.js';
import { HEARTBEAT_INTERVAL_MS } from './heartbeat.js';
import type { HeartbeatTracker } from './heartbeat-tracker.js';

/** Who lives has been heard by then. */
const ALL_HEARD_MS = 5 * HEARTBEAT_INTERVAL_MS;

/**
 * Silence after which another replica counts as gone where its writes matter: longer than a connection
 * that is dead goes unnoticed.
 */
export const PEER_EXPIRY_MS = 60_000;

/** The other replicas of a service, each of which sends heartbeats. */
export class Peers {
  constructor(
    private readonly nats: Pick<Nats, 'connectedForMs'>,
    private readonly tracker: Pick<HeartbeatTracker, 'liveIds'>,
    private readonly selfId: string,
  ) {}

  /** There is no other. False as long as that is not sure: after a start, and while NATS is away. */
  get none(): boolean {
    if (this.nats.connectedForMs < ALL_HEARD_MS) return false;
    return this.tracker.liveIds().every((id) => id === this.selfId);
  }
}
