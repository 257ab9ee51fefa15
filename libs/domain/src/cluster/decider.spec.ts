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
  template,
  underConstruction,
} from './cluster.examples.js';
import type { ClusterCommand } from './commands.js';
import { cluster } from './decider.js';
import type { ClusterEvent } from './events.js';
import { isPresent, type PresentCluster } from './state.js';

const after = (...events: ClusterEvent[]) => given(cluster, [...created, ...events]);

const state = (events: readonly ClusterEvent[]): PresentCluster => {
  const folded = fold(cluster, events);
  if (!isPresent(folded)) throw new Error(`the cluster is ${folded.status}`);
  return folded;
};

const resize = (changes: object = {}): ClusterCommand => ({
  type: 'ResizeNodegroup',
  data: {
    ...begun('op-new'),
    nodegroupId: 'w',
    nodeCount: 3,
    nodesToRemove: [],
    rollback: false,
    by: 'resize',
    ...changes,
  },
});

const settle = (operationId: string, reason?: string): ClusterCommand => ({
  type: 'SettleOperation',
  data: {
    ...ended(operationId),
    outcome: reason === undefined ? { kind: 'complete', facts } : { kind: 'failed', reason },
  },
});

const upgradeRequested: ClusterEvent = {
  type: 'UpgradeRequested',
  data: {
    ...begun('op-upgrade'),
    template: { ...template, uuid: 't2', labels: { kube_tag: 'v1.24' } },
    maxBatchSize: 1,
    nodegroupId: null,
  },
};

const deletionRequested: ClusterEvent = { type: 'DeletionRequested', data: begun('op-delete') };

describe('a cluster is requested', () => {
  const request: ClusterCommand = {
    type: 'RequestCluster',
    data: {
      ...begun('op-create'),
      cluster: spec,
      nodegroups: [master, nodegroup()],
      trustId: 'tr1',
    },
  };

  it('begins', () => {
    given(cluster, []).when(request).then([requested]);
  });

  it('does not take the place of another one', () => {
    given(cluster, [requested])
      .when({ ...request, data: { ...request.data, operationId: 'other' } })
      .refused('conflict', 'A cluster with UUID c1 already exists.');
  });

  it('is in progress until it is settled', () => {
    expect(state([requested])).toMatchObject({ status: 'CREATE_IN_PROGRESS', updatedAt: null });
    expect(state(created)).toMatchObject({
      status: 'CREATE_COMPLETE',
      statusReason: null,
      apiAddress: 'https://172.24.0.5:6443',
      coeVersion: 'v1.23.3',
      operations: [],
    });
    expect(state(created).nodegroups).toMatchObject([
      { uuid: 'm', status: 'CREATE_COMPLETE', stackId: 's1', nodeAddresses: ['172.24.0.6'] },
      { uuid: 'w', status: 'CREATE_COMPLETE', stackId: 's1', nodeAddresses: ['172.24.0.7'] },
    ]);
  });

  it('fails with a reason, and a fault for each node group that failed', () => {
    const failed = state([
      ...underConstruction,
      {
        type: 'ClusterCreationFailed',
        data: { ...ended('op-create'), reason: 'kube_minions: no host', faults: { w: 'no host' } },
      },
    ]);
    expect(failed).toMatchObject({
      status: 'CREATE_FAILED',
      statusReason: 'kube_minions: no host',
      nodegroups: [
        { uuid: 'm', status: 'CREATE_FAILED', statusReason: 'kube_minions: no host' },
        { uuid: 'w', status: 'CREATE_FAILED', statusReason: 'no host' },
      ],
    });
  });
});

