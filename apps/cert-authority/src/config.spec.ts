import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

const account = {
  OS_AUTH_URL: 'http://127.0.0.1:9512/identity/v3',
  OS_USERNAME: 'jeroboam',
  OS_PASSWORD: 'sandbox',
  OS_PROJECT_NAME: 'service',
};

describe('readConfig', () => {
  it("has Magnum's defaults and keeps secrets in Barbican", () => {
    expect(readConfig(account)).toMatchObject({
      store: 'barbican',
      http: { host: '127.0.0.1', port: 9522 },
      signing: {
        allowCa: false,
        allowedExtensions: new Set([
          'subjectKeyIdentifier',
          'basicConstraints',
          'extendedKeyUsage',
          'keyUsage',
          'subjectAltName',
        ]),
        allowedKeyUsages: new Set(['Digital Signature', 'Non Repudiation', 'Key Encipherment']),
        termDays: 1825,
        rsaKeySize: 2048,
      },
      openKeys: { limit: 256, ttlSeconds: 60 },
      account: { username: 'jeroboam', interface: 'public' },
    });
  });

  it('needs no account for the local store', () => {
    const config = readConfig({ JEROBOAM_SECRET_STORE: 'local', JEROBOAM_DATA_DIR: '/data' });
    expect(config).toMatchObject({ store: 'local', dataDir: '/data' });
  });

  it('reads lists of names', () => {
    const config = readConfig({
      ...account,
      JEROBOAM_X509_ALLOWED_EXTENSIONS: 'keyUsage, OCSPNoCheck',
      JEROBOAM_X509_ALLOWED_KEY_USAGE: 'Data Encipherment',
    });
    expect(config.signing.allowedExtensions).toEqual(new Set(['keyUsage', 'OCSPNoCheck']));
    expect(config.signing.allowedKeyUsages).toEqual(new Set(['Data Encipherment']));
  });

  it('names every fault at once', () => {
    const environment = {
      JEROBOAM_SECRET_STORE: 'vault',
      JEROBOAM_X509_ALLOWED_EXTENSIONS: 'keyUsage,nope',
      JEROBOAM_X509_RSA_KEY_SIZE: '512',
      JEROBOAM_X509_ALLOW_CA: 'perhaps',
    };
    const named = [
      'JEROBOAM_X509_ALLOW_CA must be true or false',
      'JEROBOAM_X509_ALLOWED_EXTENSIONS holds nope; it may hold authorityKeyIdentifier,',
      'JEROBOAM_X509_RSA_KEY_SIZE must be a whole number from 2048 to 8192',
      'JEROBOAM_SECRET_STORE must be one of barbican, local, not "vault"',
      'OS_AUTH_URL is missing',
      'OS_PASSWORD is missing',
    ];
    for (const fault of named) expect(() => readConfig(environment)).toThrow(fault);
  });
});
