import { AsyncLocalStorage } from 'node:async_hooks';

/** What all lines of one piece of work have in common. */
export interface LogContext {
  /** `req-<uuid>` of the API request it began with. */
  readonly requestId?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly [field: string]: string | undefined;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Does the work with these facts added to those of the surrounding work. */
export const runWithContext = <T>(context: LogContext, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...context }, work);

/** Facts of the running work; none outside of any. */
export const currentContext = (): LogContext => storage.getStore() ?? {};
