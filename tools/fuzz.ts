/** `npm run fuzz -- --runs N --seed S`: requests made up from the API document; the seed is chance unless given. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './launch/layout.ts';

const wholeNumber = (name: string, value: string): string => {
  if (/^\d{1,9}$/.test(value)) return value;
  process.stderr.write(`--${name} must be a whole number, not "${value}"\n`);
  process.exit(2);
};

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const runs = wholeNumber('runs', values.runs);
const seed = wholeNumber('seed', values.seed);
process.stdout.write(`${runs} requests, seed ${seed}\n`);

const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(
  process.execPath,
  [jest, 'apps/api/src/fuzz', '--selectProjects', 'unit'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --no-warnings',
      JEROBOAM_FUZZ_RUNS: runs,
      JEROBOAM_FUZZ_SEED: seed,
    },
  },
);
process.exit(status ?? 1);
