import { Refused } from '@jeroboam/eventing/decider';
import type { ClusterCommand, OperationOutcome } from '@jeroboam/domain/cluster/commands';
import { nodegroupOf } from '@jeroboam/domain/cluster/nodegroups';
import type { Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import { DriverFault } from '@jeroboam/drivers/driver';
import { driverNamed } from '@jeroboam/drivers/registry';
import { StackNotFound } from '@jeroboam/openstack/heat/errors';
import type { StackSummary } from '@jeroboam/openstack/heat/port';
import { BadRequest, CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Authorities } from './authorities.js';
import type { ServiceLoadBalancers } from './load-balancers.js';
import type { FailureCause, Stacks } from './stacks.js';
import type { Trustees } from './trustees.js';
import type { Effect, SeenStack } from './workflow.js';

/** What came of an effect: a fact to record, or what was seen of a stack, or nothing yet. */
export interface Result {
  readonly record?: ClusterCommand;
  readonly saw?: { readonly stackId: string; readonly stack: SeenStack };
}

export interface Hands {
  readonly trustees: Trustees;
  readonly authorities: Authorities;
  readonly stacks: Stacks;
  readonly loadBalancers: ServiceLoadBalancers;
  readonly clock: Clock;
}

/** A stack as the workflow wants to see it. `null`: Heat does not have it. */
export const seen = (stack: StackSummary | null): SeenStack =>
  stack === null
    ? { status: 'GONE', reason: '', updatedAt: null, failedDeletions: 0 }
    : {
        status: stack.status,
        reason: stack.reason,
        updatedAt: stack.updatedAt,
        failedDeletions: 0,
      };

/**
 * Does what the workflow decides: one idempotent piece of work each, and then says what to record.
 * What another try cannot mend becomes the end of the operation; all else is thrown, to be tried again.
 */
export class ClusterEffects {
  constructor(private readonly hands: Hands) {}

  async run(effect: Effect, cluster: PresentCluster): Promise<Result> {
    try {
      return await this.perform(effect, cluster);
    } catch (error) {
      if (!isFinal(error)) throw error;
      return this.settle(effect.operation, {
        kind: 'failed',
        reason: explain(effect, error, cluster),
      });
    }
  }

  private perform(effect: Effect, cluster: PresentCluster): Promise<Result> {
    switch (effect.kind) {
      case 'ensure-trustee':
        return this.ensureTrustee(cluster);
      case 'ensure-authorities':
        return this.ensureAuthorities(cluster);
      case 'ensure-stack':
        return this.ensureStack(cluster, effect.nodegroupId);
      case 'look-at-stack':
        return this.look(cluster, effect.stackId);
      case 'update-stack':
        return this.updateStack(cluster, effect.operation, effect.stackId);
      case 'record-success':
        return this.succeed(cluster, effect.operation, effect.stackId);
      case 'record-failure':
        return this.fail(cluster, effect);
      case 'give-up':
        return this.giveUp(cluster, effect);
      case 'prepare-rotation':
        return this.prepareRotation(cluster, effect.operation);
      case 'delete-stack':
        return this.deleteStack(cluster, effect.stackId);
      case 'delete-unrecorded-stacks':
        return this.deleteUnrecorded(cluster, effect.operation);
      case 'clean-up':
        return this.cleanUp(cluster, effect.operation);
    }
  }

  private async ensureTrustee(cluster: PresentCluster): Promise<Result> {
    const trustee = await this.hands.trustees.ensure(cluster);
    return { record: { type: 'RecordTrustee', data: { ...trustee, at: this.now } } };
  }

  private async ensureAuthorities(cluster: PresentCluster): Promise<Result> {
    await this.hands.authorities.ensure(cluster);
    return { record: { type: 'RecordAuthorities', data: { at: this.now } } };
  }

  private async ensureStack(cluster: PresentCluster, nodegroupId: string | null): Promise<Result> {
    const nodegroup = nodegroupId === null ? null : (nodegroupOf(cluster, nodegroupId) ?? null);
    return this.madeStack(cluster, await this.hands.stacks.ensure(cluster, nodegroup), nodegroupId);
  }

  private madeStack(
    cluster: PresentCluster,
    { id, name }: { readonly id: string; readonly name: string },
    nodegroupId: string | null,
  ): Result {
    const defaults = cluster.nodegroups.filter(({ isDefault }) => isDefault);
    const nodegroupIds = nodegroupId === null ? defaults.map(({ uuid }) => uuid) : [nodegroupId];
    const data = { stackId: id, stackName: name, nodegroupIds, at: this.now };
    return { record: { type: 'RecordStackCreation', data } };
  }

  private async look(cluster: PresentCluster, stackId: string): Promise<Result> {
    try {
      const stack = await this.hands.stacks.show(cluster, stackId);
      return { saw: { stackId, stack: seen(stack) } };
    } catch (error) {
      if (error instanceof StackNotFound) return { saw: { stackId, stack: seen(null) } };
      throw error;
    }
  }

  private async updateStack(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<Result> {
    const stackUpdatedAt = await this.hands.stacks.update(cluster, operation, stackId);
    if (stackUpdatedAt === undefined) return this.look(cluster, stackId);
    const data = { operationId: operation.id, stackId, stackUpdatedAt, at: this.now };
    return { record: { type: 'RecordStackUpdate', data } };
  }

  private async succeed(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<Result> {
    if (operation.kind === 'rotate-authority') await this.hands.authorities.commitRotation(cluster);
    const stack = await this.hands.stacks.show(cluster, stackId);
    const driver = driverNamed(cluster.spec.driver);
    const facts =
      stackId === cluster.stackId
        ? driver.facts(stack, cluster.nodegroups)
        : operation.kind === 'add-nodegroup'
          ? driver.nodegroupFacts(stack)
          : null;
    return this.settle(operation, { kind: 'complete', facts });
  }

  private async fail(
    cluster: PresentCluster,
    effect: Extract<Effect, { kind: 'record-failure' }>,
  ): Promise<Result> {
    const { operation, stackId, reason } = effect;
    if (operation.kind === 'rotate-authority')
      await this.hands.authorities.abandonRotation(cluster);
    const cause = await this.causeOf(cluster, stackId);
    const faults = cause && operation.kind === 'create' ? faultsOf(cluster, cause) : {};
    return this.settle(operation, { kind: 'failed', reason: cause?.text ?? reason, faults });
  }

  private async giveUp(
    cluster: PresentCluster,
    { operation, reason }: Extract<Effect, { kind: 'give-up' }>,
  ): Promise<Result> {
    if (operation.kind === 'rotate-authority')
      await this.hands.authorities.abandonRotation(cluster);
    return this.settle(operation, { kind: 'failed', reason });
  }

  /** A stack that cannot be asked any more still has its own words for the failure. */
  private async causeOf(cluster: PresentCluster, stackId: string): Promise<FailureCause | null> {
    try {
      return await this.hands.stacks.causeOfFailure(cluster, stackId);
    } catch (error) {
      if (error instanceof NotFound || error instanceof CloudRefused) return null;
      throw error;
    }
  }

  private async prepareRotation(cluster: PresentCluster, operation: Operation): Promise<Result> {
    await this.hands.authorities.prepareRotation(cluster);
    return this.updateStack(cluster, operation, cluster.stackId ?? '');
  }

  private async deleteStack(cluster: PresentCluster, stackId: string): Promise<Result> {
    if (stackId === cluster.stackId && (await this.hands.loadBalancers.dismiss(cluster)) > 0) {
      return {};
    }
    await this.hands.stacks.delete(cluster, stackId);
    return this.look(cluster, stackId);
  }

  private async deleteUnrecorded(cluster: PresentCluster, operation: Operation): Promise<Result> {
    const id = 'nodegroupId' in operation ? operation.nodegroupId : null;
    const nodegroup = id === null ? null : (nodegroupOf(cluster, id) ?? null);
    const found = await this.hands.stacks.unrecorded(cluster, nodegroup);
    return found ? this.madeStack(cluster, found, id) : this.cleanUp(cluster, operation);
  }

  private async cleanUp(cluster: PresentCluster, operation: Operation): Promise<Result> {
    if (operation.kind === 'delete') {
      await this.hands.authorities.destroy(cluster);
      await this.hands.trustees.remove(cluster);
    }
    return this.settle(operation, { kind: 'complete', facts: null });
  }

  private settle(operation: Operation, outcome: OperationOutcome): Result {
    const data = { operationId: operation.id, outcome, at: this.now };
    return { record: { type: 'SettleOperation', data } };
  }

  private get now(): string {
    return this.hands.clock.now();
  }
}

/** Trying again would end the same way: the request itself is at fault, or whom we act for. */
const isFinal = (error: unknown): error is Error =>
  error instanceof DriverFault ||
  error instanceof BadRequest ||
  error instanceof CloudRefused ||
  error instanceof NotFound ||
  error instanceof Refused;

const explain = (effect: Effect, error: Error, { spec }: PresentCluster): string => {
  switch (effect.kind) {
    case 'ensure-trustee':
      return `Failed to create trustee or trust for Cluster: ${spec.uuid}. ${error.message}`;
    case 'ensure-authorities':
      return `Failed to create certificates for Cluster: ${spec.uuid}. ${error.message}`;
    case 'look-at-stack':
    case 'delete-stack':
      return `${error.message} Delete the cluster again to renew the trust it is managed with.`;
    default:
      return error.message;
  }
};

/** Node groups to which the resource that failed belongs. */
const faultsOf = (
  cluster: PresentCluster,
  { path, text }: FailureCause,
): Record<string, string> => {
  const isMaster = path.some((name) => name.includes('master'));
  const isWorker = path.some((name) => /minion|worker|node/.test(name));
  if (isMaster === isWorker) return {};
  const hit = cluster.nodegroups.filter(({ role }) => (role === 'master') === isMaster);
  return Object.fromEntries(hit.map(({ uuid }) => [uuid, text]));
};
