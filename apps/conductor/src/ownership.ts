import type { HeartbeatTracker } from '@jeroboam/platform/membership/heartbeat-tracker';
import { ownerOf } from '@jeroboam/platform/membership/rendezvous';

/** Which part of the work falls to this conductor, among those that live. */
export class Ownership {
  constructor(
    private readonly tracker: Pick<HeartbeatTracker, 'liveIds' | 'onChange'>,
    private readonly self: string,
  ) {}

  has(key: string): boolean {
    return ownerOf(key, this.tracker.liveIds()) === this.self;
  }

  /** Told when a conductor comes or goes. Returns how to be told no more. */
  onChange(listener: () => void): () => void {
    return this.tracker.onChange(listener);
  }
}
