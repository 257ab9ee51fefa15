import type { Operation, PresentCluster } from '@jeroboam/domain/cluster/state';

/** What was last seen of a stack. */
export interface SeenStack {
  /** `CREATE_IN_PROGRESS` …; `GONE` when Heat does not have it. */
  readonly status: string;
  readonly reason: string;
  readonly updatedAt: string | null;
  /** How often its deletion has failed while we looked. */
  readonly failedDeletions: number;
}

/** Stacks by id. One that is not in it has not been looked at. */
export type Seen = ReadonlyMap<string, SeenStack>;

/** All that the next step depends on. */
export interface Situation {
  readonly cluster: PresentCluster;
  readonly seen: Seen;
  /** ISO-8601. */
  readonly now: string;
  /** Operations of which this process has recorded that Heat is told, and has not told it yet. */
  readonly announced: ReadonlySet<string>;
  /** Stacks whose deletion this process has asked for, by operation. */
  readonly deleting: ReadonlyMap<string, ReadonlySet<string>>;
  /** What kept an operation from going on when it was last tried, by its id: for the user. */
  readonly obstacles: ReadonlyMap<string, string>;
}

/** One step towards what is wished. Each is one idempotent piece of work; see `cluster.effects.ts`. */
export type Effect =
  | { readonly kind: 'ensure-trustee'; readonly operation: Operation }
  | { readonly kind: 'ensure-authorities'; readonly operation: Operation }
  /** The stack of the cluster itself (`null`), or of an additional node group. */
  | {
      readonly kind: 'ensure-stack';
      readonly operation: Operation;
      readonly nodegroupId: string | null;
    }
  | { readonly kind: 'look-at-stack'; readonly operation: Operation; readonly stackId: string }
  /** Record that Heat is about to be told. */
  | { readonly kind: 'announce-update'; readonly operation: Operation; readonly stackId: string }
  | { readonly kind: 'update-stack'; readonly operation: Operation; readonly stackId: string }
  /** The cloud is done: see what came of it, and settle. */
  | { readonly kind: 'record-success'; readonly operation: Operation; readonly stackId: string }
  /** The cloud has failed: find out which resource and why, and settle. */
  | {
      readonly kind: 'record-failure';
      readonly operation: Operation;
      readonly stackId: string;
      readonly reason: string;
    }
  | { readonly kind: 'give-up'; readonly operation: Operation; readonly reason: string }
  /** Load balancers that Kubernetes has made, then the stack. */
  | { readonly kind: 'delete-stack'; readonly operation: Operation; readonly stackId: string }
  /** All known stacks are gone: there may be one that a crash kept from being recorded. */
  | { readonly kind: 'sweep-stacks'; readonly operation: Operation }
  /** Keys, trustee and trust, and the record that nothing is left. */
  | { readonly kind: 'clean-up'; readonly operation: Operation };
