import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The line, of either output, that says it can be used. */
  readonly ready: RegExp;
  readonly readyTimeoutMs?: number;
}

/** How a process ended: its code, or the signal that ended it. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const READY_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const KEPT_LINES = 5000;

/** A process of a test: awaited until ready, its output kept, ended for sure. */
export class Child {
  /** What it has written, both outputs, the last 5000 lines. */
  readonly lines: string[] = [];
  readonly exited: Promise<Exit>;
  private readonly watchers = new Set<(line: string) => void>();

  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
  ) {
    this.exited = new Promise((resolve) => {
      process.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
      process.once('error', (error) => {
        this.keep(String(error));
        resolve({ code: 127, signal: null });
      });
    });
    for (const output of [process.stdout, process.stderr]) if (output) this.follow(output);
  }

  /** Resolves once the process has written its line. Rejects, with its output, when it ends or is late. */
  static async start(options: ChildOptions): Promise<Child> {
    const process = spawn(options.command, options.args, {
      env: options.env,
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = new Child(options.name, process);
    try {
      await child.line(options.ready, options.readyTimeoutMs ?? READY_TIMEOUT_MS);
      return child;
    } catch (error) {
      await child.kill();
      throw error;
    }
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  output(): string {
    return this.lines.join('\n');
  }

  /** The first line, past or to come, that matches. */
  line(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        settle();
        reject(new Error(`${this.name} ${why}; its output:\n${this.output()}`));
      };
      const look = (line: string) => {
        const match = pattern.exec(line);
        if (!match) return;
        settle();
        resolve(match);
      };
      const timer = setTimeout(() => {
        fail(`did not write ${String(pattern)} within ${timeoutMs} ms`);
      }, timeoutMs);
      const settle = () => {
        clearTimeout(timer);
        this.watchers.delete(look);
      };
      this.watchers.add(look);
      this.lines.forEach(look);
      void this.exited.then(({ code }) => {
        if (this.watchers.has(look)) fail(`ended with ${String(code)}`);
      });
    });
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<Exit> {
    if (this.running) this.process.kill('SIGKILL');
    return this.exited;
  }

  /** Asks it to end, and ends it when it has not after the time. */
  async stop(timeoutMs = STOP_TIMEOUT_MS): Promise<Exit> {
    if (this.running) this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), timeoutMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  /** Holds it still, as a long pause of the machine would. */
  pause(): void {
    this.process.kill('SIGSTOP');
  }

  resume(): void {
    this.process.kill('SIGCONT');
  }

  private follow(output: Readable): void {
    createInterface({ input: output }).on('line', (line) => {
      this.keep(line);
    });
  }

  private keep(line: string): void {
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    for (const watcher of [...this.watchers]) watcher(line);
  }
}
