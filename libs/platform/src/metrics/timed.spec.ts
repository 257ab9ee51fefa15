import { describe, expect, it } from '@jest/globals';
import { Refused } from '@jeroboam/eventing/decider';
import { Metrics } from './metrics.js';
import { timed } from './timed.js';

const countOf = async (metrics: Metrics, outcome: string) => {
  const text = await metrics.registry.metrics();
  return new RegExp(`jeroboam_command_seconds_count\\{.*outcome="${outcome}".*\\} (\\d+)`).exec(
    text,
  )?.[1];
};

describe('timed', () => {
  it('gives the result on and counts it as done', async () => {
    const metrics = new Metrics('api');
    const result = await timed(metrics.commands, { command: 'Resize' }, () => Promise.resolve(7));
    expect(result).toBe(7);
    expect(await countOf(metrics, 'done')).toBe('1');
  });

  it.each([
    ['refused', new Refused('conflict', 'no')],
    ['failed', new Error('bug')],
  ])('counts %s apart and throws on', async (outcome, error) => {
    const metrics = new Metrics('api');
    const work = timed(metrics.commands, { command: 'Resize' }, () => Promise.reject(error));
    await expect(work).rejects.toBe(error);
    expect(await countOf(metrics, outcome)).toBe('1');
  });
});
