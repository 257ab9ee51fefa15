import type { Positions } from '@jeroboam/platform/nats/positions';
import type { ReadModel } from '@jeroboam/platform/read-model/read-model';

/** How long an answer waits for its own event to be readable, in ms. */
const SHOWN_WITHIN_MS = 5000;

/**
 * Lets an answer wait until reads show what stands at a position: those of this replica by now, those of
 * the others when they are asked. They are told first, so that the word is there before the client is.
 */
export const shownBy =
  (model: Pick<ReadModel, 'waitFor'>, positions: Pick<Positions, 'announce'>) =>
  async (position: bigint): Promise<void> => {
    positions.announce(position);
    await model.waitFor(position, SHOWN_WITHIN_MS);
  };
