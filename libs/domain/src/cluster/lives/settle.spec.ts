import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '@jeroboam/eventing/decider';
import {
  begun,
  created,
  ended,
  facts,
  nodegroupRequested,
  requested,
  resizeRequested,
  template,
  underConstruction,
} from '../cluster.examples.js';
import { cluster } from '../decider.js';
import type { ClusterEvent, ClusterFacts } from '../events.js';
import { isPresent, type PresentCluster } from '../state.js';

const state = (...events: readonly ClusterEvent[]): PresentCluster => {
  const folded = fold(cluster, events);
  if (!isPresent(folded)) throw new Error(`the cluster is ${folded.status}`);
  return folded;
};

const nodegroup = (id: string, present: PresentCluster) =>
  present.nodegroups.find(({ uuid }) => uuid === id);

const sized = (nodeCount: number): ClusterFacts => ({
  ...facts,
  nodegroups: { w: { nodeAddresses: [], nodeCount } },
});

const resize = (operationId: string, nodeCount: number): ClusterEvent => ({
  type: 'ResizeRequested',
  data: { ...begun(operationId), nodegroupId: 'w', nodeCount, nodesToRemove: [], rollback: false },
});
const resized = (operationId: string, nodeCount: number): ClusterEvent => ({
  type: 'ClusterResized',
  data: { ...ended(operationId), facts: sized(nodeCount) },
});
const failed = (
  type: Extract<ClusterEvent['type'], 'ResizeFailed' | 'NodegroupRemovalFailed' | 'DeletionFailed'>,
  operationId: string,
): ClusterEvent => ({ type, data: { ...ended(operationId), reason: 'no host' } });
const removal: ClusterEvent = {
  type: 'NodegroupRemovalRequested',
  data: { ...begun('op-remove'), nodegroupId: 'g' },
};
const removed: ClusterEvent = { type: 'NodegroupRemoved', data: ended('op-remove') };
const added: ClusterEvent = {
  type: 'NodegroupCreated',
  data: { ...ended('op-add'), facts: { nodeAddresses: ['10.0.0.9'], nodeCount: 1 } },
};

describe('a creation ends', () => {
  it('for all its node groups, seen or not', () => {
    const nothing = { ...facts, nodegroups: {} };
    const done: ClusterEvent = {
      type: 'ClusterCreated',
      data: { ...ended('op-create'), facts: nothing },
    };
    expect(state(...underConstruction, done).nodegroups).toMatchObject([
      { uuid: 'm', status: 'CREATE_COMPLETE', nodeCount: 1, nodeAddresses: [] },
      { uuid: 'w', status: 'CREATE_COMPLETE', nodeCount: 1, nodeAddresses: [] },
    ]);
  });

  it('once: the same again is not an update', () => {
    expect(state(...created, ...created.slice(-1))).toEqual(state(...created));
  });

  it('keeps what was known before when it tells nothing new', () => {
    const silent = { ...facts, apiAddress: null, coeVersion: null, nodegroups: {} };
    const upgrade: ClusterEvent[] = [
      {
        type: 'UpgradeRequested',
        data: { ...begun('op-1'), template, maxBatchSize: 1, nodegroupId: null },
      },
      { type: 'ClusterUpgraded', data: { ...ended('op-1'), facts: silent } },
    ];
    expect(state(...created, ...upgrade)).toMatchObject({
      apiAddress: 'https://172.24.0.5:6443',
      coeVersion: 'v1.23.3',
    });
  });
});

