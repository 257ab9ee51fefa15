import { describe, expect, it } from '@jest/globals';
import { Peers } from './peers.js';

describe('Peers', () => {
  it.each<[number, readonly string[], boolean]>([
    [60_000, [], true],
    [60_000, ['me'], true],
    [5000, ['me'], true],
    [60_000, ['me', 'other'], false],
    [60_000, ['other'], false],
    // Not heard for long enough.
    [4999, ['me'], false],
    [0, [], false],
  ])('connected for %d ms, live %j: none is %j', (connectedForMs, live, none) => {
    const peers = new Peers({ connectedForMs }, { liveIds: () => live }, 'me');
    expect(peers.none).toBe(none);
  });
});
