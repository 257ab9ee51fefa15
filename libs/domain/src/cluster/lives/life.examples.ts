import fc from 'fast-check';
import { begun, ended, facts, master, nodegroup, spec, template } from '../cluster.examples.js';
import type { ClusterCommand, OperationOutcome } from '../commands.js';
import { isPresent, type ClusterState } from '../state.js';

const nodegroupId = fc.constantFrom('m', 'w', 'w', 'g', 'h', 'nowhere');
const nodeCount = fc.nat({ max: 6 });
const bound = fc.option(fc.nat({ max: 6 }));
const at = '2026-01-01T12:05:00.000Z';

const outcome: fc.Arbitrary<OperationOutcome> = fc.oneof(
  fc.constant<OperationOutcome>({ kind: 'complete', facts: null }),
  fc.constant<OperationOutcome>({ kind: 'complete', facts }),
  nodeCount.map((seen): OperationOutcome => ({
    kind: 'complete',
    facts: { nodeAddresses: [], nodeCount: seen },
  })),
  fc.record({ w: nodeCount, g: nodeCount }).map(({ w, g }): OperationOutcome => ({
    kind: 'complete',
    facts: {
      ...facts,
      nodegroups: {
        w: { nodeAddresses: [], nodeCount: w },
        g: { nodeAddresses: [], nodeCount: g },
      },
    },
  })),
  fc.constant<OperationOutcome>({ kind: 'failed', reason: 'no host', faults: { w: 'full' } }),
);

/**
 * A step of a cluster's life: a command, made for the state it is sent to. Ids of operations come from
 * the step's number, now and then from an earlier one, as when a request is repeated.
 */
export type Step = (state: ClusterState, serial: number) => ClusterCommand;

const repeating = fc.oneof(
  { weight: 9, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat({ max: 9 }) },
);
const operation = (serial: number, back: number) => begun(`op-${Math.max(0, serial - back)}`);

const request: Step = (_, serial) => ({
  type: 'RequestCluster',
  data: {
    ...begun(`op-${serial}`),
    cluster: spec,
    nodegroups: [master, nodegroup()],
    trustId: 'tr1',
  },
});

const resize = fc
  .record({
    id: nodegroupId,
    nodeCount,
    nodesToRemove: fc.subarray(['0', '1', '172.24.0.6', '172.24.0.7']),
    back: repeating,
    by: fc.constantFrom('update', 'resize'),
  })
  .map(({ id, back, ...rest }): Step => (_, serial) => ({
    type: 'ResizeNodegroup',
    data: { ...operation(serial, back), ...rest, nodegroupId: id, rollback: false },
  }));

/** A name of the two that are used may be taken; an id never is. */
const add = fc
  .record({ name: fc.constantFrom('g', 'h'), nodeCount, back: repeating })
  .map(({ name, back, nodeCount: count }): Step => (state, serial) => ({
    type: 'AddNodegroup',
    data: {
      ...operation(serial, back),
      nodegroup: nodegroup({
        uuid: has(state, name) ? `${name}-${serial}` : name,
        name,
        isDefault: false,
        nodeCount: count,
      }),
    },
  }));

/** Whether a node group of that id is there. */
const has = (state: ClusterState, id: string): boolean =>
  isPresent(state) && state.nodegroups.some(({ uuid }) => uuid === id);

const change = fc
  .record({ id: nodegroupId, min: fc.nat({ max: 3 }), max: bound })
  .map(({ id, min, max }): Step => (_, serial) => ({
    type: 'ChangeNodegroup',
    data: {
      nodegroupId: id,
      changes: { minNodeCount: min, maxNodeCount: max },
      operationId: `op-${serial}`,
      at,
    },
  }));

const remove = fc
  .record({ id: nodegroupId, back: repeating })
  .map(({ id, back }): Step => (_, serial) => ({
    type: 'RemoveNodegroup',
    data: { ...operation(serial, back), nodegroupId: id },
  }));

const upgrade = fc.option(nodegroupId).map((id): Step => (_, serial) => ({
  type: 'UpgradeCluster',
  data: {
    ...begun(`op-${serial}`),
    template: { ...template, uuid: `t${serial}` },
    maxBatchSize: 1,
    nodegroupId: id,
  },
}));

const plain = fc
  .constantFrom('RotateAuthority', 'RotateCredential', 'DeleteCluster')
  .map((type): Step => (_, serial) => ({ type, data: begun(`op-${serial}`) }));

/** Ends one of the operations in hand, whichever; or one that never was. */
const settle = fc
  .record({ which: fc.nat({ max: 9 }), outcome })
  .map(({ which, outcome: result }): Step => (state) => {
    const inHand = isPresent(state) ? state.operations : [];
    const { id } = inHand[which % Math.max(1, inHand.length)] ?? { id: 'never' };
    return { type: 'SettleOperation', data: { ...ended(id), outcome: result } };
  });

const records = fc.constantFrom<ClusterCommand>(
  { type: 'RecordHealth', data: { status: 'HEALTHY', reason: { api: 'ok' }, at } },
  { type: 'RecordHealth', data: { status: null, reason: {}, at } },
  {
    type: 'RecordTrustee',
    data: { userId: 'tu1', userName: 'c1_p1', domainId: 'd1', trustId: 'tr2', at },
  },
  { type: 'RecordAuthorities', data: { at } },
  {
    type: 'RecordStackCreation',
    data: { stackId: 's1', stackName: 'k8s', nodegroupIds: ['m', 'w'], at },
  },
  { type: 'RecordStackCreation', data: { stackId: 's2', stackName: 'g', nodegroupIds: ['g'], at } },
);

const tell = fc.nat({ max: 20 }).map((number): Step => () => ({
  type: 'RecordStackUpdate',
  data: { operationId: `op-${number}`, stackId: 's1', stackUpdatedAt: null, at },
}));

/** A life from the request on; most of it after a creation that went well. */
export const life: fc.Arbitrary<readonly Step[]> = fc
  .record({
    created: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
    steps: fc.array(
      fc.oneof(
        { weight: 4, arbitrary: resize },
        { weight: 3, arbitrary: add },
        { weight: 2, arbitrary: remove },
        { weight: 6, arbitrary: settle },
        upgrade,
        change,
        { weight: 2, arbitrary: plain },
        records.map(
          (command): Step =>
            () =>
              command,
        ),
        tell,
      ),
      { maxLength: 40 },
    ),
  })
  .map(({ created, steps }) => [request, ...(created ? [creation] : []), ...steps]);

const creation: Step = () => ({
  type: 'SettleOperation',
  data: { ...ended('op-0'), outcome: { kind: 'complete', facts } },
});
