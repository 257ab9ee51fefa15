import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child } from '@jeroboam/testing/child';

/** Services that the supervisor keeps alive, by the names of their pid files. */
export const SERVICES = [
  'api',
  'conductor',
  'cert-authority',
  'stats',
  'event-store',
  'nats-server',
] as const;
export type ServiceName = (typeof SERVICES)[number] | 'sandbox';

export interface InstallationOptions {
  /** Folder for data, logs and credentials. */
  readonly home: string;
  readonly basePort: number;
  /** Variables of a real cloud; without them the sandbox is the cloud. */
  readonly cloud?: Readonly<Record<string, string>>;
  /** Factor on the time the sandbox takes to make things, so that a client can see it in the midst of it. */
  readonly slowness?: number;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 45_000;

/** Jeroboam as `npm start` brings it up. */
export class Installation {
  private constructor(
    private readonly supervisor: Child,
    private readonly options: InstallationOptions,
  ) {}

  /** Resolves once it says that it is ready. */
  static async start(options: InstallationOptions): Promise<Installation> {
    const { home, basePort, cloud, slowness = 1 } = options;
    const { PATH = '', HOME = '' } = process.env;
    const supervisor = await Child.start({
      name: 'npm start',
      command: process.execPath,
      args: [join(root, 'tools/start.ts'), ...(cloud ? ['--no-sandbox'] : [])],
      env: {
        PATH,
        HOME,
        JEROBOAM_HOME: home,
        JEROBOAM_BASE_PORT: String(basePort),
        JEROBOAM_POLL_INTERVAL_MS: '500',
        JEROBOAM_SANDBOX_SPEED: String(slowness),
        ...cloud,
      },
      ready: /Jeroboam is ready/,
      readyTimeoutMs: START_TIMEOUT_MS,
    });
    return new Installation(supervisor, options);
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.options.basePort}`;
  }

  get sandboxUrl(): string {
    return `http://127.0.0.1:${this.options.basePort + 1}`;
  }

  get natsUrl(): string {
    return `nats://127.0.0.1:${this.options.basePort + 3}`;
  }

  /** All that it has printed. */
  output(): string {
    return this.supervisor.output();
  }

  file(name: string): string {
    return join(this.options.home, name);
  }

  log(service: ServiceName): Promise<string> {
    return readFile(join(this.options.home, 'log', `${service}.log`), 'utf8');
  }

  /** Ends a service as a crash would. The supervisor starts it again. */
  async crash(service: ServiceName): Promise<void> {
    const pid = await readFile(join(this.options.home, 'run', `${service}.pid`), 'utf8');
    process.kill(Number(pid), 'SIGKILL');
  }

  async stop(): Promise<void> {
    const { code } = await this.supervisor.stop(STOP_TIMEOUT_MS);
    if (code !== 0) throw new Error(`npm start ended with ${String(code)}:\n${this.output()}`);
  }
}

const root = join(import.meta.dirname, '../..');
