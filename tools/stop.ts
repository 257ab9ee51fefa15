/** `npm stop`: ends what `npm start` has started, and waits for it. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PID_FILE } from './launch/layout.ts';

const WITHIN_MS = 40_000;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const pid = existsSync(PID_FILE) ? Number(readFileSync(PID_FILE, 'utf8')) : null;
if (pid === null || !isAlive(pid)) {
  rmSync(PID_FILE, { force: true });
  process.stdout.write('Jeroboam is not running\n');
} else {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + WITHIN_MS;
  while (isAlive(pid) && Date.now() < deadline) await sleep(100);
  if (isAlive(pid)) {
    process.stderr.write(`jeroboam: process ${pid} does not end\n`);
    process.exit(1);
  }
  process.stdout.write('Jeroboam has stopped\n');
}
