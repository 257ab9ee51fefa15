/** One line of a bench's table. */
export interface Measure {
  readonly what: string;
  /** One value a run. The table gives their median, least and greatest. */
  readonly values: readonly number[];
  readonly unit: string;
  readonly goal?: Goal;
}

export interface Goal {
  readonly relation: '≥' | '≤' | '=';
  readonly value: number;
}

/** A file in `tools/bench` exports one as `bench`. */
export interface Bench {
  readonly title: string;
  run(): AsyncIterable<Measure>;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [
    sorted.at(sorted.length % 2 ? middle : middle - 1),
    sorted[middle],
  ];
  return (low + high) / 2;
};

export const isReached = ({ relation, value }: Goal, measured: number): boolean => {
  if (relation === '≥') return measured >= value;
  return relation === '≤' ? measured <= value : measured === value;
};

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
export const show = (value: number): string => (value < 100 ? fine : whole).format(value);

/** A line of a Markdown table. */
export const toRow = ({ what, values, unit, goal }: Measure): string => {
  const middle = median(values);
  const range = `${show(Math.min(...values))} – ${show(Math.max(...values))}`;
  const wanted = goal ? `${goal.relation} ${show(goal.value)}` : '';
  const verdict = goal ? (isReached(goal, middle) ? 'reached' : 'missed') : '';
  return `| ${[what, `${show(middle)} ${unit}`, range, values.length, wanted, verdict].join(' | ')} |`;
};

export const TABLE_HEAD = `| measured | median | range | runs | goal | |
|-|-|-|-|-|-|`;
