import { describe, expect, it } from '@jest/globals';
import { given } from '@jeroboam/eventing/given';
import { conductor } from './decider.js';

const data = { host: 'node-1', binary: 'conductor', at: 'noon' };

describe('a conductor', () => {
  it('is registered when it starts for the first time', () => {
    given(conductor, [])
      .when({ type: 'RegisterConductor', data })
      .then([{ type: 'ConductorRegistered', data }]);
  });

  it('is not registered again when it starts later', () => {
    given(conductor, [{ type: 'ConductorRegistered', data }])
      .when({ type: 'RegisterConductor', data: { ...data, at: 'later' } })
      .then([]);
  });

  it('is not registered by events of another kind', () => {
    // What a later version may write.
    const unknown = { type: 'ConductorRetired', data: null } as never;
    expect(given(conductor, [unknown]).state).toEqual({ registered: false, reportCount: 0 });
  });

  it.each([
    ['goes on', 7, 8],
    ['does not go back', 8, 8],
  ])('%s with its count', (_, marked, asked) => {
    const history = [
      { type: 'ConductorRegistered', data },
      { type: 'ConductorSeen', data: { reportCount: marked, at: 'noon' } },
    ] as const;
    const seen = { reportCount: asked, at: 'later' };
    given(conductor, history)
      .when({ type: 'MarkConductorSeen', data: seen })
      .then(asked > marked ? [{ type: 'ConductorSeen', data: seen }] : []);
  });
});
