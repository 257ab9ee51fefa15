import { describe, expect, it } from '@jest/globals';
import { fold } from '@jeroboam/eventing/decider';
import { given } from '@jeroboam/eventing/given';
import {
  begun,
  created,
  ended,
  facts,
  master,
  nodegroup,
  nodegroupRequested,
  requested,
  resizeRequested,
  spec,
  underConstruction,
} from '../cluster.examples.js';
import type { ClusterCommand } from '../commands.js';
import { cluster } from '../decider.js';
import type { ClusterEvent, NodegroupChanges } from '../events.js';

const after = (...events: ClusterEvent[]) => given(cluster, [...created, ...events]);
const deletionRequested: ClusterEvent = { type: 'DeletionRequested', data: begun('op-delete') };
const deleted: ClusterEvent = { type: 'ClusterDeleted', data: ended('op-delete') };

describe('a change of a node group', () => {
  const data = (changes: NodegroupChanges, nodegroupId = 'w') => ({
    nodegroupId,
    changes,
    operationId: 'op-1',
    at: 'now',
  });
  const change = (changes: NodegroupChanges, nodegroupId?: string): ClusterCommand => ({
    type: 'ChangeNodegroup',
    data: data(changes, nodegroupId),
  });

  it('is taken, and does not put the cluster in progress', () => {
    const changes = { maxNodeCount: 5, nodeLabels: { team: 'x' } };
    after()
      .when(change(changes))
      .then([{ type: 'NodegroupChanged', data: data(changes) }]);
    const changed = after({ type: 'NodegroupChanged', data: data(changes) });
    expect(changed.state).toMatchObject({
      status: 'CREATE_COMPLETE',
      nodegroups: [{}, { maxNodeCount: 5, nodeLabels: { team: 'x' }, updatedAt: 'now' }],
    });
  });

  it('to what is there changes nothing', () => {
    after()
      .when(change({ minNodeCount: 0, maxNodeCount: null }))
      .then([]);
  });

  it.each<[NodegroupChanges, string, string]>([
    [{ maxNodeCount: 1, minNodeCount: 2 }, 'w', 'max_node_count for default-worker is invalid'],
    [{ minNodeCount: 2 }, 'w', 'should be less or equal to node_count (1)'],
    [{ nodeLabels: { 'k8s.io/x': '' } }, 'w', 'node_labels for default-worker is invalid'],
    [
      { nodeTaints: [{ key: 'a', effect: 'NoSchedule' }] },
      'm',
      'node_taints may not be set on master nodegroups',
    ],
  ])('to %j is refused', (changes, id, message) => {
    after().when(change(changes, id)).refused('conflict', message);
  });

  it('waits until the node group is there, and comes too late once it goes', () => {
    after(nodegroupRequested)
      .when(change({ maxNodeCount: 5 }, 'g'))
      .refused(
        'invalid',
        'nodegroup_update when nodegroup status is "CREATE_IN_PROGRESS" is not supported. ' +
          'In the way: the creation of node group gpu, begun 2026-01-01T12:00:00.000Z.',
      );
    after(deletionRequested)
      .when(change({ maxNodeCount: 5 }))
      .refused('invalid', /"DELETE_IN_PROGRESS".* In the way: the deletion of the cluster, begun/);
  });

  it('needs its node group', () => {
    after().when(change({}, 'x')).refused('not-found', 'Nodegroup x could not be found.');
  });
});

