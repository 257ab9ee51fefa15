import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '@jeroboam/platform/config/configuration';
import { edgeSettingsOf, readConfig, readPolicyConfig } from './config.js';

const least = {
  OS_AUTH_URL: 'http://keystone/v3',
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: 'secret',
  OS_PROJECT_NAME: 'service',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_NAME: 'admin',
  JEROBOAM_TRUSTEE_DOMAIN_ADMIN_PASSWORD: 'secret',
};

describe('configuration', () => {
  it('has defaults for all but the accounts', () => {
    const config = readConfig(least);
    expect(config.http).toEqual({ host: '127.0.0.1', port: 9511 });
    const settings = edgeSettingsOf(config);
    expect(settings.maxMicroversion.toString()).toBe('1.12');
    expect(settings).toMatchObject({
      host: { publicUrl: null, trustProxy: false },
      corsOrigins: [],
      authUri: 'http://keystone/v3',
      maxLimit: 1000,
      bodyBytes: 1_048_576,
      rate: { perSecond: 0, burst: 1000 },
    });
    expect(readPolicyConfig({})).toEqual({ file: null, enforceNewDefaults: true });
  });

  it('names Keystone as clients reach it', () => {
    const uri = 'https://keystone.example.org/v3';
    const config = readConfig({ ...least, JEROBOAM_WWW_AUTHENTICATE_URI: uri });
    expect(edgeSettingsOf(config).authUri).toBe(uri);
  });

  it.each(['1.0', '1.15', '2.1', '1', 'latest'])('refuses the version %s', (version) => {
    expect(() => readConfig({ ...least, JEROBOAM_MAX_MICROVERSION: version })).toThrow(
      new ConfigurationError([
        `JEROBOAM_MAX_MICROVERSION must be a version from 1.1 to 1.14, not "${version}"`,
      ]),
    );
  });
});

it('is described in the README, variable by variable', () => {
  const read = new Set<string>();
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get: (_target, name) => {
        read.add(String(name));
        return undefined;
      },
      has: () => true,
    },
  );
  expect(() => readConfig(environment)).toThrow();
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  expect(read.size).toBeGreaterThan(30);
  expect([...read].filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
