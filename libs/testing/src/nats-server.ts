import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Child } from './child.js';
import { tempFolder, type TempFolder } from './temp-folder.js';

export interface NatsServerOptions {
  readonly user?: string;
  readonly password?: string;
}

interface Place {
  readonly folder: TempFolder;
  readonly port: number;
  readonly credentials: readonly string[];
}

/** A real NATS server with JetStream, on a port and in a folder of its own. */
export class NatsServer {
  private constructor(
    private child: Child,
    private readonly place: Place,
  ) {}

  static async start(options: NatsServerOptions = {}): Promise<NatsServer> {
    const folder = tempFolder('nats-');
    const credentials =
      options.user === undefined ? [] : ['--user', options.user, '--pass', options.password ?? ''];
    // -1 lets the server choose; it says what it chose before it is ready.
    const child = await run(-1, folder.path, credentials);
    const [, port] = await child.line(/client connections on 127\.0\.0\.1:(\d+)/, 1000);
    return new NatsServer(child, { folder, port: Number(port), credentials });
  }

  get url(): string {
    return `nats://127.0.0.1:${this.place.port}`;
  }

  /** Ends it as a crash would. Its streams stay on disk. */
  async kill(): Promise<void> {
    await this.child.kill();
  }

  /** Starts it again where it was, with the streams it had. */
  async restart(): Promise<void> {
    await this.child.stop();
    const { port, folder, credentials } = this.place;
    this.child = await run(port, folder.path, credentials);
  }

  /** Ends it and removes what it stored. */
  async stop(): Promise<void> {
    await this.child.stop();
    this.place.folder.remove();
  }
}

const run = (port: number, folder: string, credentials: readonly string[]): Promise<Child> =>
  Child.start({
    name: 'nats-server',
    command: natsServerBinary(),
    args: ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder, ...credentials],
    ready: /Server is ready/,
  });

/** From PATH, else where Debian puts it. */
export const natsServerBinary = (): string => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin'];
  const found = folders.map((folder) => join(folder, 'nats-server')).find(existsSync);
  if (found === undefined) throw new Error('nats-server is not installed');
  return found;
};
