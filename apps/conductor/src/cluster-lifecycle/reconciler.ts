import type { Handler } from '@jeroboam/eventing/handle';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { isPresent, type ClusterState, type PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import { runWithContext } from '@jeroboam/platform/logging/log-context';
import { stackIdsOf } from '../cloud/stack-ids.js';
import type { Sight } from '../cloud/stack.observer.js';
import type { Pause } from '../pause.js';
import type { ClusterEffects } from './cluster.effects.js';
import { Lanes } from './lanes.js';
import { Memory } from './memory.js';
import { metadataOf } from './recording.js';
import type { Effect } from './workflow/situation.js';
import { nextEffects } from './workflow/workflow.js';

/** Steps of one operation in one go. More would mean that some step leads nowhere. */
const MAX_STEPS = 32;

export interface Tools {
  readonly effects: ClusterEffects;
  readonly send: Handler<ClusterState, ClusterCommand, ClusterEvent>;
  readonly releaseClaim: (projectId: string, clusterId: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: Pause;
}

/**
 * Leads each operation of a cluster towards what it wishes: decide, do, record, until there is only to
 * wait. Holds nothing that cannot be lost.
 */
export class Reconciler {
  private readonly memory = new Memory();
  private readonly lanes: Lanes;

  constructor(private readonly tools: Tools) {
    this.lanes = new Lanes(tools.clock, tools.log, tools.pause);
  }

  /** Remembers what a look at the cloud has shown. */
  saw(sight: Sight): void {
    this.memory.saw(sight);
  }

  /** Forgets whatever is of no cluster among these, which are all there is to do. */
  keepOnly(clusters: readonly PresentCluster[]): void {
    const operationIds = clusters.flatMap(({ operations }) => operations.map(({ id }) => id));
    this.memory.keepOnly(operationIds, clusters.flatMap(stackIdsOf));
    this.lanes.keepOnly(operationIds);
  }

  /** Goes on with each operation that is not being worked on, and does not rest after a fault. */
  async reconcile(cluster: PresentCluster): Promise<void> {
    const clusterId = cluster.spec.uuid;
    const effects = nextEffects(this.situationOf(cluster));
    const work = effects.map((effect) =>
      this.lanes.run(clusterId, effect, (limited) =>
        runWithContext({ clusterId }, () => this.follow(effect, cluster, limited)),
      ),
    );
    for (const error of await Promise.all(work)) {
      if (error) this.memory.obstruct(error.operationId, error.words);
    }
  }

  private async follow(first: Effect, cluster: PresentCluster, limited: Limited): Promise<void> {
    let effect: Effect | undefined = first;
    let current = cluster;
    for (let step = 0; step < MAX_STEPS && effect; step++) {
      const after = await this.take(effect, current, limited);
      if (!after) return;
      if (!isPresent(after))
        return this.tools.releaseClaim(cluster.spec.projectId, clusterIdOf(cluster));
      current = after;
      effect = nextEffects(this.situationOf(current)).find(
        ({ kind, operation }) => operation.id === first.operation.id && kind !== 'give-up',
      );
    }
  }

  /** @returns the cluster after the step; `null` when there is only to wait */
  private async take(
    effect: Effect,
    cluster: PresentCluster,
    limited: Limited,
  ): Promise<ClusterState | null> {
    this.tools.log.debug('next step', { step: effect.kind });
    this.memory.begins(effect);
    const result = await limited((signal) => this.tools.effects.run(effect, cluster, signal));
    if (result.waitsFor !== undefined) {
      this.memory.obstruct(effect.operation.id, result.waitsFor);
      return null;
    }
    this.memory.ends(effect, result);
    if (result.record) return this.record(result.record, cluster, effect);
    return result.saw ? cluster : null;
  }

  private async record(
    command: ClusterCommand,
    cluster: PresentCluster,
    effect: Effect,
  ): Promise<ClusterState> {
    const { uuid } = cluster.spec;
    const outcome = await this.tools.send(uuid, command, metadataOf(command, effect));
    for (const event of outcome.events) {
      this.tools.log.info('recorded', { event: event.type, ...reasonOf(event) });
    }
    if (effect.kind === 'announce-update' && outcome.events.length > 0) {
      this.memory.announced(effect.operation.id);
    }
    return outcome.state;
  }

  private situationOf(cluster: PresentCluster) {
    return { cluster, now: this.tools.clock.now(), ...this.memory.of(cluster) };
  }
}

/** Runs a step, and waits for it so long and no longer. */
export type Limited = <T>(step: (signal: AbortSignal) => Promise<T>) => Promise<T>;

const clusterIdOf = ({ spec }: PresentCluster): string => spec.uuid;

const reasonOf = ({ data }: ClusterEvent): { reason?: unknown } =>
  'reason' in data ? { reason: data.reason } : {};
