import type { ClusterCommand, OperationOutcome } from '@jeroboam/domain/cluster/commands';
import { nodegroupOf } from '@jeroboam/domain/cluster/nodegroups';
import type { Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import { StackNotFound } from '@jeroboam/openstack/heat/errors';
import { CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { Clock } from '@jeroboam/platform/ids/clock';
import type { Log } from '@jeroboam/platform/logging/log';
import type { Authorities } from '../cloud/authorities.js';
import type { ServiceLoadBalancers } from '../cloud/load-balancers.js';
import { seenOf } from '../cloud/seen-of.js';
import type { FailureCause, MadeStack, Stacks } from '../cloud/stacks.js';
import type { Trustees } from '../cloud/trustees.js';
import { explain, faultsOf, isFinal, isTrustLost } from './faults.js';
import type { Effect, SeenStack } from './workflow/situation.js';

/** What came of an effect: a fact to record, or what was seen of a stack, or nothing yet. */
export interface Result {
  readonly record?: ClusterCommand;
  readonly saw?: { readonly stackId: string; readonly stack: SeenStack };
  /** What has to go away first, for the user. */
  readonly waitsFor?: string;
}

export interface Hands {
  readonly trustees: Trustees;
  readonly authorities: Authorities;
  readonly stacks: Stacks;
  readonly loadBalancers: ServiceLoadBalancers;
  readonly clock: Clock;
  readonly log: Log;
  /** By the log itself, not by what a read model has got to. */
  readonly isInHand: (clusterId: string, operationId: string) => Promise<boolean>;
}

/** The operation is over, or somebody else's affair by now: there is nothing to do for it. */
class Superseded extends Error {
  override readonly name = 'Superseded';
}

/**
 * Does what the workflow decides: one idempotent piece of work each, and then says what to record.
 * What another try cannot mend becomes the end of the operation; all else is thrown, to be tried again.
 */
export class ClusterEffects {
  constructor(private readonly hands: Hands) {}

  /** @param signal aborts when nobody waits for the effect any more: nothing new is begun then */
  async run(effect: Effect, cluster: PresentCluster, signal: AbortSignal): Promise<Result> {
    try {
      return await this.perform(effect, cluster, this.confirming(effect, cluster, signal));
    } catch (error) {
      if (error instanceof Superseded) return {};
      if (!isFinal(error)) throw error;
      if (await this.wasCleaningUp(effect, cluster, error)) {
        return this.cleanUp(cluster, effect.operation);
      }
      const reason = explain(effect, error, cluster);
      return this.failed(cluster, effect.operation, { kind: 'failed', reason });
    }
  }

  private perform(
    effect: Effect,
    cluster: PresentCluster,
    confirm: () => Promise<void>,
  ): Promise<Result> {
    switch (effect.kind) {
      case 'ensure-trustee':
        return this.ensureTrustee(cluster, confirm);
      case 'ensure-authorities':
        return this.ensureAuthorities(cluster);
      case 'ensure-stack':
        return this.ensureStack(cluster, effect.nodegroupId, confirm);
      case 'look-at-stack':
        return this.look(cluster, effect.stackId);
      case 'announce-update':
        return this.announce(cluster, effect.operation, effect.stackId);
      case 'update-stack':
        return this.updateStack(cluster, effect.operation, effect.stackId);
      case 'record-success':
        return this.succeed(cluster, effect.operation, effect.stackId);
      case 'record-failure':
        return this.fail(cluster, effect);
      case 'give-up':
        return this.failed(cluster, effect.operation, { kind: 'failed', reason: effect.reason });
      case 'delete-stack':
        return this.deleteStack(cluster, effect);
      case 'sweep-stacks':
        return this.sweep(cluster, effect.operation);
      case 'clean-up':
        return this.cleanUp(cluster, effect.operation);
    }
  }

  /** Asked right before something is made that nobody would look for once the operation is over. */
  private confirming(effect: Effect, { spec }: PresentCluster, signal: AbortSignal) {
    return async (): Promise<void> => {
      const isWanted = await this.hands.isInHand(spec.uuid, effect.operation.id);
      if (signal.aborted || !isWanted) throw new Superseded();
    };
  }

  private async ensureTrustee(
    cluster: PresentCluster,
    confirm: () => Promise<void>,
  ): Promise<Result> {
    const trustee = await this.hands.trustees.ensure(cluster, confirm);
    return { record: { type: 'RecordTrustee', data: { ...trustee, at: this.now } } };
  }

  private async ensureAuthorities(cluster: PresentCluster): Promise<Result> {
    await this.hands.authorities.ensure(cluster);
    return { record: { type: 'RecordAuthorities', data: { at: this.now } } };
  }

  private async ensureStack(
    cluster: PresentCluster,
    nodegroupId: string | null,
    confirm: () => Promise<void>,
  ): Promise<Result> {
    const nodegroup = nodegroupId === null ? null : (nodegroupOf(cluster, nodegroupId) ?? null);
    const made = await this.hands.stacks.ensure(cluster, nodegroup, confirm);
    return this.recordedStack(cluster, made);
  }

  private recordedStack(
    { nodegroups }: PresentCluster,
    { id, name, nodegroupId }: MadeStack,
  ): Result {
    const defaults = nodegroups.filter(({ isDefault }) => isDefault).map(({ uuid }) => uuid);
    const nodegroupIds = nodegroupId === null ? defaults : [nodegroupId];
    const data = { stackId: id, stackName: name, nodegroupIds, at: this.now };
    return { record: { type: 'RecordStackCreation', data } };
  }

  private async look(cluster: PresentCluster, stackId: string): Promise<Result> {
    try {
      const stack = await this.hands.stacks.show(cluster, stackId);
      return { saw: { stackId, stack: seenOf(stack) } };
    } catch (error) {
      if (error instanceof StackNotFound) return { saw: { stackId, stack: seenOf(null) } };
      throw error;
    }
  }

  private async announce(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<Result> {
    const stack = await this.hands.stacks.readyFor(cluster, operation, stackId);
    if (stack.status.endsWith('_IN_PROGRESS')) return { saw: { stackId, stack: seenOf(stack) } };
    if (operation.kind === 'rotate-authority') {
      await this.hands.authorities.prepareRotation(cluster);
    }
    const { updatedAt: stackUpdatedAt } = stack;
    const data = { operationId: operation.id, stackId, stackUpdatedAt, at: this.now };
    return { record: { type: 'RecordStackUpdate', data } };
  }

  private async updateStack(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<Result> {
    await this.hands.stacks.update(cluster, operation, stackId);
    return this.look(cluster, stackId);
  }

  private async succeed(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<Result> {
    const facts = await this.hands.stacks.facts(cluster, operation, stackId);
    if (operation.kind === 'rotate-authority') await this.hands.authorities.commitRotation(cluster);
    return this.settle(operation, { kind: 'complete', facts });
  }

  private async fail(
    cluster: PresentCluster,
    { operation, stackId, reason }: Extract<Effect, { kind: 'record-failure' }>,
  ): Promise<Result> {
    const cause = await this.causeOf(cluster, stackId);
    const faults = cause && operation.kind === 'create' ? faultsOf(cluster, cause) : {};
    const words = cause?.text ?? (reason === '' ? 'The stack has failed.' : reason);
    return this.failed(cluster, operation, { kind: 'failed', reason: words, faults });
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

  /** The end comes in any case; keys that were made ready for a rotation serve the next one. */
  private async failed(
    cluster: PresentCluster,
    operation: Operation,
    outcome: OperationOutcome,
  ): Promise<Result> {
    if (operation.kind === 'rotate-authority') {
      await this.hands.authorities.abandonRotation(cluster).catch((error: unknown) => {
        this.hands.log.warn('a rotation could not be abandoned', { err: error });
      });
    }
    return this.settle(operation, outcome);
  }

  private async deleteStack(
    cluster: PresentCluster,
    { operation, stackId }: Extract<Effect, { kind: 'delete-stack' }>,
  ): Promise<Result> {
    const waits =
      stackId === cluster.stackId ? await this.loadBalancersLeft(cluster, operation) : null;
    if (waits) return waits;
    await this.hands.stacks.delete(cluster, stackId);
    return this.look(cluster, stackId);
  }

  private async loadBalancersLeft(
    cluster: PresentCluster,
    { kind }: Operation,
  ): Promise<Result | null> {
    const left = kind === 'delete' ? await this.hands.loadBalancers.dismiss(cluster) : [];
    return left.length > 0 ? { waitsFor: `Load balancers are left: ${left.join(', ')}.` } : null;
  }

  private async sweep(cluster: PresentCluster, operation: Operation): Promise<Result> {
    const id = operation.kind === 'remove-nodegroup' ? operation.nodegroupId : null;
    const found = await this.hands.stacks.unrecorded(cluster, id);
    if (found) return this.recordedStack(cluster, found);
    return (await this.loadBalancersLeft(cluster, operation)) ?? this.cleanUp(cluster, operation);
  }

  /** The trust goes last: without it nothing can be asked of the cloud any more. */
  private async cleanUp(cluster: PresentCluster, operation: Operation): Promise<Result> {
    if (operation.kind === 'delete') {
      await this.hands.authorities.destroy(cluster);
      await this.hands.trustees.remove(cluster);
    }
    return this.settle(operation, { kind: 'complete', facts: null });
  }

  /**
   * The trust is gone because a deletion, broken off by a crash, was nearly done: the trustee goes
   * after all stacks and before the trust.
   */
  private async wasCleaningUp(
    { operation }: Effect,
    cluster: PresentCluster,
    error: unknown,
  ): Promise<boolean> {
    return (
      operation.kind === 'delete' &&
      isTrustLost(error) &&
      (await this.hands.trustees.isGone(cluster))
    );
  }

  private settle(operation: Operation, outcome: OperationOutcome): Result {
    const data = { operationId: operation.id, outcome, at: this.now };
    return { record: { type: 'SettleOperation', data } };
  }

  private get now(): string {
    return this.hands.clock.now();
  }
}
