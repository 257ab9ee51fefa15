import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.js';

describe('configuration', () => {
  it('has defaults for everything', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 9512,
      password: 'sandbox',
      dataDir: '.jeroboam/sandbox',
      speed: 1,
      apiUrl: 'http://127.0.0.1:9511/v1',
      region: 'RegionOne',
      publicUrl: undefined,
    });
  });

  it('names every fault at once', () => {
    const env = {
      JEROBOAM_SANDBOX_PORT: '70000',
      JEROBOAM_SANDBOX_SPEED: 'fast',
      JEROBOAM_API_URL: 'nowhere',
      JEROBOAM_SANDBOX_PASSWORD: '',
    };
    expect(() => readConfig(env)).toThrow(
      'JEROBOAM_SANDBOX_PORT must be a number from 0 to 65535, not "70000"; ' +
        'JEROBOAM_SANDBOX_PASSWORD is empty; ' +
        'JEROBOAM_SANDBOX_SPEED must be a number from 0 to 1000, not "fast"; ' +
        'JEROBOAM_API_URL is no URL: "nowhere"',
    );
  });
});
