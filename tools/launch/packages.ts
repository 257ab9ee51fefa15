import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Folders a program may lie in beyond those on PATH: users' PATHs often lack the sbin ones. */
const ALSO = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin'];

/** Full path of a program, `null` when it is not installed. */
export const findProgram = (name: string): string | null => {
  const folders = [...(process.env['PATH'] ?? '').split(':'), ...ALSO];
  const found = folders.find((folder) => folder !== '' && isExecutable(join(folder, name)));
  return found === undefined ? null : join(found, name);
};

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Something from the distribution that must be there, with the program that shows it. */
export interface Needed {
  readonly program: string;
  readonly packages: readonly string[];
}

/** Thrown when what is needed is missing and may not be installed. The message is one line of advice. */
export class PackagesMissing extends Error {
  override readonly name = 'PackagesMissing';
}

/**
 * Installs what is missing from the distribution's packages, as root or with a sudo that asks nothing.
 *
 * @param tell hears of an installation before it begins
 */
export const ensurePackages = (needs: readonly Needed[], tell: (message: string) => void): void => {
  const missing = needs.filter(({ program }) => findProgram(program) === null);
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const advice = `${missing.map(({ program }) => program).join(', ')} not found; install with: sudo sh -c '${command}'`;
  const asRoot = process.getuid?.() === 0;
  if (!(asRoot || mayUseSudo()) || findProgram('apt-get') === null)
    throw new PackagesMissing(advice);
  tell(`installing ${packages.join(', ')} from the distribution's packages`);
  const fault = install(packages, asRoot);
  if (fault !== null) throw new PackagesMissing(`${advice} (tried it: ${fault})`);
};

/** Last line of what went wrong, `null` when nothing did. */
const install = (packages: readonly string[], asRoot: boolean): string | null => {
  // The package's own daemon must not start: the one we start has our ports and our data.
  const script =
    'export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; apt-get update -qq; ' +
    `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const result = asRoot
    ? spawnSync('sh', ['-c', script], { encoding: 'utf8' })
    : spawnSync('sudo', ['-n', 'sh', '-c', script], { encoding: 'utf8' });
  return result.status === 0 ? null : (result.stderr.trim().split('\n').at(-1) ?? 'failed');
};

/** Whether sudo lets us without asking for a password. */
const mayUseSudo = (): boolean => spawnSync('sudo', ['-n', 'true']).status === 0;