describe('a resize of one node group', () => {
  const resize = (nodegroupId: string, nodeCount: number): ClusterCommand => ({
    type: 'ResizeNodegroup',
    data: {
      ...begun('op-1'),
      nodegroupId,
      nodeCount,
      nodesToRemove: [],
      rollback: false,
      by: 'resize',
    },
  });

  it('waits until the group is there', () => {
    after(resizeRequested, nodegroupRequested)
      .when(resize('g', 2))
      .refused(
        'invalid',
        'Resizing node group gpu when its status is "CREATE_IN_PROGRESS" is not supported. ' +
          'In the way: the creation of node group gpu, begun 2026-01-01T12:00:00.000Z.',
      );
  });

  it('that could not be made needs its stack, and has else nothing in its way', () => {
    const failed: ClusterEvent = {
      type: 'NodegroupCreationFailed',
      data: { ...ended('op-add'), reason: 'no host' },
    };
    after(nodegroupRequested, failed)
      .when(resize('g', 2))
      .refused(
        'invalid',
        /^Resizing node group gpu when its status is "CREATE_FAILED" is not supported\.$/,
      );
    const started: ClusterEvent = {
      type: 'StackCreationStarted',
      data: { stackId: 's2', stackName: 'k8s-gpu', nodegroupIds: ['g'], at: 'now' },
    };
    const half = after(nodegroupRequested, started, failed).state;
    expect(cluster.decide(resize('g', 2), half)).toHaveLength(1);
  });

  it('takes no maximum of 0 for one', () => {
    const unlimited: ClusterEvent = {
      type: 'NodegroupChanged',
      data: { nodegroupId: 'w', changes: { maxNodeCount: 0 }, operationId: 'o', at: '' },
    };
    expect(cluster.decide(resize('w', 9), after(unlimited).state)).toHaveLength(1);
  });

  it('of the masters knows no bounds of the group', () => {
    const bounded: ClusterEvent = {
      type: 'NodegroupChanged',
      data: { nodegroupId: 'm', changes: { maxNodeCount: 1 }, operationId: 'o', at: '' },
    };
    expect(cluster.decide(resize('m', 3), after(bounded).state)).toHaveLength(1);
  });
});

describe('a resize that names nodes', () => {
  const SERVER = 'B2E0F3A1-77c5-4d1e-9a54-0c9f1d6c2f10';
  const of = (floatingIpEnabled: boolean): readonly ClusterEvent[] => [
    {
      type: 'ClusterRequested',
      data: {
        ...begun('op-create'),
        cluster: { ...spec, floatingIpEnabled },
        nodegroups: [master, nodegroup({ nodeCount: 3 })],
        trustId: 'tr1',
      },
    },
    {
      type: 'ClusterCreated',
      data: {
        ...ended('op-create'),
        facts: {
          ...facts,
          nodegroups: {
            m: { nodeAddresses: ['10.0.0.2'], nodeCount: 1 },
            w: { nodeAddresses: ['10.0.0.5', '10.0.0.6', 'fd00::7'], nodeCount: 3 },
          },
        },
      },
    },
  ];
  const resize = (nodeCount: number, nodesToRemove: readonly string[]): ClusterCommand => ({
    type: 'ResizeNodegroup',
    data: {
      ...begun('op-1'),
      nodegroupId: 'w',
      nodeCount,
      nodesToRemove,
      rollback: false,
      by: 'resize',
    },
  });

  it.each<[number, string[]]>([
    [2, [SERVER]],
    [2, [SERVER.replaceAll('-', '')]],
    [2, ['10.0.0.6']],
    [1, ['0', '2']],
    [0, ['0']],
    // a sick node is replaced: the size stays
    [3, [SERVER]],
    [3, ['0', '1', '2']],
    [5, ['fd00::7']],
    // the same node twice is one
    [2, ['1', '1']],
  ])('to %i may take %j away', (nodeCount, nodes) => {
    expect(cluster.decide(resize(nodeCount, nodes), given(cluster, of(false)).state)).toHaveLength(
      1,
    );
  });

  it.each<[number, string[], string]>([
    [2, ['node-1'], 'Node node-1 is not in the node group default-worker.'],
    [2, ['01'], 'Node 01 is not in the node group default-worker.'],
    [2, [''], 'Node  is not in the node group default-worker.'],
    [2, ['10.0.0.2'], 'Node 10.0.0.2 is not in the node group default-worker.'],
    [2, ['10.0.0.9'], 'Node 10.0.0.9 is not in the node group default-worker.'],
    [
      2,
      ['0', SERVER],
      'nodes_to_remove names 2 nodes of default-worker, but resizing it from 3 to 2 can take away no more than 1.',
    ],
    [
      3,
      ['0', '1', '2', SERVER],
      'nodes_to_remove names 4 nodes of default-worker, but resizing it from 3 to 3 can take away no more than 3.',
    ],
  ])('to %i does not take %j away', (nodeCount, nodes, message) => {
    given(cluster, of(false)).when(resize(nodeCount, nodes)).refused('invalid', message);
  });

  it('counts from the size that is wished for already', () => {
    const two = { ...begun('op-0'), nodegroupId: 'w', nodeCount: 2 };
    const queued: ClusterEvent = {
      type: 'ResizeRequested',
      data: { ...two, nodesToRemove: ['0'], rollback: false },
    };
    given(cluster, [...of(true), queued])
      .when(resize(1, ['1', '2']))
      .refused('invalid', /from 2/);
  });

  it.each(['1', SERVER, '10.0.0.6'])('does not take %s away twice', (node) => {
    const first: ClusterEvent = {
      type: 'ResizeRequested',
      data: {
        ...begun('op-0'),
        nodegroupId: 'w',
        nodeCount: 2,
        nodesToRemove: [node],
        rollback: false,
      },
    };
    given(cluster, [...of(true), first])
      .when(resize(2, [node]))
      .refused(
        'invalid',
        `Node ${node} is being taken away already. In the way: a resize of default-worker to 2, begun 2026-01-01T12:00:00.000Z.`,
      );
  });

  it('leaves to the driver what it does not know', () => {
    const privately = resize(2, ['192.168.0.9']);
    expect(cluster.decide(privately, given(cluster, of(true)).state)).toHaveLength(1);
    given(cluster, of(true))
      .when(resize(2, ['10.0.0.2']))
      .refused('invalid', /is not in the node/);
    const moving = given(cluster, [...of(false), resizeRequested]).state;
    expect(cluster.decide(privately, moving)).toHaveLength(1);
  });
});