describe('a resize that waited behind another', () => {
  const waiting = [...created, resize('a', 3), resize('b', 5)];

  it('keeps its node group in progress, at the size wished for last', () => {
    const between = state(...waiting, resized('a', 3));
    expect(between.status).toBe('UPDATE_IN_PROGRESS');
    expect(nodegroup('w', between)).toMatchObject({ nodeCount: 5, status: 'UPDATE_IN_PROGRESS' });
  });

  it('falls back on the size before both when both fail', () => {
    const both = state(...waiting, failed('ResizeFailed', 'a'), failed('ResizeFailed', 'b'));
    expect(nodegroup('w', both)).toMatchObject({ nodeCount: 1, status: 'UPDATE_FAILED' });
  });

  it('falls back on the size that was seen when only the second fails', () => {
    const second = state(...waiting, resized('a', 2), failed('ResizeFailed', 'b'));
    expect(nodegroup('w', second)).toMatchObject({ nodeCount: 2, status: 'UPDATE_FAILED' });
    expect(second.status).toBe('UPDATE_FAILED');
  });

  it('mends what the first one failed at', () => {
    const mended = state(...waiting, failed('ResizeFailed', 'a'), resized('b', 5));
    expect(mended).toMatchObject({ status: 'UPDATE_COMPLETE', statusReason: null });
    expect(nodegroup('w', mended)).toMatchObject({ nodeCount: 5, status: 'UPDATE_COMPLETE' });
  });

  it('falls back on the size before both also when the second is the first to fail', () => {
    const overdue = state(...waiting, failed('ResizeFailed', 'b'));
    expect(nodegroup('w', overdue)).toMatchObject({ nodeCount: 3, status: 'UPDATE_IN_PROGRESS' });
    const both = state(...waiting, failed('ResizeFailed', 'b'), failed('ResizeFailed', 'a'));
    expect(nodegroup('w', both)).toMatchObject({ nodeCount: 1, status: 'UPDATE_FAILED' });
  });

  it('falls back on a size that came true unseen', () => {
    const unseen: ClusterEvent = {
      type: 'ClusterResized',
      data: { ...ended('a'), facts: { ...facts, nodegroups: {} } },
    };
    const order = [failed('ResizeFailed', 'b'), unseen, failed('ResizeFailed', 'c')];
    expect(nodegroup('w', state(...waiting, resize('c', 7), ...order))?.nodeCount).toBe(3);
  });

  it('shows the last wish while any waits, then the last size that came true, in any order', () => {
    const wishes = fc
      .array(fc.record({ wish: fc.nat(9), works: fc.boolean(), rank: fc.nat(9) }), { minLength: 1 })
      .map((steps) => steps.map((step, index) => ({ ...step, id: `op-${index}` })));
    fc.assert(
      fc.property(wishes, (steps) => {
        const order = steps.toSorted((one, other) => one.rank - other.rank);
        let present = state(...created, ...steps.map(({ id, wish }) => resize(id, wish)));
        for (const [index, { id, wish, works }] of order.entries()) {
          const left = order.slice(index).map((each) => each.id);
          const last = steps.findLast((each) => left.includes(each.id));
          expect(nodegroup('w', present)?.nodeCount).toBe(last?.wish);
          present = cluster.evolve(
            present,
            works ? resized(id, wish) : failed('ResizeFailed', id),
          ) as PresentCluster;
        }
        const came = order.findLast(({ works }) => works)?.wish ?? 1;
        expect(nodegroup('w', present)?.nodeCount).toBe(came);
      }),
    );
  });
});

describe('operations on different node groups', () => {
  const endings: ClusterEvent[] = [
    resized('op-resize', 3),
    added,
    { type: 'CredentialRotated', data: ended('op-rotate') },
  ];
  const inHand = [
    ...created,
    resizeRequested,
    nodegroupRequested,
    { type: 'CredentialRotationRequested', data: begun('op-rotate') } as const,
  ];

  it('settle in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(endings, { minLength: 3 }), (order) => {
        expect(state(...inHand, ...order.slice(0, 2)).status).toBe('UPDATE_IN_PROGRESS');
        expect(state(...inHand, ...order)).toMatchObject({
          status: 'UPDATE_COMPLETE',
          statusReason: null,
          operations: [],
        });
      }),
    );
  });

  it('leave the failure of one for all to see, whatever the order', () => {
    const badly = [failed('ResizeFailed', 'op-resize'), ...endings.slice(1)];
    fc.assert(
      fc.property(fc.shuffledSubarray(badly, { minLength: 3 }), (order) => {
        const settled = state(...inHand, ...order);
        expect(settled.status).toBe('UPDATE_FAILED');
        expect(settled.statusReason).toMatch(/no host|default-worker failed/);
      }),
    );
  });
});

describe('a rotation that fails', () => {
  const rotation: ClusterEvent = { type: 'AuthorityRotationRequested', data: begun('op-rotate') };
  const rotationFailed: ClusterEvent = {
    type: 'AuthorityRotationFailed',
    data: { ...ended('op-rotate'), reason: 'a node did not answer' },
  };

  it('shows when all that was in hand with it has ended', () => {
    const between = state(...created, rotation, resizeRequested, rotationFailed);
    expect(between).toMatchObject({
      status: 'UPDATE_IN_PROGRESS',
      statusReason: 'a node did not answer',
    });
    expect(cluster.evolve(between, resized('op-resize', 3))).toMatchObject({
      status: 'UPDATE_FAILED',
      statusReason: 'a node did not answer',
      nodegroups: [{ status: 'CREATE_COMPLETE' }, { status: 'UPDATE_COMPLETE' }],
    });
  });

  it('does not mark what comes later', () => {
    const later = [resize('op-1', 2), resized('op-1', 2)];
    const all = [rotation, resizeRequested, rotationFailed, resized('op-resize', 3), ...later];
    expect(state(...created, ...all)).toMatchObject({ status: 'UPDATE_COMPLETE' });
    expect(state(...created, rotation, rotationFailed, ...later)).toMatchObject({
      status: 'UPDATE_COMPLETE',
      statusReason: null,
    });
  });
});

