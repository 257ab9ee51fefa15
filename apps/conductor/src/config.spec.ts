import { describe, expect, it } from '@jest/globals';
import { configuration, ConfigurationError } from '@jeroboam/platform/config/configuration';
import { conductorSection } from './config.js';

const NEEDED = {
  OS_AUTH_URL: 'http://127.0.0.1:9512/identity/v3',
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: 'hunter2',
  OS_PROJECT_NAME: 'service',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME: 'jeroboam_domain_admin',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD: 'hunter3',
  JEROBOAM_DATA_DIR: '/var/lib/jeroboam',
  JEROBOAM_SECRET_KEY: 'a secret of some length',
  JEROBOAM_MAGNUM_URL: 'http://127.0.0.1:9511/v1',
};

const faultsOf = (environment: Readonly<Record<string, string>>): readonly string[] => {
  try {
    configuration(conductorSection, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
};

describe('settings of the conductor', () => {
  it('have defaults for all that need not be known', () => {
    expect(configuration(conductorSection, NEEDED)).toMatchObject({
      http: { port: 9521 },
      nodeAuthUrl: null,
      clusterUserTrust: false,
      verifyCa: true,
      nodeCaFile: null,
      affinityPolicy: 'soft-anti-affinity',
      postInstallManifestUrl: null,
      volumes: { bootSize: 0, bootType: null, dockerType: null, etcdType: null },
      healthIntervalSeconds: 60,
      pollIntervalMs: 2000,
    });
  });

  it('are refused with all faults at once', () => {
    const faults = faultsOf({
      ...NEEDED,
      JEROBOAM_MAGNUM_URL: '',
      JEROBOAM_NODES_AFFINITY_POLICY: 'close',
      JEROBOAM_POLL_INTERVAL_MS: '1',
      JEROBOAM_HEALTH_POLLING_INTERVAL_SECONDS: 'often',
    });
    expect(faults.toSorted()).toEqual([
      'JEROBOAM_HEALTH_POLLING_INTERVAL_SECONDS must be a whole number from -1 to 86400, not "often"',
      'JEROBOAM_MAGNUM_URL is missing',
      'JEROBOAM_NODES_AFFINITY_POLICY must be one of affinity, anti-affinity, soft-affinity, soft-anti-affinity, not "close"',
      'JEROBOAM_POLL_INTERVAL_MS must be a whole number from 100 to 60000, not "1"',
    ]);
  });

  it('let the health of clusters alone when told so', () => {
    const environment = { ...NEEDED, JEROBOAM_HEALTH_POLLING_INTERVAL_SECONDS: '-1' };
    expect(configuration(conductorSection, environment).healthIntervalSeconds).toBe(-1);
  });
});
