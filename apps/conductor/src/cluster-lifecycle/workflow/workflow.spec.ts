import { describe, expect, it } from '@jest/globals';
import { fold } from '@jeroboam/eventing/decider';
import {
  begun,
  created,
  nodegroupRequested,
  requested,
  resizeRequested,
  underConstruction,
} from '@jeroboam/domain/cluster/cluster.examples';
import { cluster as decider } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { isPresent, type PresentCluster } from '@jeroboam/domain/cluster/state';
import type { SeenStack, Situation } from './situation.js';
import { nextEffects } from './workflow.js';

const NOW = '2026-01-01T12:05:00.000Z';
const OVER = '2026-01-01T13:00:00.000Z';

const after = (...events: readonly ClusterEvent[]): PresentCluster => {
  const state = fold(decider, events);
  if (!isPresent(state)) throw new Error(state.status);
  return state;
};

const stack = (status: string, changes: Partial<SeenStack> = {}): SeenStack => ({
  status,
  reason: 'words of Heat',
  updatedAt: null,
  failedDeletions: 0,
  ...changes,
});

interface Circumstances extends Partial<Omit<Situation, 'cluster' | 'seen'>> {
  readonly seen?: Readonly<Record<string, SeenStack>>;
}

/** What is to be done, without the operations. */
const next = (events: readonly ClusterEvent[], circumstances: Circumstances = {}) =>
  nextOf(after(...events), circumstances);

const nextOf = (cluster: PresentCluster, { seen = {}, ...more }: Circumstances) =>
  nextEffects({
    cluster,
    seen: new Map(Object.entries(seen)),
    now: NOW,
    announced: new Set(),
    obstacles: new Map(),
    deleting: new Map(),
    ...more,
  }).map(({ operation, ...effect }) => ({ ...effect, of: operation.id }));

const told = (stackUpdatedAt: string | null): ClusterEvent => ({
  type: 'StackUpdateStarted',
  data: { operationId: 'op-resize', stackId: 's1', stackUpdatedAt, at: '2026-01-01T12:04:50.000Z' },
});

const groupStarted: ClusterEvent = {
  type: 'StackCreationStarted',
  data: { stackId: 's2', stackName: 'k8s-gpu', nodegroupIds: ['g'], at: NOW },
};

const removal: ClusterEvent = {
  type: 'NodegroupRemovalRequested',
  data: { ...begun('op-remove'), nodegroupId: 'g' },
};

const deletion: ClusterEvent = { type: 'DeletionRequested', data: begun('op-delete') };

describe('creation', () => {
  const of = 'op-create';

  it.each([
    [1, { kind: 'ensure-trustee', of }],
    [2, { kind: 'ensure-authorities', of }],
    [3, { kind: 'ensure-stack', nodegroupId: null, of }],
    [4, { kind: 'look-at-stack', stackId: 's1', of }],
  ])('after %i events', (count, effect) => {
    expect(next(underConstruction.slice(0, count))).toEqual([effect]);
  });

  it('makes no trustee where there is no trust', () => {
    expect(nextOf({ ...after(requested), trustId: null }, {})).toEqual([
      { kind: 'ensure-authorities', of },
    ]);
  });

  const stackId = 's1';
  const failure = { kind: 'record-failure', reason: 'words of Heat', stackId, of };

  it.each([
    ['CREATE_IN_PROGRESS', []],
    ['CREATE_COMPLETE', [{ kind: 'record-success', stackId, of }]],
    ['UPDATE_COMPLETE', [{ kind: 'record-success', stackId, of }]],
    ['CREATE_FAILED', [failure]],
    ['ROLLBACK_COMPLETE', [failure]],
    ['DELETE_COMPLETE', [failure]],
    ['GONE', [{ kind: 'give-up', reason: 'Stack with id s1 not found in Heat.', of }]],
  ])('with a stack that is %s', (status, effects) => {
    expect(next(underConstruction, { seen: { s1: stack(status) } })).toEqual(effects);
  });

  it('ends when it is overdue, saying how the stack is and what was in the way', () => {
    const seen = { s1: stack('CREATE_IN_PROGRESS') };
    const obstacles = new Map([[of, 'Heat did not answer.']]);
    expect(next(underConstruction, { seen, obstacles, now: OVER })).toEqual([
      {
        kind: 'give-up',
        reason:
          'Timed out after 60 minutes. The stack is CREATE_IN_PROGRESS: words of Heat Heat did not answer.',
        of,
      },
    ]);
  });
});

