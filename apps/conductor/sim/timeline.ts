import { Clock } from '@jeroboam/platform/ids/clock';

interface Moment {
  readonly at: number;
  readonly run: () => void;
}

/** Turns of the event loop in which all that can go on without time passing does. */
const TURNS = 4;
const BEGIN = Date.parse('2026-01-01T00:00:00.000Z');

/** Time that passes only when everybody waits for it. */
export class Timeline extends Clock {
  private moments: Moment[] = [];
  private ms = BEGIN;

  override now(): string {
    return new Date(this.ms).toISOString();
  }

  /** Milliseconds since the epoch. */
  get nowMs(): number {
    return this.ms;
  }

  /** ISO-8601, so many milliseconds from now. */
  in(ms: number): string {
    return new Date(this.ms + ms).toISOString();
  }

  after(ms: number, run: () => void): void {
    const moment = { at: this.ms + ms, run };
    const later = this.moments.findIndex(({ at }) => at > moment.at);
    if (later < 0) this.moments.push(moment);
    else this.moments.splice(later, 0, moment);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Calls again and again until it says no. */
  every(ms: number, run: () => boolean): void {
    this.after(ms, () => {
      if (run()) this.every(ms, run);
    });
  }

  /** Lets so much time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.ms + ms;
    await quiet();
    for (let next = this.moments[0]; next && next.at <= end; next = this.moments[0]) {
      this.moments.shift();
      this.ms = next.at;
      next.run();
      await quiet();
    }
    this.ms = end;
  }
}

const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
};
