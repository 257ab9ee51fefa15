/**
 * Whether a client takes one of some media types. An absent or empty `Accept` takes all. Weights
 * only matter when they are zero.
 */
export const accepts = (header: string | undefined, produced: readonly string[]): boolean => {
  const ranges = (header ?? '')
    .split(',')
    .map(rangeOf)
    .filter(({ type }) => type !== '');
  if (ranges.length === 0) return true;
  return produced.some((type) => ranges.some((range) => range.taken && covers(range.type, type)));
};

const rangeOf = (text: string): { type: string; taken: boolean } => {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  return { type, taken: !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) };
};

const covers = (range: string, type: string): boolean =>
  range === '*/*' || range === type || range === `${type.split('/')[0] ?? ''}/*`;