describe('a rotation of the credential', () => {
  const rotate: ClusterCommand = { type: 'RotateCredential', data: begun('op-1') };
  const rotation: ClusterEvent = { type: 'CredentialRotationRequested', data: begun('op-1') };

  it('begins, and may wait behind an update', () => {
    after().when(rotate).then([rotation]);
    expect(cluster.decide(rotate, after(resizeRequested).state)).toEqual([rotation]);
  });

  it.each([
    ['CREATE_IN_PROGRESS', underConstruction],
    ['DELETE_IN_PROGRESS', [...created, deletionRequested]],
  ])('is refused in %s', (status, history) => {
    given(cluster, history)
      .when(rotate)
      .refused(
        'invalid',
        `magnum.conductor.handlers.credential_conductor when cluster status is "${status}" is not supported.`,
      );
  });
});

describe('a removal of a node group', () => {
  const remove: ClusterCommand = {
    type: 'RemoveNodegroup',
    data: { ...begun('op-1'), nodegroupId: 'g' },
  };

  it('is taken while the group is still being made', () => {
    expect(cluster.decide(remove, after(nodegroupRequested).state)).toHaveLength(1);
  });

  it('is the same wish as a removal or a deletion that is under way', () => {
    const removal: ClusterEvent = {
      type: 'NodegroupRemovalRequested',
      data: { ...begun('other'), nodegroupId: 'g' },
    };
    after(nodegroupRequested, removal).when(remove).then([]);
    after(nodegroupRequested, deletionRequested).when(remove).then([]);
  });
});

describe('an update of the stack', () => {
  const data = { operationId: 'op-resize', stackId: 's1', stackUpdatedAt: 'before', at: 'now' };
  const tell: ClusterCommand = { type: 'RecordStackUpdate', data };

  it('is recorded once, with what tells it from the one before', () => {
    const told: ClusterEvent = { type: 'StackUpdateStarted', data };
    after(resizeRequested).when(tell).then([told]);
    expect(after(resizeRequested, told).state).toMatchObject({
      operations: [{ id: 'op-resize', told: { at: 'now', stackUpdatedAt: 'before' } }],
    });
  });

  it('of an operation that is not in hand is not recorded', () => {
    after().when(tell).then([]);
  });
});

