/** `npm run sim -- --seed N --runs M [--log]`: the seeded simulation of conductors, in its test. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '100' },
    log: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    'apps/conductor/sim',
    '--selectProjects',
    'unit',
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      JEROBOAM_SIM_SEED: values.seed,
      JEROBOAM_SIM_RUNS: values.runs,
      JEROBOAM_SIM_LOG: values.log ? '1' : '0',
    },
  },
);
process.exitCode = status ?? 1;
