import { describe, expect, it } from '@jest/globals';
import { configuration } from '@jeroboam/platform/config/configuration';
import { statsSection } from './config.js';

describe('settings of the stats service', () => {
  it('have defaults for one machine', () => {
    expect(configuration(statsSection, {})).toMatchObject({
      eventStore: { url: 'esdb://127.0.0.1:9513?tls=false' },
      nats: { servers: ['nats://127.0.0.1:9514'] },
      http: { host: '127.0.0.1', port: 9523 },
      dataDir: '.jeroboam',
    });
  });
});