describe('the stack of an additional node group', () => {
  const data = { stackId: 's2', stackName: 'k8s-gpu', nodegroupIds: ['g'], at: 'now' };

  it('is that group alone', () => {
    after(nodegroupRequested)
      .when({ type: 'RecordStackCreation', data })
      .then([{ type: 'StackCreationStarted', data }]);
    expect(after(nodegroupRequested, { type: 'StackCreationStarted', data }).state).toMatchObject({
      stackId: 's1',
      operations: [{ kind: 'add-nodegroup', told: { at: 'now', stackUpdatedAt: null } }],
      nodegroups: [{ stackId: 's1' }, { stackId: 's1' }, { stackId: 's2', stackName: 'k8s-gpu' }],
    });
  });
});

describe('an operation that ends without anything seen', () => {
  const settle = (operationId: string): ClusterCommand => ({
    type: 'SettleOperation',
    data: { ...ended(operationId), outcome: { kind: 'complete', facts: null } },
  });

  it('leaves what is known of the cluster', () => {
    const unseen = {
      apiAddress: null,
      discoveryUrl: null,
      coeVersion: null,
      containerVersion: null,
      nodegroups: {},
    };
    after(resizeRequested)
      .when(settle('op-resize'))
      .then([{ type: 'ClusterResized', data: { ...ended('op-resize'), facts: unseen } }]);
  });

  it.each<[ClusterEvent, ClusterEvent['type']]>([
    [{ type: 'AuthorityRotationRequested', data: begun('op-1') }, 'AuthorityRotated'],
    [{ type: 'CredentialRotationRequested', data: begun('op-1') }, 'CredentialRotated'],
    [{ type: 'DeletionRequested', data: begun('op-1') }, 'ClusterDeleted'],
  ])('%j is over', (event, type) => {
    after(event)
      .when(settle('op-1'))
      .then([{ type, data: ended('op-1') } as ClusterEvent]);
  });
});

describe('a failed creation', () => {
  it('is told with its faults by node group', () => {
    const outcome = { kind: 'failed', reason: 'no host', faults: { w: 'full' } } as const;
    given(cluster, [requested])
      .when({ type: 'SettleOperation', data: { ...ended('op-create'), outcome } })
      .then([
        {
          type: 'ClusterCreationFailed',
          data: { ...ended('op-create'), reason: 'no host', faults: { w: 'full' } },
        },
      ]);
  });
});

describe('health', () => {
  it('in another order is the same', () => {
    const told: ClusterEvent = {
      type: 'HealthChanged',
      data: { status: 'HEALTHY', reason: { a: 'ok', b: 'ok' }, at: 'now' },
    };
    after(told)
      .when({ type: 'RecordHealth', data: { ...told.data, reason: { b: 'ok', a: 'ok' }, at: 'x' } })
      .then([]);
  });
});

describe('a cluster that is gone', () => {
  const gone = after(deletionRequested, deleted);

  it.each<ClusterCommand>([
    { type: 'RotateAuthority', data: begun('op-1') },
    { type: 'RotateCredential', data: begun('op-1') },
    { type: 'AddNodegroup', data: { ...begun('op-1'), nodegroup: nodegroup({ uuid: 'g' }) } },
    { type: 'RemoveNodegroup', data: { ...begun('op-1'), nodegroupId: 'g' } },
    { type: 'RecordHealth', data: { status: 'HEALTHY', reason: {}, at: '' } },
  ])('cannot be found by $type', (command) => {
    gone.when(command).refused('not-found', 'Cluster c1 could not be found.');
  });

  it('is deleted already, and does not come back', () => {
    gone.when({ type: 'DeleteCluster', data: begun('again') }).then([]);
    expect(fold(cluster, [...created, deletionRequested, deleted, requested])).toEqual({
      status: 'DELETE_COMPLETE',
      gone: true,
      uuid: 'c1',
    });
  });
});