describe('change', () => {
  const of = 'op-resize';
  const resizing = [...created, resizeRequested];
  const stackId = 's1';
  const idle = { s1: stack('CREATE_COMPLETE') };

  it('looks, waits until Heat is idle, and announces before it tells', () => {
    expect(next(resizing)).toEqual([{ kind: 'look-at-stack', stackId, of }]);
    expect(next(resizing, { seen: { s1: stack('UPDATE_IN_PROGRESS') } })).toEqual([]);
    expect(next(resizing, { seen: idle })).toEqual([{ kind: 'announce-update', stackId, of }]);
  });

  it('tells Heat what this process has announced', () => {
    const announced = new Set([of]);
    expect(next([...resizing, told(null)], { seen: idle, announced })).toEqual([
      { kind: 'update-stack', stackId, of },
    ]);
  });

  it('tells Heat what another process has announced, once it had time to do so', () => {
    const events = [...resizing, told(null)];
    expect(next(events, { seen: idle })).toEqual([]);
    const now = '2026-01-01T12:05:21.000Z';
    expect(next(events, { seen: idle, now })).toEqual([{ kind: 'update-stack', stackId, of }]);
  });

  it.each([
    ['UPDATE_IN_PROGRESS', []],
    ['UPDATE_COMPLETE', [{ kind: 'record-success', stackId, of }]],
    ['UPDATE_FAILED', [{ kind: 'record-failure', reason: 'words of Heat', stackId, of }]],
    ['ROLLBACK_COMPLETE', [{ kind: 'record-failure', reason: 'words of Heat', stackId, of }]],
  ])('follows an update that has begun: %s', (status, effects) => {
    const seen = { s1: stack(status, { updatedAt: '2026-01-01T12:04:51Z' }) };
    expect(next([...resizing, told(null)], { seen })).toEqual(effects);
  });

  it('ends without a stack', () => {
    const reason = 'Stack with id s1 not found in Heat.';
    expect(next(resizing, { seen: { s1: stack('GONE') } })).toEqual([
      { kind: 'give-up', reason, of },
    ]);
  });

  it('of one stack waits for the one before, unless it is overdue', () => {
    const again = {
      ...resizeRequested,
      data: { ...resizeRequested.data, operationId: 'op-2', deadline: '2026-01-01T12:04:00.000Z' },
    } as ClusterEvent;
    expect(
      next([...resizing, again], { seen: idle }).map((effect) => [effect.kind, effect.of]),
    ).toEqual([
      ['announce-update', of],
      ['give-up', 'op-2'],
    ]);
    const later = { ...again, data: { ...again.data, deadline: OVER } } as ClusterEvent;
    expect(next([...resizing, later], { seen: idle }).map((effect) => effect.of)).toEqual([of]);
  });

  it('of different stacks goes on at once', () => {
    const events = [...resizing, nodegroupRequested];
    expect(next(events, { seen: idle })).toEqual([
      { kind: 'announce-update', stackId, of },
      { kind: 'ensure-stack', nodegroupId: 'g', of: 'op-add' },
    ]);
  });

  it('of the credential is not supported', () => {
    const rotation: ClusterEvent = { type: 'CredentialRotationRequested', data: begun('op-r') };
    const reason = 'Credential rotation is not supported by driver.';
    expect(next([...created, rotation])).toEqual([{ kind: 'give-up', reason, of: 'op-r' }]);
  });

  it('of the authority updates the stack', () => {
    const rotation: ClusterEvent = { type: 'AuthorityRotationRequested', data: begun('op-r') };
    expect(next([...created, rotation], { seen: idle })).toEqual([
      { kind: 'announce-update', stackId, of: 'op-r' },
    ]);
  });
});

