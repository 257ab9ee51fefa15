import type { Nodegroup, Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import type { ClusterDriver, StackParameters } from '@jeroboam/drivers/driver';
import { driverNamed } from '@jeroboam/drivers/registry';
import { clusterStackName, nodegroupStackName } from '@jeroboam/drivers/stack-name';
import type { Cloud } from '@jeroboam/openstack/cloud';
import { ActionInProgress, StackExists, StackNotFound } from '@jeroboam/openstack/heat/errors';
import type { Stack, StackRef } from '@jeroboam/openstack/heat/port';
import type { StackInputs } from './stack-inputs.js';
import type { Trustees } from './trustees.js';

/** A stack that Heat has, made by us or adopted. */
export interface MadeStack {
  readonly id: string;
  readonly name: string;
}

/** Heat, as far as clusters are concerned. All calls may be repeated. */
export class Stacks {
  constructor(
    private readonly cloud: Cloud,
    private readonly trustees: Trustees,
    private readonly inputs: StackInputs,
  ) {}

  /** The stack of the cluster, or of one more node group. One of that name is taken for it. */
  async ensure(cluster: PresentCluster, nodegroup: Nodegroup | null): Promise<MadeStack> {
    const as = this.trustees.sessionFor(cluster);
    const name = stackNameOf(cluster, nodegroup);
    const present = await this.find(cluster, name);
    if (present) return present;
    const driver = driverNamed(cluster.spec.driver);
    const input = await this.inputs.of(cluster, driver);
    const request =
      nodegroup === null
        ? driver.stack(input)
        : driver.nodegroupStack(input, nodegroup, await this.show(cluster, cluster.stackId ?? ''));
    try {
      return { id: await this.cloud.heat.createStack(as, request), name };
    } catch (error) {
      const twin = error instanceof StackExists ? await this.find(cluster, name) : null;
      if (twin) return twin;
      throw error;
    }
  }

  /** Stacks that exist under the names of this cluster, recorded or not. */
  async unrecorded(
    cluster: PresentCluster,
    nodegroup: Nodegroup | null,
  ): Promise<MadeStack | null> {
    return this.find(cluster, stackNameOf(cluster, nodegroup));
  }

  /** Throws StackNotFound. */
  show(cluster: PresentCluster, stack: StackRef): Promise<Stack> {
    return this.cloud.heat.showStack(this.trustees.sessionFor(cluster), stack);
  }

  /**
   * Tells Heat of the operation.
   *
   * @returns when the stack had last been updated before; `undefined` when Heat is busy with it
   */
  async update(
    cluster: PresentCluster,
    operation: Operation,
    stackId: string,
  ): Promise<string | null | undefined> {
    const stack = await this.show(cluster, stackId);
    const driver = driverNamed(cluster.spec.driver);
    const parameters = changeFor(driver, operation, stack);
    const rollback = operation.kind === 'resize' && operation.rollback;
    try {
      await this.cloud.heat.updateStack(
        this.trustees.sessionFor(cluster),
        { id: stack.id, name: stack.name },
        { parameters, rollback },
      );
      return stack.updatedAt;
    } catch (error) {
      if (error instanceof ActionInProgress) return undefined;
      throw error;
    }
  }

  delete(cluster: PresentCluster, stackId: string): Promise<void> {
    return this.cloud.heat.deleteStack(this.trustees.sessionFor(cluster), stackId);
  }

  /** Which resource failed first, and why; with the path to it. Deepest cause first. */
  async causeOfFailure(cluster: PresentCluster, stackId: string): Promise<FailureCause | null> {
    const as = this.trustees.sessionFor(cluster);
    const resources = await this.cloud.heat.listResources(as, stackId, 5);
    const failed = resources.find(
      ({ status, reason }) => status.endsWith('_FAILED') && reason !== '',
    );
    if (!failed) return null;
    const path = [...failed.path, failed.name];
    return { text: `${path.join('.')} (${failed.type}): ${failed.reason}`, path };
  }

  private async find(cluster: PresentCluster, name: string): Promise<MadeStack | null> {
    try {
      const stack = await this.show(cluster, name);
      return stack.status === 'DELETE_COMPLETE' ? null : { id: stack.id, name };
    } catch (error) {
      if (error instanceof StackNotFound) return null;
      throw error;
    }
  }
}

export interface FailureCause {
  /** For the user. */
  readonly text: string;
  /** Names of the resources from the stack down to the one that failed. */
  readonly path: readonly string[];
}

const stackNameOf = ({ spec }: PresentCluster, nodegroup: Nodegroup | null): string =>
  nodegroup === null ? clusterStackName(spec) : nodegroupStackName(spec, nodegroup);

const changeFor = (driver: ClusterDriver, operation: Operation, stack: Stack): StackParameters => {
  if (operation.kind !== 'resize') return {};
  const { nodeCount, nodesToRemove } = operation;
  return driver.resize({ nodeCount, nodesToRemove, stack });
};
