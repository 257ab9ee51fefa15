import type { StackFilter, StackSummary } from './port.js';

/** The stacks that a filter lets through. */
export const matching = (
  stacks: readonly StackSummary[],
  { ids, names, statuses, deleted }: StackFilter,
): readonly StackSummary[] =>
  stacks.filter(
    ({ id, name, status }) =>
      // Heat lists a stack for a moment after its deletion has ended.
      (deleted === true || status !== 'DELETE_COMPLETE') &&
      among(ids, id) &&
      among(names, name) &&
      among(statuses, status),
  );

const among = (wanted: readonly string[] | undefined, value: string): boolean =>
  wanted === undefined || wanted.includes(value);
