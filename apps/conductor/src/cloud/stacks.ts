import type { ClusterFacts, NodegroupFacts } from '@jeroboam/domain/cluster/events';
import type { Nodegroup, Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import type { StackRequest } from '@jeroboam/drivers/driver';
import { driverNamed } from '@jeroboam/drivers/registry';
import type { Cloud } from '@jeroboam/openstack/cloud';
import { ActionInProgress, StackExists } from '@jeroboam/openstack/heat/errors';
import type { Stack, StackRef } from '@jeroboam/openstack/heat/port';
import { changeFor, demandAbility, factsOf } from './stack-changes.js';
import type { StackInputs } from './stack-inputs.js';
import { namesOf, stackNameOf } from './stack-names.js';
import type { Trustees } from './trustees.js';

/** A stack that Heat has, made by us or adopted. */
export interface MadeStack {
  readonly id: string;
  readonly name: string;
  /** `null`: the cluster's own. */
  readonly nodegroupId: string | null;
}

/** Heat, as far as clusters are concerned. All calls may be repeated. */
export class Stacks {
  constructor(
    private readonly cloud: Cloud,
    private readonly trustees: Trustees,
    private readonly inputs: StackInputs,
  ) {}

  /**
   * The stack of the cluster, or of one more node group. One of that name is taken for it.
   *
   * @param confirm called right before one is made; throws when none is wanted any more
   */
  async ensure(
    cluster: PresentCluster,
    nodegroup: Nodegroup | null,
    confirm: () => Promise<void>,
  ): Promise<MadeStack> {
    const present = await this.find(cluster, nodegroup);
    if (present) return present;
    const request = await this.requestFor(cluster, nodegroup);
    const as = await this.trustees.projectSessionFor(cluster);
    await confirm();
    try {
      const id = await this.cloud.heat.createStack(as, request);
      return { id, name: request.name, nodegroupId: nodegroup?.uuid ?? null };
    } catch (error) {
      const twin = error instanceof StackExists ? await this.find(cluster, nodegroup) : null;
      if (twin) return twin;
      throw error;
    }
  }

  private async requestFor(
    cluster: PresentCluster,
    nodegroup: Nodegroup | null,
  ): Promise<StackRequest> {
    const driver = driverNamed(cluster.spec.driver);
    const input = await this.inputs.of(cluster, driver);
    if (nodegroup === null) return driver.stack(input);
    return driver.nodegroupStack(input, nodegroup, await this.show(cluster, cluster.stackId ?? ''));
  }

  /**
   * A stack under the names of this cluster (`null`), or of one node group, that still exists. Those
   * of node groups come first, as they hang on the cluster's own.
   */
  async unrecorded(cluster: PresentCluster, nodegroupId: string | null): Promise<MadeStack | null> {
    const as = await this.trustees.projectSessionFor(cluster);
    const wanted = namesOf(cluster, nodegroupId);
    const found = await this.cloud.heat.listStacks(as, { names: wanted.map(({ name }) => name) });
    for (const { name, nodegroupId: owner } of wanted) {
      const stack = found.find((each) => each.name === name);
      if (stack) return { id: stack.id, name, nodegroupId: owner };
    }
    return null;
  }

  /** Throws StackNotFound. */
  async show(cluster: PresentCluster, stack: StackRef): Promise<Stack> {
    return this.cloud.heat.showStack(await this.trustees.projectSessionFor(cluster), stack);
  }

  /** The stack as it stands. Throws DriverFault when what the operation wants cannot be done with it. */
  async readyFor(cluster: PresentCluster, operation: Operation, stackId: string): Promise<Stack> {
    demandAbility(cluster, operation);
    const stack = await this.show(cluster, stackId);
    changeFor(cluster, operation, stack);
    return stack;
  }

  /** Tells Heat of the operation, unless it has begun with it, or is busy. */
  async update(cluster: PresentCluster, operation: Operation, stackId: string): Promise<void> {
    const stack = await this.show(cluster, stackId);
    if (stack.updatedAt !== operation.told?.stackUpdatedAt) return;
    const parameters = changeFor(cluster, operation, stack);
    const rollback = operation.kind === 'resize' && operation.rollback;
    const as = await this.trustees.projectSessionFor(cluster);
    const { id, name } = stack;
    await this.cloud.heat
      .updateStack(as, { id, name }, { parameters, rollback })
      .catch((error: unknown) => {
        if (!(error instanceof ActionInProgress)) throw error;
      });
  }

  async delete(cluster: PresentCluster, stackId: string): Promise<void> {
    await this.cloud.heat.deleteStack(await this.trustees.projectSessionFor(cluster), stackId);
  }

  /** What the stack tells of the nodes, once the operation on it is done. */
  async facts(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<ClusterFacts | NodegroupFacts | null> {
    return factsOf(cluster, operation, await this.show(cluster, stackId));
  }

  /** Which resource failed first, and why; with the path to it. Deepest cause first. */
  async causeOfFailure(cluster: PresentCluster, stackId: string): Promise<FailureCause | null> {
    const as = await this.trustees.projectSessionFor(cluster);
    const resources = await this.cloud.heat.listResources(as, stackId, 5);
    const failed = resources.find(
      ({ status, reason }) => status.endsWith('_FAILED') && reason !== '',
    );
    if (!failed) return null;
    const path = [...failed.path, failed.name];
    return { text: `${path.join('.')} (${failed.type}): ${failed.reason}`, path };
  }

  private async find(
    cluster: PresentCluster,
    nodegroup: Nodegroup | null,
  ): Promise<MadeStack | null> {
    const as = await this.trustees.projectSessionFor(cluster);
    const name = stackNameOf(cluster, nodegroup);
    const [stack] = await this.cloud.heat.listStacks(as, { names: [name] });
    return stack ? { id: stack.id, name, nodegroupId: nodegroup?.uuid ?? null } : null;
  }
}

export interface FailureCause {
  /** For the user. */
  readonly text: string;
  /** Names of the resources from the stack down to the one that failed. */
  readonly path: readonly string[];
}
