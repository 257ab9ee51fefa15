/** Facts beside the message: `{ clusterId, err }`. An error goes under `err`. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where services write what happened. The message is a fixed sentence; what varies goes into the
 * fields. Fields of the running request are added by the log itself.
 */
export abstract class Log {
  abstract debug(message: string, fields?: LogFields): void;
  abstract info(message: string, fields?: LogFields): void;
  abstract warn(message: string, fields?: LogFields): void;
  abstract error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to each line. */
  abstract child(fields: LogFields): Log;
}

/** Says nothing: for tests. */
export class SilentLog extends Log {
  override debug(): void {
    return;
  }
  override info(): void {
    return;
  }
  override warn(): void {
    return;
  }
  override error(): void {
    return;
  }
  override child(): Log {
    return this;
  }
}
