import { describe, expect, it } from '@jest/globals';
import { appendCredentials } from './credentials.js';

describe('appendCredentials', () => {
  it.each([
    ['esdb://ann:s%40fe@db:2113', { username: 'ann', password: 's@fe' }],
    ['esdb+discover://ann:safe@a:1,b:2?tls=true', { username: 'ann', password: 'safe' }],
    ['esdb://127.0.0.1:9513?tls=false', { username: 'none', password: 'none' }],
    [
      'esdb://a:1,b:2,c:3?keepAliveInterval=10000&tls=false',
      { username: 'none', password: 'none' },
    ],
    ['esdb://db:2113', undefined],
  ])('of %s', (connectionString, credentials) => {
    expect(appendCredentials(connectionString)).toEqual(credentials);
  });
});