describe('the conductor records', () => {
  it('the trustee', () => {
    const data = { userId: 'tu', userName: 'n', domainId: 'd', trustId: 'x', at: 'now' };
    given(cluster, [requested])
      .when({ type: 'RecordTrustee', data })
      .then([{ type: 'TrusteeEstablished', data }]);
  });

  it('the authorities', () => {
    given(cluster, [requested])
      .when({ type: 'RecordAuthorities', data: { at: 'now' } })
      .then([{ type: 'AuthoritiesEnsured', data: { at: 'now' } }]);
  });

  it('the stack, and that the creation has reached the cloud', () => {
    const data = { stackId: 's1', stackName: 'n', nodegroupIds: ['m', 'w'], at: 'now' };
    const { state: before } = given(cluster, [requested]);
    expect(before).toMatchObject({ operations: [{ told: null }] });
    given(cluster, [requested])
      .when({ type: 'RecordStackCreation', data })
      .then([{ type: 'StackCreationStarted', data }]);
    expect(state(underConstruction).operations).toMatchObject([
      { kind: 'create', told: { at: '2026-01-01T12:00:00.000Z', stackUpdatedAt: null } },
    ]);
  });

  it('nothing more of a cluster that is gone', () => {
    const gone = after(deletionRequested, { type: 'ClusterDeleted', data: ended('op-delete') });
    gone.when({ type: 'RecordAuthorities', data: { at: 'now' } }).then([]);
    gone.when(settle('op-delete')).then([]);
    gone
      .when({
        type: 'RecordStackCreation',
        data: { stackId: 'x', stackName: 'n', nodegroupIds: ['m'], at: '' },
      })
      .then([]);
  });

  it('the end of an operation once', () => {
    given(cluster, underConstruction)
      .when(settle('op-create'))
      .then([{ type: 'ClusterCreated', data: { ...ended('op-create'), facts } }]);
    after().when(settle('op-create')).then([]);
  });

  it.each([
    { event: resizeRequested, id: 'op-resize', type: 'ResizeFailed' },
    { event: upgradeRequested, id: 'op-upgrade', type: 'UpgradeFailed' },
    { event: nodegroupRequested, id: 'op-add', type: 'NodegroupCreationFailed' },
    { event: deletionRequested, id: 'op-delete', type: 'DeletionFailed' },
  ])('$type', ({ event, id, type }) => {
    after(event)
      .when(settle(id, 'no quota'))
      .then([{ type, data: { ...ended(id), reason: 'no quota' } } as ClusterEvent]);
  });

  it('health only when it changes', () => {
    const data = { status: 'HEALTHY', reason: { api: 'ok' }, at: 'now' } as const;
    after()
      .when({ type: 'RecordHealth', data })
      .then([{ type: 'HealthChanged', data }]);
  });
});

describe('a node group is resized', () => {
  it('begins', () => {
    const data = {
      ...begun('op-new'),
      nodegroupId: 'w',
      nodeCount: 3,
      nodesToRemove: [],
      rollback: false,
    };
    after()
      .when(resize())
      .then([{ type: 'ResizeRequested', data }]);
    expect(state([...created, resizeRequested])).toMatchObject({
      status: 'UPDATE_IN_PROGRESS',
      nodegroups: [{ uuid: 'm' }, { uuid: 'w', nodeCount: 3, status: 'UPDATE_IN_PROGRESS' }],
    });
  });

  it('changes nothing when an update asks for the size it has', () => {
    after()
      .when(resize({ by: 'update', nodeCount: 1 }))
      .then([]);
  });

  it('goes back to the size it had when it fails', () => {
    const failed = state([
      ...created,
      resizeRequested,
      { type: 'ResizeFailed', data: { ...ended('op-resize'), reason: 'no host' } },
    ]);
    expect(failed).toMatchObject({
      status: 'UPDATE_FAILED',
      statusReason: 'no host',
      nodegroups: [{}, { nodeCount: 1, status: 'UPDATE_FAILED', statusReason: 'no host' }],
    });
  });

  it('may wait behind another resize, but an update may not', () => {
    after(resizeRequested)
      .when(resize({ by: 'update', nodeCount: 5 }))
      .refused(
        'invalid',
        'Updating a cluster when status is "UPDATE_IN_PROGRESS" is not supported. In the way: ' +
          'a resize of default-worker to 3, begun 2026-01-01T12:00:00.000Z.',
      );
    expect(
      cluster.decide(resize({ nodeCount: 5 }), state([...created, resizeRequested])),
    ).toHaveLength(1);
  });

  it('waits for the creation to end', () => {
    given(cluster, underConstruction)
      .when(resize())
      .refused(
        'invalid',
        'Resizing a cluster when status is "CREATE_IN_PROGRESS" is not supported.',
      );
  });

  it('keeps within its bounds', () => {
    const bounded = after({
      type: 'NodegroupChanged',
      data: {
        nodegroupId: 'w',
        changes: { minNodeCount: 1, maxNodeCount: 2 },
        operationId: 'o',
        at: 'now',
      },
    });
    bounded
      .when(resize())
      .refused(
        'invalid',
        'Resizing default-worker outside the allowed range: min_node_count = 1, max_node_count = 2',
      );
    bounded.when(resize({ nodeCount: 0 })).refused('invalid', /outside the allowed range/);
  });

  it('needs a node group that is there', () => {
    after()
      .when(resize({ nodegroupId: 'x' }))
      .refused('not-found', 'Nodegroup x could not be found.');
  });
});

