import type { Session } from '../http/session.js';

/** A stack by its name or its id, or both, which saves a redirect. */
export type StackRef = string | { readonly name: string; readonly id: string };

/** Values of parameters: scalars, lists and maps as HOT takes them. */
export type StackParameters = Readonly<Record<string, unknown>>;

/** What all lists and shows tell of a stack. */
export interface StackSummary {
  readonly id: string;
  readonly name: string;
  /** `CREATE_IN_PROGRESS`, `UPDATE_FAILED`, `DELETE_COMPLETE` … : action, underscore, status. */
  readonly status: string;
  readonly reason: string;
  readonly projectId: string;
  readonly tags: readonly string[];
  /** ISO-8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string | null;
}

/** A stack with its values. */
export interface Stack extends StackSummary {
  readonly parameters: Readonly<Record<string, string>>;
  /** By output key. `null` for values that are not known yet. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly timeoutMinutes: number | null;
}

export interface StackRequest {
  /** `[a-zA-Z][a-zA-Z0-9_.-]{0,254}`; unique in the project. */
  readonly name: string;
  /** HOT text (YAML). */
  readonly template: string;
  /** Text of the files that the template names in `get_file` and `type`, by the name used there. */
  readonly files?: Readonly<Record<string, string>>;
  readonly parameters?: StackParameters;
  /** Environment files, by name, merged in the order given. */
  readonly environments?: Readonly<Record<string, string>>;
  /** Heat gives up after it. Default: Heat's own (60). */
  readonly timeoutMinutes?: number;
  /** Undo a failed create. Default false: what failed stays to be looked at. */
  readonly rollback?: boolean;
  readonly tags?: readonly string[];
}

/** Changes to a stack. What is not given stays as it is. */
export interface StackChange {
  /** With a new template, give all its files. */
  readonly template?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly environments?: Readonly<Record<string, string>>;
  readonly parameters?: StackParameters;
  /** Parameters to set back to the template's default. */
  readonly clearParameters?: readonly string[];
  readonly timeoutMinutes?: number;
  /** Undo a failed update. Default false. */
  readonly rollback?: boolean;
  readonly tags?: readonly string[];
}

/** Filters all hold together; values within one are alternatives. */
export interface StackFilter {
  /** All projects. CloudRefused where policy does not let the session (Heat's default). */
  readonly global?: boolean;
  readonly ids?: readonly string[];
  readonly names?: readonly string[];
  /** Whole status, as `CREATE_IN_PROGRESS`. */
  readonly statuses?: readonly string[];
  /** Also stacks that are deleted and not purged yet. */
  readonly deleted?: boolean;
}

export interface StackResource {
  /** Name in its template. */
  readonly name: string;
  /** Names of the resources it lies in, outermost first; empty at the top. */
  readonly path: readonly string[];
  readonly type: string;
  readonly physicalId: string | null;
  /** `CREATE_FAILED` … */
  readonly status: string;
  readonly reason: string;
  readonly updatedAt: string;
}

export interface StackEvent {
  readonly id: string;
  readonly resourceName: string;
  readonly physicalId: string | null;
  readonly status: string;
  readonly reason: string;
  /** ISO-8601, UTC. */
  readonly time: string;
}

/**
 * Orchestration, in the session's project. Errors of every call: CloudUnavailable, CloudRefused
 * (the token or the trust behind it does not hold, or policy), BadRequest (template or parameters
 * not valid; Heat's words), and of every call on one stack StackNotFound (heat/errors.ts).
 */
export abstract class Heat {
  /** Begin to make a stack. Resolves with its id. StackExists when the name is taken in the project. */
  abstract createStack(as: Session, request: StackRequest): Promise<string>;
  /** By id, a deleted stack shows as `DELETE_COMPLETE` until Heat purges it; by name it is StackNotFound. */
  abstract showStack(as: Session, stack: StackRef): Promise<Stack>;
  /**
   * Begin an update on top of what the stack has (`PATCH`, existing). Of a stack that is busy: with its
   * convergence engine (the default) Heat takes it and goes on from there, without it ActionInProgress. Of one that is being
   * deleted: BadRequest.
   */
  abstract updateStack(as: Session, stack: StackRef, change: StackChange): Promise<void>;
  /** Begin the deletion, also in the middle of another action. A stack that is gone: resolves. */
  abstract deleteStack(as: Session, stack: StackRef): Promise<void>;
  /** All pages. An empty filter of ids, names or statuses matches nothing and asks nothing. */
  abstract listStacks(as: Session, filter?: StackFilter): Promise<readonly StackSummary[]>;
  /** Resources down to the nested depth (default 0: only the stack's own), failed ones first, deepest of these first: the head is the cause. */
  abstract listResources(
    as: Session,
    stack: StackRef,
    nestedDepth?: number,
  ): Promise<readonly StackResource[]>;
  /** The newest events of the stack itself, newest first; at most 100. */
  abstract listEvents(as: Session, stack: StackRef): Promise<readonly StackEvent[]>;
}
