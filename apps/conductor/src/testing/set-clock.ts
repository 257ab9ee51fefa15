import { Clock } from '@jeroboam/platform/ids/clock';

export const NOON = '2026-01-01T12:00:00.000Z';

/** A clock that stands still until it is set. */
export class SetClock extends Clock {
  constructor(private at = NOON) {
    super();
  }

  override now(): string {
    return this.at;
  }

  advance(ms: number): void {
    this.at = new Date(Date.parse(this.at) + ms).toISOString();
  }
}
