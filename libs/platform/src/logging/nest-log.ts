import type { LoggerService } from '@nestjs/common';
import type { Log, LogFields } from './log.js';

/** Lets Nest write to our log: `NestFactory.create(module, { logger: new NestLog(log) })`. */
export class NestLog implements LoggerService {
  constructor(private readonly sink: Log) {}

  /** Nest tells of every route and module it sets up: of interest to who debugs only. */
  log(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(textOf(message), fieldsOf(message, rest));
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(textOf(message), fieldsOf(message, rest));
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(textOf(message), fieldsOf(message, rest));
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.sink.warn(textOf(message), fieldsOf(message, rest));
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.sink.error(textOf(message), fieldsOf(message, rest));
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.sink.error(textOf(message), fieldsOf(message, rest));
  }
}

const textOf = (message: unknown): string => {
  if (typeof message === 'string') return message;
  return message instanceof Error ? message.message : JSON.stringify(message);
};

/** Nest passes the stack and the name of the class as texts after the message. */
const fieldsOf = (message: unknown, rest: readonly unknown[]): LogFields => {
  const texts = rest.filter((item): item is string => typeof item === 'string');
  const stack = texts.find((text) => text.includes('\n    at '));
  const context = texts.filter((text) => text !== stack).at(-1);
  return {
    ...(context === undefined ? {} : { context }),
    ...(stack === undefined ? {} : { stack }),
    ...(message instanceof Error ? { err: message } : {}),
  };
};
