/**
 * `npm test`: unit and integration tests, then the journeys of a user on one machine. Installs what they
 * need from the distribution when it may; without it those tiers are skipped, loudly, and never in CI.
 */
import { isCi, nothingRun, report, runBuild, runJest, sum, type Outcome } from './testing/runs.ts';
import { ensurePackages, PackagesMissing, type Needed } from './launch/packages.ts';

const CLIENTS = [
  'python3-openstackclient',
  'python3-openstacksdk',
  'python3-magnumclient',
  'python3-heatclient',
  'python3-barbicanclient',
];

const NEEDS: Readonly<Record<'int' | 'e2e', readonly Needed[]>> = {
  int: [
    { program: 'nats-server', packages: ['nats-server'] },
    { program: 'openssl', packages: ['openssl'] },
  ],
  e2e: [
    { program: 'openstack', packages: CLIENTS },
    { program: 'magnum', packages: CLIENTS },
    { program: 'heat', packages: CLIENTS },
    { program: 'barbican', packages: CLIENTS },
    { program: 'ssh-keygen', packages: ['openssh-client'] },
  ],
};

/** Tiers whose needs are met. */
const runnable = (): readonly string[] => {
  const tiers = ['unit'];
  for (const tier of ['int', 'e2e'] as const) {
    try {
      ensurePackages(NEEDS[tier], (message) => {
        process.stdout.write(`${message}\n`);
      });
      tiers.push(tier);
    } catch (error) {
      if (!(error instanceof PackagesMissing)) throw error;
      process.stderr.write(`\n*** THE ${tier} TIER IS SKIPPED: ${error.message}\n\n`);
      if (isCi()) process.exit(1);
      break;
    }
  }
  return tiers;
};

const tiers = runnable();
runBuild();
const quick = runJest(tiers.filter((tier) => tier !== 'e2e'));
// One after the other: each journey brings up a whole installation.
const journeys: Outcome = tiers.includes('e2e') ? runJest(['e2e'], ['--runInBand']) : nothingRun;
report(sum(quick, journeys));
