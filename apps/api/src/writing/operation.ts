/** What every operation on a cluster begins with. */
export interface Begin {
  readonly operationId: string;
  readonly at: string;
  readonly deadline: string;
}

const DEFAULT_MINUTES = 60;
const MS_PER_MINUTE = 60_000;

/** @param minutes what the operation may take; 0 leaves it to us */
export const beginning = (operationId: string, at: string, minutes: number): Begin => ({
  operationId,
  at,
  deadline: new Date(
    Date.parse(at) + (minutes === 0 ? DEFAULT_MINUTES : minutes) * MS_PER_MINUTE,
  ).toISOString(),
});
