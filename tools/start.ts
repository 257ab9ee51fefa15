/**
 * `npm start`: Jeroboam whole on this machine, with the sandbox for a cloud. Stays in the foreground;
 * with `--detach` it returns when everything is up, and `npm stop` ends it. With `--no-sandbox` it uses
 * the cloud that the OS_* and JEROBOAM_TRUSTEE_* variables name.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { secretKey, writeCredentials } from './launch/credentials.ts';
import { API_URL, LOGS, PID_FILE, RUN } from './launch/layout.ts';
import { ensurePackages, findProgram, PackagesMissing } from './launch/packages.ts';
import { services } from './launch/services.ts';
import { StartFailed, Supervisor } from './launch/supervisor.ts';

const tell = (message: string): void => {
  process.stdout.write(`${message}\n`);
};

const { values: options } = parseArgs({
  options: {
    detach: { type: 'boolean', default: false },
    sandbox: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const password = options.sandbox ? (process.env['JEROBOAM_SANDBOX_PASSWORD'] ?? 'sandbox') : null;

const whatNext = (openrc: string | null): string => `
Jeroboam is ready.
  API        ${API_URL}/v1
  Logs       ${LOGS}

In a second terminal, with the clients of your distribution
(Debian: apt-get install python3-openstackclient python3-magnumclient python3-heatclient):

  ${openrc === null ? '# with the credentials of a user of your cloud' : `. ${openrc}`}
  openstack coe service list
  ssh-keygen -q -t rsa -N '' -f key && openstack keypair create --public-key key.pub testkey
  openstack coe cluster template create swarm-template --coe swarm \\
    --image Fedora-Atomic-26-20170723.0.x86_64 --keypair testkey --external-network public \\
    --flavor m1.small --docker-volume-size 5 --dns-nameserver 8.8.8.8
  openstack coe cluster create swarm --cluster-template swarm-template --node-count 1
  openstack coe cluster show swarm
`;

const foreground = async (): Promise<void> => {
  mkdirSync(RUN, { recursive: true });
  demandAlone();
  const began = Date.now();
  ensurePackages([{ program: 'nats-server', packages: ['nats-server'] }], tell);
  const natsServer = findProgram('nats-server') ?? 'nats-server';
  writeFileSync(PID_FILE, `${process.pid}\n`);
  const supervisor = new Supervisor(tell);
  const stop = () => {
    tell('\nstopping');
    void supervisor.stop().then(() => {
      rmSync(PID_FILE, { force: true });
      tell('stopped');
      process.exit(0);
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    await supervisor.start(
      services({
        natsServer,
        secretKey: process.env['JEROBOAM_SECRET_KEY'] ?? secretKey(),
        password,
      }),
    );
  } catch (error) {
    await supervisor.stop();
    rmSync(PID_FILE, { force: true });
    throw error;
  }
  const openrc = password === null ? null : writeCredentials(password);
  tell(`up in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  tell(whatNext(openrc));
};

const demandAlone = (): void => {
  const pid = runningPid();
  if (pid !== null)
    throw new StartFailed(`is running already (process ${pid}); end it with: npm stop`);
};

const runningPid = (): number | null => {
  if (!existsSync(PID_FILE)) return null;
  const pid = Number(readFileSync(PID_FILE, 'utf8'));
  try {
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
};

/** Runs the foreground form in the background and shows what it prints until it is ready. */
const detached = async (): Promise<void> => {
  mkdirSync(LOGS, { recursive: true });
  const file = join(LOGS, 'start.log');
  writeFileSync(file, '');
  const log = openSync(file, 'a');
  const child = spawn(
    process.execPath,
    [import.meta.filename, ...(options.sandbox ? [] : ['--no-sandbox'])],
    {
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  for (let shown = 0; ;) {
    const text = readFileSync(file, 'utf8');
    process.stdout.write(text.slice(shown));
    shown = text.length;
    if (text.includes('Jeroboam is ready')) break;
    if (child.exitCode !== null) process.exit(child.exitCode);
    await sleep(100);
  }
  tell('Running in the background; end it with: npm stop');
  child.unref();
};

try {
  await (options.detach ? detached() : foreground());
} catch (error) {
  if (!(error instanceof StartFailed || error instanceof PackagesMissing)) throw error;
  process.stderr.write(`jeroboam: ${error.message}\n`);
  process.exit(1);
}