describe('node groups come and go', () => {
  const add = (changes: object = {}, operationId = 'op-add'): ClusterCommand => ({
    type: 'AddNodegroup',
    data: {
      ...begun(operationId),
      nodegroup: nodegroup({ uuid: 'g', name: 'gpu', isDefault: false, ...changes }),
    },
  });
  const remove = (nodegroupId: string): ClusterCommand => ({
    type: 'RemoveNodegroup',
    data: { ...begun('op-remove'), nodegroupId },
  });

  it('is added, numbered on', () => {
    after().when(add()).then([nodegroupRequested]);
    expect(state([...created, nodegroupRequested]).nodegroups[2]).toMatchObject({
      uuid: 'g',
      ordinal: 3,
      status: 'CREATE_IN_PROGRESS',
    });
  });

  it('can be added while another one is', () => {
    after(nodegroupRequested)
      .when(add({ uuid: 'h', name: 'huge' }, 'op-add-2'))
      .then([
        {
          type: 'NodegroupRequested',
          data: {
            ...begun('op-add-2'),
            nodegroup: nodegroup({ uuid: 'h', name: 'huge', isDefault: false }),
          },
        },
      ]);
  });

  it('settles with the last of several operations, failed if one of them did', () => {
    const second: ClusterEvent = {
      type: 'NodegroupRequested',
      data: {
        ...begun('op-2'),
        nodegroup: nodegroup({ uuid: 'h', name: 'huge', isDefault: false }),
      },
    };
    const failed: ClusterEvent = {
      type: 'NodegroupCreationFailed',
      data: { ...ended('op-add'), reason: 'no GPU' },
    };
    const inBetween = [...created, nodegroupRequested, second, failed];
    expect(state(inBetween).status).toBe('UPDATE_IN_PROGRESS');
    const settled = state([
      ...inBetween,
      {
        type: 'NodegroupCreated',
        data: { ...ended('op-2'), facts: { nodeAddresses: ['10.0.0.9'], nodeCount: 1 } },
      },
    ]);
    expect(settled).toMatchObject({ status: 'UPDATE_FAILED', statusReason: 'gpu failed' });
    expect(settled.nodegroups.map(({ status }) => status)).toEqual([
      'CREATE_COMPLETE',
      'CREATE_COMPLETE',
      'CREATE_FAILED',
      'CREATE_COMPLETE',
    ]);
  });

  it('needs an API address', () => {
    given(cluster, underConstruction)
      .when(add())
      .refused('conflict', 'Cluster API address is not available yet');
  });

  it('needs a name of its own', () => {
    after()
      .when(add({ name: 'default-worker' }))
      .refused(
        'conflict',
        'A node group with name default-worker already exists in the cluster c1.',
      );
  });

  it.each([
    [
      { minNodeCount: 2, maxNodeCount: 1, nodeCount: 2 },
      'max_node_count for gpu is invalid (min_node_count (2) should be less or equal to max_node_count (1)).',
    ],
    [
      { nodeCount: 2, maxNodeCount: 1 },
      'max_node_count for gpu is invalid (node_count (2) should be less or equal to max_node_count (1)).',
    ],
    [
      { nodeCount: 1, minNodeCount: 2 },
      'min_node_count for gpu is invalid (min_node_count (2) should be less or equal to node_count (1)).',
    ],
    [{ role: 'master', nodeLabels: { a: 'b' } }, 'node_labels may not be set on master nodegroups'],
    [{ nodeLabels: { 'node-role.kubernetes.io/x': '' } }, 'node_labels for gpu is invalid'],
  ])('must be sound: %j', (changes, message) => {
    after().when(add(changes)).refused('conflict', message);
  });

  it('may have labels that are open', () => {
    const nodeLabels = { 'kubernetes.io/arch': 'arm64', 'node.kubernetes.io/pool': 'a', team: 'x' };
    expect(cluster.decide(add({ nodeLabels }), state(created))).toHaveLength(1);
  });

  it('takes no maximum of 0 for one', () => {
    expect(cluster.decide(add({ maxNodeCount: 0, nodeCount: 2 }), state(created))).toHaveLength(1);
  });

  it('is removed', () => {
    const settled = [
      nodegroupRequested,
      {
        type: 'NodegroupCreated',
        data: { ...ended('op-add'), facts: { nodeAddresses: [], nodeCount: 1 } },
      },
    ] as const;
    const asked: ClusterEvent = {
      type: 'NodegroupRemovalRequested',
      data: { ...begun('op-remove'), nodegroupId: 'g' },
    };
    after(...settled)
      .when(remove('g'))
      .then([asked]);
    const gone: ClusterEvent = { type: 'NodegroupRemoved', data: ended('op-remove') };
    expect(state([...created, ...settled, asked, gone])).toMatchObject({
      status: 'UPDATE_COMPLETE',
      nodegroups: [{ uuid: 'm' }, { uuid: 'w' }],
    });
  });

  it('stays when it is a default one', () => {
    after().when(remove('w')).refused('invalid', 'Deleting a default nodegroup is not supported.');
  });
});

