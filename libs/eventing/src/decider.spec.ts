import { describe, expect, it } from '@jest/globals';
import { fold, Refused } from './decider.js';

describe('fold', () => {
  it('applies events in order', () => {
    const words = {
      initialState: '',
      decide: () => [],
      evolve: (state: string, event: { type: 'Said'; data: string }) => state + event.data,
    };
    expect(
      fold(words, [
        { type: 'Said', data: 'a' },
        { type: 'Said', data: 'b' },
      ]),
    ).toBe('ab');
  });

  it('lets a refusal carry its code', () => {
    expect(new Refused('conflict', 'no').code).toBe('conflict');
  });
});
