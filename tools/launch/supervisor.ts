import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOGS, RUN } from './layout.ts';
import type { Service } from './services.ts';

const READY_WITHIN_MS = 50_000;
const STOP_WITHIN_MS = 15_000;
const RESTART_DELAY_MS = 500;
/** A service that dies this often in a row without having been up for a while is left lying. */
const MAX_RESTARTS = 10;
const STEADY_AFTER_MS = 20_000;

/** Thrown when a service cannot be brought up. The message says which, why, and where its log is. */
export class StartFailed extends Error {
  override readonly name = 'StartFailed';
}

interface Running {
  readonly service: Service;
  child: ChildProcess;
  restarts: number;
  startedAt: number;
}

/** Starts services, starts those again that die, stops what it started. Nothing else. */
export class Supervisor {
  private readonly running: Running[] = [];
  private stopping = false;

  private readonly tell: (message: string) => void;

  // Written out, as Node runs this file by leaving types away.
  constructor(tell: (message: string) => void) {
    this.tell = tell;
    mkdirSync(LOGS, { recursive: true });
    mkdirSync(RUN, { recursive: true });
  }

  /** Resolves once all of them work. Throws {@link StartFailed}. */
  async start(services: readonly Service[]): Promise<void> {
    await Promise.all(services.map(({ name, port }) => demandFree(name, port)));
    for (const wave of [1, 2]) {
      const together = services.filter((service) => service.wave === wave);
      for (const service of together) this.launch(service);
      await Promise.all(together.map((service) => this.ready(service)));
    }
  }

  /** Stops everything, those first that need the others. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const wave of [2, 1]) {
      const together = this.running.filter(({ service }) => service.wave === wave);
      await Promise.all(together.map(({ child }) => stopProcess(child)));
    }
  }

  private launch(service: Service): void {
    const entry = { service, child: spawnService(service), restarts: 0, startedAt: Date.now() };
    this.running.push(entry);
    this.watch(entry);
  }

  private watch(entry: Running): void {
    const { service, child } = entry;
    child.once('exit', (code, signal) => {
      if (this.stopping) return;
      if (Date.now() - entry.startedAt > STEADY_AFTER_MS) entry.restarts = 0;
      entry.restarts += 1;
      const how = signal ?? `code ${code}`;
      if (entry.restarts > MAX_RESTARTS) {
        this.tell(
          `${service.name} keeps ending (${how}) and is not started again: ${logOf(service)}`,
        );
        return;
      }
      this.tell(`${service.name} ended (${how}), starting it again`);
      void sleep(RESTART_DELAY_MS * entry.restarts).then(() => {
        if (this.stopping) return;
        entry.child = spawnService(service);
        entry.startedAt = Date.now();
        this.watch(entry);
      });
    });
  }

  private async ready(service: Service): Promise<void> {
    const began = Date.now();
    while (!(await answers(service))) {
      const entry = this.running.find((each) => each.service === service);
      const isDead = entry !== undefined && entry.restarts > 2;
      if (isDead || Date.now() - began > READY_WITHIN_MS) {
        throw new StartFailed(
          `${service.name} does not come up. Last lines of ${logOf(service)}:\n${tail(service)}`,
        );
      }
      await sleep(100);
    }
    this.tell(`${service.name.padEnd(15)} up on port ${service.port}`);
  }
}

const logOf = ({ name }: Service): string => join(LOGS, `${name}.log`);

const tail = (service: Service): string =>
  readFileSync(logOf(service), 'utf8').trim().split('\n').slice(-8).join('\n');

const spawnService = (service: Service): ChildProcess => {
  const log = openSync(logOf(service), 'a');
  const [program = '', ...args] = standingBack(service);
  const child = spawn(program, args, {
    env: { ...process.env, NODE_OPTIONS: '', ...service.env },
    stdio: ['ignore', log, log],
    // A Ctrl-C reaches the whole group: the supervisor alone decides who ends when.
    detached: true,
  });
  child.on('error', () => undefined);
  standBackAsGroup(service, child.pid);
  writeFileSync(join(RUN, `${service.name}.pid`), `${child.pid ?? ''}\n`);
  return child;
};

const standingBack = ({ command, niceness }: Service): readonly string[] =>
  niceness === 0 ? command : ['nice', '-n', String(niceness), ...command];

/**
 * Where Linux shares the processor out by sessions (sched(7), autogroup), niceness counts only inside of
 * one, and each service has its own: then the session is told too.
 */
const standBackAsGroup = ({ niceness }: Service, pid: number | undefined): void => {
  const file = `/proc/${pid ?? ''}/autogroup`;
  if (niceness === 0 || !existsSync(file)) return;
  try {
    writeFileSync(file, String(niceness));
  } catch {
    // It has ended already, or the kernel will not: the service runs as well without.
  }
};

const stopProcess = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = sleep(STOP_WITHIN_MS, 'late', { ref: false });
  if ((await Promise.race([ended, late])) === 'late') child.kill('SIGKILL');
  await ended;
};

const answers = async ({ port, healthUrl }: Service): Promise<boolean> => {
  if (healthUrl === null) return isOpen(port);
  try {
    const response = await fetch(healthUrl, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => {
      settle(true);
    });
    socket.once('error', () => {
      settle(false);
    });
  });

const demandFree = async (name: string, port: number): Promise<void> => {
  if (await isOpen(port)) {
    throw new StartFailed(
      `port ${port} (for ${name}) is taken; is Jeroboam running already (npm stop)? ` +
        'Else set JEROBOAM_BASE_PORT to a free range.',
    );
  }
};