describe('removal of a node group', () => {
  const of = 'op-remove';
  const ready: readonly ClusterEvent[] = [
    ...created,
    nodegroupRequested,
    groupStarted,
    {
      type: 'NodegroupCreated',
      data: { operationId: 'op-add', at: NOW, facts: { nodeAddresses: [], nodeCount: 1 } },
    },
  ];

  it.each([
    ['CREATE_COMPLETE', 'delete-stack'],
    ['GONE', 'sweep-stacks'],
    ['DELETE_COMPLETE', 'sweep-stacks'],
  ])('with a stack that is %s', (status, kind) => {
    const seen = { s2: stack(status) };
    expect(next([...ready, removal], { seen })).toMatchObject([{ kind, of }]);
  });

  it('looks for a stack that was not recorded', () => {
    const failed: ClusterEvent = {
      type: 'NodegroupCreationFailed',
      data: { operationId: 'op-add', at: NOW, reason: 'no' },
    };
    expect(next([...created, nodegroupRequested, failed, removal])).toEqual([
      { kind: 'sweep-stacks', of },
    ]);
  });

  it('never means the stack of the cluster when the node group is gone', () => {
    const resize = {
      ...resizeRequested,
      data: { ...resizeRequested.data, operationId: 'op-3', nodegroupId: 'g' },
    } as ClusterEvent;
    const seen = { s1: stack('CREATE_COMPLETE') };
    const gone = (...events: readonly ClusterEvent[]): PresentCluster => {
      const cluster = after(...ready, ...events);
      return { ...cluster, nodegroups: cluster.nodegroups.filter(({ uuid }) => uuid !== 'g') };
    };
    expect(nextOf(gone(removal), { seen })).toEqual([{ kind: 'clean-up', of }]);
    expect(nextOf(gone(resize), { seen })).toEqual([
      { kind: 'give-up', reason: 'The node group has been deleted.', of: 'op-3' },
    ]);
  });
});

describe('deletion', () => {
  const of = 'op-delete';
  const deleting = [...created, deletion];
  const asked = new Map([[of, new Set(['s1'])]]);

  it('takes additional node groups first, then the cluster, then what was not recorded', () => {
    const events = [...created, nodegroupRequested, groupStarted, deletion];
    const up = stack('CREATE_COMPLETE');
    const stackOf = (seen: Circumstances['seen']) => next(events, { seen: seen ?? {} });
    expect(stackOf({ s1: up, s2: up })).toEqual([{ kind: 'delete-stack', stackId: 's2', of }]);
    expect(stackOf({ s1: up, s2: stack('GONE') })).toEqual([
      { kind: 'delete-stack', stackId: 's1', of },
    ]);
    expect(stackOf({ s1: stack('GONE'), s2: stack('GONE') })).toEqual([
      { kind: 'sweep-stacks', of },
    ]);
  });

  it('waits for Heat, which is asked at least once by each process', () => {
    const seen = { s1: stack('DELETE_IN_PROGRESS') };
    expect(next(deleting, { seen })).toMatchObject([{ kind: 'delete-stack' }]);
    expect(next(deleting, { seen, deleting: asked })).toEqual([]);
  });

  it.each([
    [2, 'delete-stack'],
    [3, 'record-failure'],
  ])('that has failed %i times', (failedDeletions, kind) => {
    const seen = { s1: stack('DELETE_FAILED', { failedDeletions }) };
    expect(next(deleting, { seen, deleting: asked })).toMatchObject([{ kind, stackId: 's1' }]);
  });

  it('of what has no stack lets what was under way arrive before it looks', () => {
    const events = [...underConstruction.slice(0, 3), deletion];
    expect(next(events, { now: '2026-01-01T12:00:29.000Z' })).toEqual([]);
    expect(next(events, { now: '2026-01-01T12:00:30.000Z' })).toEqual([
      { kind: 'sweep-stacks', of },
    ]);
  });

  it('of what has no stack and had nothing under way looks at once', () => {
    const failed: ClusterEvent = {
      type: 'ClusterCreationFailed',
      data: { operationId: 'op-create', at: NOW, reason: 'no', faults: {} },
    };
    const events = [requested, failed, deletion];
    expect(next(events, { now: '2026-01-01T12:00:01.000Z' })).toEqual([
      { kind: 'sweep-stacks', of },
    ]);
  });
});
