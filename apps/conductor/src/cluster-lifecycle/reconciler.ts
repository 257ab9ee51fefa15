import type { Handler } from '@jeroboam/eventing/handle';
import type { Metadata } from '@jeroboam/eventing/message';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import {
  isPresent,
  type ClusterState,
  type Operation,
  type PresentCluster,
} from '@jeroboam/domain/cluster/state';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { runWithContext } from '@jeroboam/platform/logging/log-context';
import { serviceMetadata } from '../service-metadata.js';
import type { ClusterEffects } from './cluster.effects.js';
import { stackIdsOf } from './stack-ids.js';
import { nextEffects, type Effect, type Seen, type SeenStack } from './workflow.js';

/** Steps of one cluster in one go. More would mean that some step leads nowhere. */
const MAX_STEPS = 32;
const RETRY_MIN_MS = 1000;
const RETRY_MAX_MS = 30_000;

export interface Tools {
  readonly effects: ClusterEffects;
  readonly send: Handler<ClusterState, ClusterCommand, ClusterEvent>;
  readonly releaseClaim: (projectId: string, clusterId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Setback {
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
}

/**
 * Leads one cluster after the other towards what its operations wish: decide, do, record, until there
 * is only to wait. Holds nothing that cannot be lost.
 */
export class Reconciler {
  private readonly busy = new Set<string>();
  private readonly setbacks = new Map<string, Setback>();
  /** Stacks as last seen, by id. */
  private readonly looked = new Map<string, SeenStack>();
  /** How often the deletion of a stack has failed, by operation and stack. */
  private readonly failedDeletions = new Map<string, number>();

  constructor(private readonly tools: Tools) {}

  /** Remembers what a look at the cloud has shown. */
  saw(stacks: Seen): void {
    for (const [stackId, stack] of stacks) this.looked.set(stackId, stack);
  }

  /** Does nothing while the same cluster is being worked on, or rests after a fault of the cloud. */
  async reconcile(cluster: PresentCluster): Promise<void> {
    const { uuid } = cluster.spec;
    const { clock, log } = this.tools;
    const now = Date.parse(clock.now());
    if (this.busy.has(uuid) || (this.setbacks.get(uuid)?.notBefore ?? 0) > now) return;
    this.busy.add(uuid);
    try {
      await runWithContext({ clusterId: uuid }, () => this.work(cluster));
      this.setbacks.delete(uuid);
    } catch (error) {
      const failures = (this.setbacks.get(uuid)?.failures ?? 0) + 1;
      const delayMs = Math.min(RETRY_MIN_MS * 2 ** (failures - 1), RETRY_MAX_MS);
      this.setbacks.set(uuid, { failures, notBefore: now + delayMs });
      log.warn('work on a cluster failed and is tried again', {
        clusterId: uuid,
        delayMs,
        err: error,
      });
    } finally {
      this.busy.delete(uuid);
    }
  }

  private async work(first: PresentCluster): Promise<void> {
    let cluster: ClusterState = first;
    for (let step = 0; step < MAX_STEPS && isPresent(cluster); step++) {
      const now = this.tools.clock.now();
      const seen = this.seenFor(cluster);
      const [effect] = nextEffects({ cluster, seen, now });
      if (!effect) return;
      const after = await this.take(effect, cluster);
      if (!after) return;
      cluster = after;
    }
    if (!isPresent(cluster)) await this.forget(first);
  }

  /** @returns the cluster after the step; `null` when there is only to wait */
  private async take(effect: Effect, cluster: PresentCluster): Promise<ClusterState | null> {
    this.tools.log.debug('next step', { step: effect.kind });
    this.countDeletion(effect);
    const { saw, record } = await this.tools.effects.run(effect, cluster);
    if (record && 'stackId' in effect) this.looked.delete(effect.stackId);
    if (saw) this.looked.set(saw.stackId, saw.stack);
    if (record) return this.record(record, cluster, effect);
    return saw ? cluster : null;
  }

  private async record(
    command: ClusterCommand,
    cluster: PresentCluster,
    effect: Effect,
  ): Promise<ClusterState> {
    const outcome = await this.tools.send(cluster.spec.uuid, command, metadataOf(command, effect));
    for (const event of outcome.events) {
      this.tools.log.info('recorded', { event: event.type, ...reasonOf(event) });
    }
    return outcome.state;
  }

  /** Deleting once more what could not be deleted is counted. */
  private countDeletion(effect: Effect): void {
    if (effect.kind !== 'delete-stack') return;
    if (this.looked.get(effect.stackId)?.status !== 'DELETE_FAILED') return;
    const key = deletionKey(effect.operation, effect.stackId);
    this.failedDeletions.set(key, (this.failedDeletions.get(key) ?? 0) + 1);
  }

  /** What was last seen of the cluster's stacks. */
  private seenFor({ operations: [operation], ...cluster }: PresentCluster): Seen {
    const seen = new Map<string, SeenStack>();
    for (const stackId of stackIdsOf(cluster)) {
      const stack = this.looked.get(stackId);
      const key = operation ? deletionKey(operation, stackId) : '';
      const failedDeletions = this.failedDeletions.get(key) ?? 0;
      if (stack) seen.set(stackId, { ...stack, failedDeletions });
    }
    return seen;
  }

  /** The cluster is gone: its place under the quota is free. */
  private async forget({ spec, ...cluster }: PresentCluster): Promise<void> {
    for (const stackId of stackIdsOf(cluster)) this.looked.delete(stackId);
    await this.tools.releaseClaim(spec.projectId, spec.uuid);
  }
}

const deletionKey = ({ id }: Operation, stackId: string): string => `${id} ${stackId}`;

/** Recording the same fact of the same operation again has the same id, whichever conductor does it. */
const metadataOf = (command: ClusterCommand, { operation, kind }: Effect): Metadata =>
  serviceMetadata(operation.id, `${operation.id}/${kind}/${command.type}${factOf(command)}`);

/** What tells two facts of one kind in one operation apart. */
const factOf = (command: ClusterCommand): string => {
  switch (command.type) {
    case 'RecordStackCreation':
      return `/${command.data.stackId}`;
    case 'RecordStackUpdate':
      return `/${command.data.at}`;
    default:
      return '';
  }
};

const reasonOf = ({ data }: ClusterEvent): { reason?: unknown } =>
  'reason' in data ? { reason: data.reason } : {};
