import { randomInt } from 'node:crypto';

/** ISO-8601 with microseconds and offset, as clients have always been sent times. */
export const wireTime = (at: string): string => at.replace(/\.(\d{3})Z$/, '.$1000+00:00');

export const wireTimeOrNull = (at: string | null): string | null =>
  at === null ? null : wireTime(at);

const GREEK =
  'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega'.split(
    ' ',
  );

/** A name for what was given none: `sigma-7-cluster`. */
export const generatedName = (kind: string): string =>
  `${GREEK[randomInt(GREEK.length)] ?? ''}-${randomInt(1, GREEK.length + 1)}-${kind}`;
