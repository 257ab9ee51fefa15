import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '@jeroboam/testing/app';
import type { Child } from '@jeroboam/testing/child';
import { tempFolder } from '@jeroboam/testing/temp-folder';
import { openSecretStore, type OpenedSecretStore } from '../compose.js';
import { readConfig } from '../config.js';
import { secretStoreContract } from './secret-store.contract.js';
import { SecretStoreUnavailable } from './secret-store.js';

const folder = tempFolder('cert-authority-barbican-');
let sandbox: Child;
let opened: OpenedSecretStore;

const connect = (authUrl: string, password = 'sandbox'): Promise<OpenedSecretStore> =>
  openSecretStore(
    readConfig({
      OS_AUTH_URL: authUrl,
      OS_USERNAME: 'jeroboam',
      OS_PASSWORD: password,
      OS_PROJECT_NAME: 'service',
    }),
  );

let authUrl: string;

beforeAll(async () => {
  sandbox = await startApp({
    app: 'sandbox',
    env: { JEROBOAM_SANDBOX_PORT: '0', JEROBOAM_DATA_DIR: folder.path },
    ready: /ready on/,
  });
  const [, address] = await sandbox.line(/ready on (\S+)/, 1000);
  authUrl = `${address ?? ''}/identity/v3`;
  opened = await connect(authUrl);
}, 30_000);
afterAll(async () => {
  await opened.close();
  await sandbox.stop();
  folder.remove();
});

secretStoreContract('BarbicanSecretStore over HTTP', () => Promise.resolve(opened.secrets));

describe('BarbicanSecretStore over HTTP', () => {
  it('is unavailable to who has the wrong password', async () => {
    const refused = await connect(authUrl, 'wrong');
    await expect(refused.secrets.ping()).rejects.toThrow(SecretStoreUnavailable);
    await refused.close();
  });

  it('is unavailable where nobody answers', async () => {
    const nobody = await connect('http://127.0.0.1:1/identity/v3');
    await expect(nobody.secrets.ping()).rejects.toThrow(SecretStoreUnavailable);
    await nobody.close();
  });
});
