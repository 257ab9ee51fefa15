import { it } from '@jest/globals';
import { cloudContract } from './contract/cloud.contract.js';
import { reachedCloud, seededConfig } from './contract/reached-cloud.js';

/**
 * The contract on a real OpenStack, seeded by test/openstack. Only with JEROBOAM_REAL_CLOUD=1; a
 * service that is missing then is a failure.
 */
const { JEROBOAM_REAL_CLOUD, OS_AUTH_URL, OS_PASSWORD } = process.env;

if (JEROBOAM_REAL_CLOUD === '1') {
  const config = seededConfig(OS_AUTH_URL ?? 'http://127.0.0.1:5000/v3', OS_PASSWORD);
  cloudContract('a real OpenStack', async () => await Promise.resolve(reachedCloud(config)));
} else {
  it.todo('passes on a real OpenStack: only with JEROBOAM_REAL_CLOUD=1');
}
