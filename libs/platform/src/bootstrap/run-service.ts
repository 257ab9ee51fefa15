import type { Log } from '../logging/log.js';

/** A service that has started. */
export interface Running {
  /** Where it can be reached: `{ http: 'http://127.0.0.1:9511' }`. */
  readonly listening: Readonly<Record<string, string>>;
  /** Takes nothing new, finishes what is under way, closes everything. */
  stop(): Promise<void>;
}

/** What of the process is used, so that a test can play it. */
export interface HostProcess {
  on(event: string, listener: (cause: unknown) => void): unknown;
  exit(code: number): void;
}

export interface ServiceOptions {
  readonly log: Log;
  /** How long `stop` may take, in ms. */
  readonly stopTimeoutMs?: number;
  readonly process?: HostProcess;
}

const STOP_TIMEOUT_MS = 15_000;

/**
 * Runs a service until SIGTERM or SIGINT, then exits with 0. Exits with 1 when it cannot start, when
 * it does not stop in time or is asked twice, and after an error that nobody handled: what state it
 * has left is unknown, and everything can be started again. Logs `Listening` once it can be used.
 */
export const runService = async (
  { log, stopTimeoutMs = STOP_TIMEOUT_MS, process = globalThis.process }: ServiceOptions,
  start: () => Promise<Running>,
): Promise<void> => {
  let running: Running | null = null;
  let stopping = false;

  const stop = async (signal: string): Promise<void> => {
    if (stopping || running === null) {
      process.exit(stopping ? 1 : 0);
      return;
    }
    stopping = true;
    log.info('Stopping', { signal });
    process.exit((await stopped(running, stopTimeoutMs, log)) ? 0 : 1);
  };

  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(signal));
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (err) => {
      log.error('Ends after an error that nobody handled', { event, err });
      process.exit(1);
    });
  }
  try {
    running = await start();
    log.info('Listening', running.listening);
  } catch (error) {
    reportStart(log, error);
    process.exit(1);
  }
};

const stopped = async (running: Running, timeoutMs: number, log: Log): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not stopped within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([running.stop(), late]);
    log.info('Stopped');
    return true;
  } catch (err) {
    log.error('Could not stop', { err });
    return false;
  } finally {
    clearTimeout(timer);
  }
};

const reportStart = (log: Log, error: unknown): void => {
  const taken = takenPort(error);
  if (taken === null) log.error('Could not start', { err: error });
  else log.error(`Could not start: port ${taken} is taken by another process`);
};

/** Host and port of an EADDRINUSE. */
const takenPort = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null) return null;
  const { code, address, port } = error as Record<string, unknown>;
  return code === 'EADDRINUSE' ? `${String(address)}:${String(port)}` : null;
};
