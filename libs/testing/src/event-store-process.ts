import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../apps/event-store/src/main.ts', import.meta.url));

/** Node runs TypeScript, but looks for a file called as the import says. */
const RESOLVE_TS = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!/^[.]{1,2}[/].*[.]js$/.test(specifier)) throw error;
        return next(specifier.slice(0, -2) + 'ts', context);
      }
    },
  });
`)}`;

export interface EventStoreProcessOptions {
  readonly dataDir: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The embedded event store, run from its sources in a process of its own. */
export class EventStoreProcess {
  readonly port: number;
  readonly httpPort: number;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;

  private constructor(child: ChildProcess, ports: { port: number; httpPort: number }) {
    this.#child = child;
    this.#exited = once(child, 'exit');
    this.port = ports.port;
    this.httpPort = ports.httpPort;
  }

  /** Resolves once it listens; rejects with what it wrote to stderr when it ends before. */
  static async start(options: EventStoreProcessOptions): Promise<EventStoreProcess> {
    const child = spawn(process.execPath, ['--import', RESOLVE_TS, MAIN], {
      env: {
        JEROBOAM_HTTP_PORT: '0',
        JEROBOAM_EVENTSTORE_PORT: String(options.port ?? 0),
        JEROBOAM_DATA_DIR: options.dataDir,
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line) as { msg: string; port: number; httpPort: number };
      if (entry.msg !== 'Listening') continue;
      child.stdout.resume();
      return new EventStoreProcess(child, entry);
    }
    throw new Error(complaint.trim());
  }

  /** Without TLS. */
  get connectionString(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends it as an operator does. Gives its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#exited;
    return this.#child.exitCode;
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
