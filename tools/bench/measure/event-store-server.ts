import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { memoryMiB, processorUs } from './process-figures.ts';

const MAIN = join(import.meta.dirname, '../../../apps/event-store/dist/main.js');

/** The embedded event store as built, in a process of its own, on a free port. */
export class EventStoreServer {
  readonly url: string;
  /** From the start of the process until it takes calls. */
  readonly startedMs: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number, startedMs: number) {
    this.#child = child;
    this.url = `esdb://127.0.0.1:${port}?tls=false`;
    this.startedMs = startedMs;
  }

  static async start(dataDir: string): Promise<EventStoreServer> {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there: build first`);
    const started = performance.now();
    const env = {
      JEROBOAM_DATA_DIR: dataDir,
      JEROBOAM_EVENTSTORE_PORT: '0',
      JEROBOAM_HTTP_PORT: '0',
    };
    const child = spawn(process.execPath, ['--max-semi-space-size=4', MAIN], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, port } = JSON.parse(line) as { msg: string; port: number };
      if (msg !== 'Listening') continue;
      child.stdout.resume();
      return new EventStoreServer(child, port, performance.now() - started);
    }
    throw new Error('the event store did not start');
  }

  /** Resident memory, MiB. Linux only, elsewhere `undefined`. */
  memoryMiB(): number | undefined {
    return memoryMiB(this.#child.pid ?? 0);
  }

  /** Processor time it has used, µs, in steps of 10 ms. Linux only, elsewhere NaN. */
  processorUs(): number {
    return processorUs(this.#child.pid ?? 0);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
