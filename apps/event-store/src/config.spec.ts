import { describe, expect, it } from '@jest/globals';
import { ConfigInvalid, readConfig } from './config.js';

describe('readConfig', () => {
  it('has defaults for all', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 9513,
      advertisedHost: '127.0.0.1',
      dataDir: '.jeroboam/data',
      tls: undefined,
      users: new Map(),
      httpHost: '127.0.0.1',
      httpPort: 9524,
      logLevel: 'info',
    });
  });

  it('names every fault at once, and repeats no password', () => {
    const read = () =>
      readConfig({
        JEROBOAM_EVENTSTORE_PORT: '70000',
        JEROBOAM_HTTP_PORT: 'x',
        JEROBOAM_EVENTSTORE_CERT_FILE: '/nowhere/cert.pem',
        JEROBOAM_EVENTSTORE_USERS: 'ann:safe,secret',
        JEROBOAM_LOG_LEVEL: 'loud',
      });
    expect(read).toThrow(ConfigInvalid);
    for (const fault of [
      'JEROBOAM_EVENTSTORE_PORT is not a port: 70000',
      'JEROBOAM_HTTP_PORT is not a port: x',
      'JEROBOAM_EVENTSTORE_CERT_FILE cannot be read: Error: ENOENT',
      'JEROBOAM_EVENTSTORE_USERS is not a list of user:password',
      'JEROBOAM_EVENTSTORE_USERS needs TLS',
      'JEROBOAM_LOG_LEVEL is none of',
    ]) {
      expect(read).toThrow(fault);
    }
    expect(read).not.toThrow(/secret|safe/u);
  });

  it('wants certificate and key together', () => {
    const half = { JEROBOAM_EVENTSTORE_CERT_FILE: import.meta.filename };
    expect(() => readConfig(half)).toThrow(/go together/u);
  });
});
