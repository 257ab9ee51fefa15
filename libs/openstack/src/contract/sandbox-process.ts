import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = resolve('apps/sandbox/dist/main.js');

export interface RunningSandbox {
  /** Of all its services: `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** End it and drop its state. */
  stop(): Promise<void>;
}

/** The built sandbox as a process of its own, on a free port, with an empty state. */
export const startSandbox = async (): Promise<RunningSandbox> => {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is not there: nx build sandbox`);
  const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-contract-'));
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'],
      JEROBOAM_DATA_DIR: dataDir,
      JEROBOAM_SANDBOX_PORT: '0',
      JEROBOAM_SANDBOX_SPEED: '0.2',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    return { url: await ready(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** The address in its first line. */
const ready = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Error('the sandbox has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ready on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error('the sandbox ended before it was ready');
};

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await exit;
  clearTimeout(late);
};
