/**
 * `npm run test:openstack`: the drivers' templates, the clients and the journey on real OpenStack
 * services. As root on Debian 12: installs them, stands them up on loopback, and takes them down again.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './launch/layout.ts';
import { ensurePackages } from './launch/packages.ts';
import { report, runBuild, runJest } from './testing/runs.ts';

const scripts = join(ROOT, 'test/openstack');
const PASSWORD = 'sandbox';

// Outside of the checkout, and open: the database and the message broker run as users of their own.
const state = process.env['CLOUD_STATE'] ?? mkdtempSync('/var/tmp/jeroboam-openstack-');
chmodSync(state, 0o755);
process.env['CLOUD_STATE'] = state;
process.env['CLOUD_PASSWORD'] = PASSWORD;

const script = (name: string, ...args: readonly string[]): number | null =>
  spawnSync('bash', [join(scripts, name), ...args], { stdio: 'inherit' }).status;

if (process.getuid?.() !== 0) {
  process.stderr.write('test:openstack needs root: it installs and starts OpenStack services\n');
  process.exit(1);
}
ensurePackages(
  [
    { program: 'nats-server', packages: ['nats-server'] },
    { program: 'magnum', packages: ['python3-magnumclient'] },
  ],
  (message) => process.stdout.write(`${message}\n`),
);
runBuild();
if (script('up.sh', 'all') !== 0) {
  script('down.sh');
  process.exit(1);
}
Object.assign(process.env, {
  JEROBOAM_REAL_CLOUD: '1',
  OS_AUTH_URL: 'http://127.0.0.1:5000/v3',
  OS_PASSWORD: PASSWORD,
});
const outcome = runJest(['openstack'], ['--runInBand']);
script('down.sh', '--purge');
report(outcome);