describe('a node group that goes', () => {
  it('is on its way out whatever ends meanwhile', () => {
    const leaving = state(...created, nodegroupRequested, removal, added);
    expect(nodegroup('g', leaving)).toMatchObject({ status: 'DELETE_IN_PROGRESS', nodeCount: 1 });
    const again = { ...begun('again'), nodegroupId: 'g' };
    expect(cluster.decide({ type: 'RemoveNodegroup', data: again }, leaving)).toEqual([]);
  });

  it('takes along what else was in hand for it', () => {
    expect(state(...created, nodegroupRequested, removal, removed)).toMatchObject({
      status: 'UPDATE_COMPLETE',
      operations: [],
      nodegroups: [{ uuid: 'm' }, { uuid: 'w' }],
    });
  });

  it('and cannot leaves the cluster open to further work', () => {
    const stuck = [
      ...created,
      nodegroupRequested,
      added,
      removal,
      failed('NodegroupRemovalFailed', 'op-remove'),
    ];
    expect(state(...stuck)).toMatchObject({
      status: 'UPDATE_FAILED',
      statusReason: 'no host',
      nodegroups: [{}, {}, { status: 'DELETE_FAILED', statusReason: 'no host' }],
    });
    const resizing = cluster.decide(
      {
        type: 'ResizeNodegroup',
        data: {
          ...begun('op-1'),
          nodegroupId: 'w',
          nodeCount: 2,
          nodesToRemove: [],
          rollback: false,
          by: 'resize',
        },
      },
      state(...stuck),
    );
    expect(resizing).toHaveLength(1);
  });
});

describe('a deletion', () => {
  const deletion: ClusterEvent = { type: 'DeletionRequested', data: begun('op-delete') };

  it('is deaf to the end of what it has pushed aside', () => {
    const deleting = state(...created, resizeRequested, deletion);
    expect(cluster.evolve(deleting, resized('op-resize', 3))).toEqual(deleting);
    expect(cluster.evolve(deleting, failed('ResizeFailed', 'op-resize'))).toEqual(deleting);
  });

  it('knows whether it interrupted something', () => {
    expect(state(...created, deletion).operations).toMatchObject([{ interrupts: false }]);
    expect(state(...created, resizeRequested, deletion).operations).toMatchObject([
      { kind: 'delete', interrupts: true },
    ]);
  });

  it('of a cluster that never was created fails as a deletion', () => {
    const left = state(requested, deletion, failed('DeletionFailed', 'op-delete'));
    expect(left).toMatchObject({
      status: 'DELETE_FAILED',
      created: false,
      nodegroups: [{ status: 'DELETE_FAILED' }, { status: 'DELETE_FAILED' }],
    });
  });
});

describe('trusts', () => {
  it('go with the last one who asked for something', () => {
    const byOther: ClusterEvent = {
      type: 'AuthorityRotationRequested',
      data: { ...begun('op-1'), trustId: 'tr-bob' },
    };
    expect(state(...created, resizeRequested)).toMatchObject({
      trustId: 'tr1',
      formerTrustIds: [],
    });
    const changed = state(...created, byOther);
    expect(changed).toMatchObject({ trustId: 'tr-bob', formerTrustIds: ['tr1'] });
    expect(cluster.evolve(changed, byOther)).toEqual(changed);
  });
});

describe('the memory of what was asked', () => {
  it('is bounded, and never forgets what is still in hand', () => {
    const changes = Array.from({ length: 70 }, (_, index): ClusterEvent => ({
      type: 'NodegroupChanged',
      data: {
        nodegroupId: 'w',
        changes: { maxNodeCount: index },
        operationId: `c${index}`,
        at: '',
      },
    }));
    const present = state(...created, resizeRequested, ...changes);
    expect(present.operationIds).toHaveLength(64);
    expect(cluster.evolve(present, resizeRequested)).toBe(present);
  });
});