describe('an upgrade', () => {
  const upgrade: ClusterCommand = { type: 'UpgradeCluster', data: upgradeRequested.data };

  it('begins, and changes the template once it is done', () => {
    after().when(upgrade).then([upgradeRequested]);
    const done: ClusterEvent = { type: 'ClusterUpgraded', data: { ...ended('op-upgrade'), facts } };
    expect(state([...created, upgradeRequested]).spec.template.uuid).toBe('t1');
    expect(state([...created, upgradeRequested, done])).toMatchObject({
      status: 'UPDATE_COMPLETE',
      spec: { template: { uuid: 't2' } },
    });
  });

  it('waits for nothing else to be in hand', () => {
    after(resizeRequested)
      .when(upgrade)
      .refused(
        'invalid',
        'Upgrading a cluster when status is "UPDATE_IN_PROGRESS" is not supported.',
      );
  });
});

describe('rotation of the authorities', () => {
  const rotate: ClusterCommand = { type: 'RotateAuthority', data: begun('op-rotate') };

  it('begins', () => {
    after()
      .when(rotate)
      .then([{ type: 'AuthorityRotationRequested', data: begun('op-rotate') }]);
  });

  it('needs TLS', () => {
    const insecure = { ...spec, template: { ...template, tlsDisabled: true } };
    given(cluster, [
      { ...requested, data: { ...requested.data, cluster: insecure } } as ClusterEvent,
    ])
      .when(rotate)
      .refused('invalid', 'Rotating the CA certificate on a non-TLS cluster is not supported');
  });
});

describe('a cluster is deleted', () => {
  const remove: ClusterCommand = { type: 'DeleteCluster', data: begun('op-delete') };

  it('from any state, before everything else in hand', () => {
    given(cluster, [requested]).when(remove).then([deletionRequested]);
    after(resizeRequested).when(remove).then([deletionRequested]);
    expect(state([...created, resizeRequested, deletionRequested])).toMatchObject({
      status: 'DELETE_IN_PROGRESS',
      operations: [{ kind: 'delete' }],
      nodegroups: [{ status: 'DELETE_IN_PROGRESS' }, { status: 'DELETE_IN_PROGRESS' }],
    });
  });

  it('once', () => {
    after(deletionRequested)
      .when({ type: 'DeleteCluster', data: begun('again') })
      .then([]);
  });

  it('again after it has failed', () => {
    const failed: ClusterEvent = {
      type: 'DeletionFailed',
      data: { ...ended('op-delete'), reason: 'port in use' },
    };
    expect(state([...created, deletionRequested, failed])).toMatchObject({
      status: 'DELETE_FAILED',
      statusReason: 'port in use',
    });
    after(deletionRequested, failed)
      .when({ type: 'DeleteCluster', data: begun('again') })
      .then([{ type: 'DeletionRequested', data: begun('again') }]);
  });

  it('leaves nothing', () => {
    expect(
      fold(cluster, [
        ...created,
        deletionRequested,
        { type: 'ClusterDeleted', data: ended('op-delete') },
      ]),
    ).toEqual({ status: 'DELETE_COMPLETE', gone: true, uuid: 'c1' });
  });

  it('cannot be deleted when it never was', () => {
    given(cluster, []).when(remove).refused('not-found', 'Cluster could not be found.');
  });
});
