import fc from 'fast-check';
import { begun, facts, master, nodegroup, spec, template } from '../cluster.examples.js';
import type { ClusterEvent } from '../events.js';

const eventTypes = [
  'ClusterRequested',
  'TrusteeEstablished',
  'AuthoritiesEnsured',
  'StackCreationStarted',
  'StackUpdateStarted',
  'ClusterCreated',
  'ClusterCreationFailed',
  'ResizeRequested',
  'ClusterResized',
  'ResizeFailed',
  'UpgradeRequested',
  'ClusterUpgraded',
  'UpgradeFailed',
  'NodegroupRequested',
  'NodegroupCreated',
  'NodegroupCreationFailed',
  'NodegroupChanged',
  'NodegroupRemovalRequested',
  'NodegroupRemoved',
  'NodegroupRemovalFailed',
  'AuthorityRotationRequested',
  'AuthorityRotated',
  'AuthorityRotationFailed',
  'CredentialRotationRequested',
  'CredentialRotated',
  'CredentialRotationFailed',
  'HealthChanged',
  'DeletionRequested',
  'DeletionFailed',
  'ClusterDeleted',
] as const satisfies readonly ClusterEvent['type'][];

/** Any event, whether or not it fits what was before it. */
export const anyEvent: fc.Arbitrary<ClusterEvent> = fc
  .record({
    type: fc.constantFrom(...eventTypes),
    operationId: fc.constantFrom('op-0', 'op-1', 'op-2'),
    id: fc.constantFrom('m', 'w', 'g', 'nowhere'),
    nodeCount: fc.nat({ max: 6 }),
  })
  .map(({ type, operationId, id, nodeCount: count }) => {
    const data = {
      ...begun(operationId),
      cluster: spec,
      nodegroups: [master, nodegroup()],
      nodegroup: nodegroup({ uuid: id, name: id, isDefault: false, nodeCount: count }),
      nodegroupId: id,
      nodegroupIds: [id],
      nodeCount: count,
      nodesToRemove: [],
      changes: { minNodeCount: count },
      template,
      facts: { ...facts, nodeAddresses: [], nodeCount: count },
      reason: type === 'HealthChanged' ? {} : 'no host',
      faults: {},
      stackId: 's1',
      stackName: 's',
      trustId: 'tr',
      status: 'HEALTHY',
    };
    // It holds what any of the types has, and more.
    return { type, data } as ClusterEvent;
  });

/** What no version of this code has ever written. */
export const junk: fc.Arbitrary<ClusterEvent> = fc
  .record({
    type: fc.oneof(fc.constantFrom('toString', '__proto__', 'ClusterExploded'), fc.string()),
    data: fc.anything(),
  })
  .filter(({ type }) => !eventTypes.some((known) => known === type))
  .map((event) => event as ClusterEvent);
