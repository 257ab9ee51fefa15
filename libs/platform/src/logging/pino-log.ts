import { pino, stdSerializers, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { Log, type LogFields } from './log.js';
import { currentContext } from './log-context.js';
import { redacted, withoutKeys } from './redaction.js';

export interface PinoLogOptions {
  /** Name of the service in each line. */
  readonly service: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Standard output unless another is given. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines: `{"level": "info", "time": "2026-01-01T00:00:00.000Z", "service", …context, …fields, "msg"}`.
 * Secrets are left out, whichever field they come in.
 */
export class PinoLog extends Log {
  private constructor(private readonly logger: Logger) {
    super();
  }

  static create({ service, level, destination }: PinoLogOptions): PinoLog {
    const options = {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      // A copy: pino merges the fields of the line into it.
      mixin: () => ({ ...currentContext() }),
      formatters: {
        level: (label: string) => ({ level: label }),
        log: (fields: Record<string, unknown>) => redacted(fields) as Record<string, unknown>,
      },
      serializers: { err: (error: Error) => redacted(stdSerializers.err(error)) },
      hooks: { streamWrite: withoutKeys },
    };
    return new PinoLog(destination ? pino(options, destination) : pino(options));
  }

  override debug(message: string, fields: LogFields = {}): void {
    this.logger.debug(fields, message);
  }
  override info(message: string, fields: LogFields = {}): void {
    this.logger.info(fields, message);
  }
  override warn(message: string, fields: LogFields = {}): void {
    this.logger.warn(fields, message);
  }
  override error(message: string, fields: LogFields = {}): void {
    this.logger.error(fields, message);
  }
  override child(fields: LogFields): Log {
    return new PinoLog(this.logger.child(redacted(fields) as Record<string, unknown>));
  }
}
