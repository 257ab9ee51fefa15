import { expect, it } from '@jest/globals';
import { shownBy } from './shown.js';

it('what is written is told to the other replicas before this one shows it', async () => {
  const done: string[] = [];
  const model = {
    waitFor: (position: bigint, withinMs: number) => {
      done.push(`shows ${position} within ${withinMs}`);
      return Promise.resolve(true);
    },
  };
  const positions = { announce: (position: bigint) => void done.push(`told ${position}`) };
  await shownBy(model, positions)(7n);
  expect(done).toEqual(['told 7', 'shows 7 within 5000']);
});
