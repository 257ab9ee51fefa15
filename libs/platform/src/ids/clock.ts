/** The time. Injected, so that a test can set it. */
export abstract class Clock {
  /** ISO-8601 in UTC with milliseconds. */
  abstract now(): string;
}

export class SystemClock extends Clock {
  override now(): string {
    return new Date().toISOString();
  }
}
