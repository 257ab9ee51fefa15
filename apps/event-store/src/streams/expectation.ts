import type { ExpectedRevision } from './refusals.js';

/** What is known of the stream a writer wants to write to. */
export interface StreamFacts {
  /** Last revision, -1 for none. */
  readonly last: number;
  readonly softDeleted: boolean;
  /** First revision of its present life, after soft deletes. */
  readonly born: number;
  readonly hasMetadata: boolean;
}

export type Verdict =
  /** Append. */
  | { readonly kind: 'met' }
  /** Append, unless the stream holds the events already. */
  | { readonly kind: 'met-unless-repeated' }
  /** Refuse, unless the events are what stands in the stream from `revision` on. */
  | { readonly kind: 'behind'; readonly revision: number }
  | { readonly kind: 'unmet' }
  | { readonly kind: 'deleted' };

/** Does the stream meet the writer's expectation? */
export const judge = (expected: ExpectedRevision, facts: StreamFacts): Verdict => {
  switch (expected) {
    case 'any':
      return { kind: 'met-unless-repeated' };
    case 'exists':
      return judgeExists(facts);
    case 'no-stream':
      return facts.last < 0 || facts.softDeleted
        ? { kind: 'met' }
        : { kind: 'behind', revision: facts.born };
    default:
      return judgeRevision(expected, facts.last);
  }
};

const judgeExists = ({ last, softDeleted, hasMetadata }: StreamFacts): Verdict => {
  if (softDeleted) return { kind: 'deleted' };
  return last >= 0 || hasMetadata ? { kind: 'met-unless-repeated' } : { kind: 'unmet' };
};

const judgeRevision = (expected: number, last: number): Verdict => {
  if (expected === last) return { kind: 'met' };
  return expected < last ? { kind: 'behind', revision: expected + 1 } : { kind: 'unmet' };
};
