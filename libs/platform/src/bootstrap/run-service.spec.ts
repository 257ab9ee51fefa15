import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Log, type LogFields } from '../logging/log.js';
import { runService, type Running } from './run-service.js';

class RecordingLog extends Log {
  readonly lines: string[] = [];
  readonly fields: LogFields[] = [];
  private keep(message: string, fields: LogFields = {}): void {
    this.lines.push(message);
    this.fields.push(fields);
  }
  override debug = (message: string, fields?: LogFields): void => {
    this.keep(message, fields);
  };
  override info = (message: string, fields?: LogFields): void => {
    this.keep(message, fields);
  };
  override warn = (message: string, fields?: LogFields): void => {
    this.keep(message, fields);
  };
  override error = (message: string, fields?: LogFields): void => {
    this.keep(message, fields);
  };
  override child(): Log {
    return this;
  }
}

/** A process whose exit is awaited. */
class PlayedProcess extends EventEmitter {
  readonly codes: number[] = [];
  private readonly ended = Promise.withResolvers<number>();
  exit(code: number): void {
    this.codes.push(code);
    this.ended.resolve(code);
  }
  get exited(): Promise<number> {
    return this.ended.promise;
  }
}

const play = () => {
  const log = new RecordingLog();
  const process = new PlayedProcess();
  return { log, process, options: { log, process, stopTimeoutMs: 20 } };
};
const listening = { http: 'http://127.0.0.1:1' };
const service = (stop: () => Promise<void> = () => Promise.resolve()): Running => ({
  listening,
  stop,
});

describe('runService', () => {
  it('says where it listens', async () => {
    const { log, options } = play();
    await runService(options, () => Promise.resolve(service()));
    expect(log.lines).toEqual(['Listening']);
    expect(log.fields).toEqual([listening]);
  });

  it.each(['SIGTERM', 'SIGINT'])('stops on %s and exits with 0', async (signal) => {
    const { log, process, options } = play();
    let stopped = false;
    const running = service(() => {
      stopped = true;
      return Promise.resolve();
    });
    await runService(options, () => Promise.resolve(running));
    process.emit(signal);
    expect(await process.exited).toBe(0);
    expect(stopped).toBe(true);
    expect(log.lines).toEqual(['Listening', 'Stopping', 'Stopped']);
  });

  it('does not wait for ever to stop', async () => {
    const { log, process, options } = play();
    const hangs = service(() => new Promise(() => undefined));
    await runService(options, () => Promise.resolve(hangs));
    process.emit('SIGTERM');
    expect(await process.exited).toBe(1);
    expect(log.lines).toContain('Could not stop');
  });

  it('exits at once when asked twice', async () => {
    const { process, options } = play();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const slow = service(() => promise);
    await runService({ ...options, stopTimeoutMs: 60_000 }, () => Promise.resolve(slow));
    process.emit('SIGTERM');
    process.emit('SIGTERM');
    expect(await process.exited).toBe(1);
    resolve(undefined);
  });

  it('may be ended while it starts', async () => {
    const { process, options } = play();
    void runService(options, () => new Promise(() => undefined));
    process.emit('SIGINT');
    expect(await process.exited).toBe(0);
  });

  it('names a port that is taken in one line', async () => {
    const { log, process, options } = play();
    const taken = { code: 'EADDRINUSE', address: '127.0.0.1', port: 9511 };
    await runService(options, () => Promise.reject(Object.assign(new Error('listen'), taken)));
    expect(process.codes).toEqual([1]);
    expect(log.lines).toEqual(['Could not start: port 127.0.0.1:9511 is taken by another process']);
  });

  it('says why it could not start', async () => {
    const { log, process, options } = play();
    const err = new Error('no such folder');
    await runService(options, () => Promise.reject(err));
    expect(process.codes).toEqual([1]);
    expect(log.fields).toEqual([{ err }]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('ends after an %s', async (event) => {
    const { log, process, options } = play();
    await runService(options, () => Promise.resolve(service()));
    const err = new Error('bug');
    process.emit(event, err);
    expect(await process.exited).toBe(1);
    expect(log.fields.at(-1)).toEqual({ event, err });
  });
});
