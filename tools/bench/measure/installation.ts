import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { memoryMiB, processorUs } from './process-figures.ts';

/** Ports of one installation lie within so many. */
const PORTS = 14;
const FIRST_PORT = 15_000;
const LAST_PORT = 30_000;

/** Of everybody in the sandbox. */
export const PASSWORD = 'bench';

interface Services {
  stop(): Promise<void>;
}

interface Place {
  readonly home: string;
  readonly apiUrl: string;
  readonly sandboxUrl: string;
}

/**
 * Jeroboam as `npm start` runs it, with the sandbox for a cloud, on ports that are free and on data of
 * its own. One at a time.
 */
export class Installation {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  readonly #home: string;
  readonly #services: Services;

  private constructor({ home, apiUrl, sandboxUrl }: Place, services: Services) {
    this.apiUrl = apiUrl;
    this.sandboxUrl = sandboxUrl;
    this.#home = home;
    this.#services = services;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, this.#interrupted);
  }

  /** @param without names of services that stay away */
  static async start(without: readonly string[]): Promise<Installation> {
    const { layout, launch, supervision, packages } = await launcher();
    packages.ensurePackages([{ program: 'nats-server', packages: ['nats-server'] }], console.error);
    const natsServer = packages.findProgram('nats-server');
    if (natsServer === null) throw new Error('nats-server is not on the PATH');
    const all = launch.services({ natsServer, secretKey: '0'.repeat(64), password: PASSWORD });
    const supervisor = new supervision.Supervisor(() => undefined);
    const place = { home: layout.HOME, apiUrl: layout.API_URL, sandboxUrl: layout.SANDBOX_URL };
    const installation = new Installation(place, supervisor);
    try {
      await supervisor.start(all.filter(({ name }) => !without.includes(name)));
    } catch (error) {
      await installation.stop();
      throw error;
    }
    return installation;
  }

  /** Processor time a service has used, µs. */
  processorUs(service: string): number {
    return processorUs(this.#pid(service));
  }

  /** Resident memory of a service, MiB; `undefined` where that cannot be told. */
  memoryMiB(service: string): number | undefined {
    return memoryMiB(this.#pid(service));
  }

  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#interrupted);
    await this.#services.stop();
    await rm(this.#home, { recursive: true, force: true });
  }

  /** The services are in process groups of their own: nobody else would end them. */
  readonly #interrupted = (): void => {
    void this.stop().finally(() => process.exit(1));
  };

  #pid(service: string): number {
    return Number(readFileSync(join(this.#home, 'run', `${service}.pid`), 'utf8'));
  }
}

/** Its layout is fixed by the environment when it is first imported. */
const launcher = async () => {
  process.env['JEROBOAM_HOME'] ??= mkdtempSync(join(tmpdir(), 'bench-'));
  process.env['JEROBOAM_BASE_PORT'] ??= String(await freePorts());
  const [layout, launch, supervision, packages] = await Promise.all([
    import('../../launch/layout.ts'),
    import('../../launch/services.ts'),
    import('../../launch/supervisor.ts'),
    import('../../launch/packages.ts'),
  ]);
  return { layout, launch, supervision, packages };
};

/** First of as many ports in a row as an installation needs. */
const freePorts = async (): Promise<number> => {
  for (;;) {
    const first = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    const each = Array.from({ length: PORTS }, (_, index) => isFree(first + index));
    if ((await Promise.all(each)).every(Boolean)) return first;
  }
};

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
};
