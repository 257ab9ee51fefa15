import type { ClusterFacts, NodegroupFacts } from '@jeroboam/domain/cluster/events';
import { nodegroupOf } from '@jeroboam/domain/cluster/nodegroups';
import type { Operation, PresentCluster } from '@jeroboam/domain/cluster/state';
import { DriverFault, type StackParameters } from '@jeroboam/drivers/driver';
import { driverNamed } from '@jeroboam/drivers/registry';
import type { Stack } from '@jeroboam/openstack/heat/port';

/** Parameters that make the stack what the operation wants. Throws DriverFault. */
export const changeFor = (
  { spec }: PresentCluster,
  operation: Operation,
  stack: Stack,
): StackParameters => {
  if (operation.kind !== 'resize') return {};
  const { nodeCount, nodesToRemove } = operation;
  return driverNamed(spec.driver).resize({ nodeCount, nodesToRemove, stack });
};

/** Better to say no than to report as done what has changed nothing. */
export const demandAbility = (cluster: PresentCluster, operation: Operation): void => {
  const { supports } = driverNamed(cluster.spec.driver);
  if (operation.kind === 'upgrade' && !supports.upgrade) {
    throw new DriverFault('Upgrading a cluster that uses the Magnum Heat driver is not supported.');
  }
  if (operation.kind === 'rotate-authority' && !supports.caRotation) {
    throw new DriverFault('CA rotation is not supported by driver.');
  }
  if (isOfMasters(cluster, operation) && !supports.masterResize) {
    throw new DriverFault('Resizing the master node group is not supported by driver.');
  }
};

const isOfMasters = (cluster: PresentCluster, operation: Operation): boolean =>
  operation.kind === 'resize' && nodegroupOf(cluster, operation.nodegroupId)?.role === 'master';

/** What a stack tells of the nodes, in the form the end of the operation takes. */
export const factsOf = (
  cluster: PresentCluster,
  operation: Operation,
  stack: Stack,
): ClusterFacts | NodegroupFacts | null => {
  const driver = driverNamed(cluster.spec.driver);
  if (stack.id === cluster.stackId) return driver.facts(stack, cluster.nodegroups);
  if (operation.kind === 'add-nodegroup') return driver.nodegroupFacts(stack);
  if (operation.kind !== 'resize') return null;
  const nodegroups = { [operation.nodegroupId]: driver.nodegroupFacts(stack) };
  return { ...NOTHING_ELSE, nodegroups };
};

const NOTHING_ELSE = {
  apiAddress: null,
  discoveryUrl: null,
  coeVersion: null,
  containerVersion: null,
};
