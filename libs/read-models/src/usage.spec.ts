import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, Refused } from '@jeroboam/eventing/decider';
import { handle } from '@jeroboam/eventing/handle';
import { proposed } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { Message } from '@jeroboam/eventing/message';
import { created, ended, facts, requested } from '@jeroboam/domain/cluster/cluster.examples';
import { cluster } from '@jeroboam/domain/cluster/decider';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { life } from '@jeroboam/domain/cluster/lives/life.examples';
import { isPresent, sizeOf, type ClusterState } from '@jeroboam/domain/cluster/state';
import { usage, usageWithin, type UsageRow } from './usage.js';

const at = (time: string) => `2026-01-01T${time}:00.000Z`;
const noon = Date.parse(at('12:00'));
const HOUR = 3_600_000;

/** The row after the events, each of which comes twice. */
const rowAfter = async (events: readonly Message[]): Promise<UsageRow | null> => {
  const store = new InMemoryEventStore();
  const metadata = { correlationId: 'r', causationId: 'r', commandId: 'c', actor: null };
  await store.append({
    stream: 'cluster-c1',
    events: proposed(events, metadata),
    expected: 'no-stream',
  });
  return (await store.read('cluster-c1')).reduce<UsageRow | null>(
    (row, event) =>
      usage.keys(event).length === 0 ? row : usage.evolve(usage.evolve(row, event), event),
    null,
  );
};

const resize = (time: string, operationId: string, nodeCount: number): ClusterEvent => ({
  type: 'ResizeRequested',
  data: {
    operationId,
    at: at(time),
    deadline: at('23:00'),
    nodegroupId: 'w',
    nodeCount,
    nodesToRemove: [],
    rollback: false,
  },
});
const deleted = (time: string): ClusterEvent => ({
  type: 'ClusterDeleted',
  data: { operationId: 'op-delete', at: at(time) },
});
const counts = (masters: number, workers: number) => [
  { kind: 'master', flavorId: 'm1.small', nodes: masters },
  { kind: 'worker', flavorId: 'm1.small', nodes: workers },
];

describe('usage', () => {
  it('begins with the request and ends with the deletion', async () => {
    const row = await rowAfter([...created, deleted('15:00')]);
    expect(row).toMatchObject({ clusterId: 'c1', projectId: 'p1', name: 'k8s', cluster: null });
    expect(row?.intervals).toEqual([{ from: at('12:00'), to: at('15:00'), counts: counts(1, 1) }]);
  });

  it('has an interval for each size', async () => {
    const row = await rowAfter([...created, resize('13:00', 'op-resize', 3)]);
    expect(row?.intervals).toEqual([
      { from: at('12:00'), to: at('13:00'), counts: counts(1, 1) },
      { from: at('13:00'), to: null, counts: counts(1, 3) },
    ]);
  });

  it('goes back to the size before when a resize fails, and on to the size seen when it ends', async () => {
    const row = await rowAfter([
      ...created,
      resize('13:00', 'op-1', 3),
      { type: 'ResizeFailed', data: { operationId: 'op-1', at: at('14:00'), reason: 'no host' } },
      resize('15:00', 'op-2', 4),
      {
        type: 'ClusterResized',
        data: {
          operationId: 'op-2',
          at: at('16:00'),
          facts: {
            ...facts,
            nodegroups: { ...facts.nodegroups, w: { nodeAddresses: [], nodeCount: 5 } },
          },
        },
      },
    ]);
    expect(row?.intervals.map((each) => each.counts[1]?.nodes)).toEqual([1, 3, 1, 4, 5]);
    expect(row?.intervals.at(-1)).toMatchObject({ from: at('16:00'), to: null });
  });

  it('counts node groups of another flavor apart, from their request to their end', async () => {
    const gpu = {
      uuid: 'g',
      name: 'gpu',
      role: 'gpu',
      isDefault: false,
      nodeCount: 2,
      minNodeCount: 0,
      maxNodeCount: null,
      flavorId: 'g1.large',
      imageId: 'fedora-coreos',
      labels: {},
      dockerVolumeSize: null,
      nodeLabels: null,
      nodeTaints: null,
    };
    const begun = { operationId: 'op-add', at: at('13:00'), deadline: at('23:00') };
    const row = await rowAfter([
      ...created,
      { type: 'NodegroupRequested', data: { ...begun, nodegroup: gpu } },
    ]);
    expect(row?.intervals.at(-1)?.counts).toEqual([
      ...counts(1, 1),
      { kind: 'worker', flavorId: 'g1.large', nodes: 2 },
    ]);
  });

  it('is never negative when the clocks of two hosts differ', async () => {
    const row = await rowAfter([requested, resize('11:59', 'op-1', 2), deleted('12:30')]);
    expect(row?.intervals).toEqual([
      { from: at('12:00'), to: at('12:00'), counts: counts(1, 1) },
      { from: at('12:00'), to: at('12:30'), counts: counts(1, 2) },
    ]);
  });

  it('does not begin again once the cluster is gone', async () => {
    const late: ClusterEvent = { type: 'ClusterCreated', data: { ...ended('op-create'), facts } };
    const row = await rowAfter([...created, deleted('13:00'), late]);
    expect(row?.intervals).toHaveLength(1);
    expect(row?.cluster).toBeNull();
  });

  it('is not concerned with health', async () => {
    const health = { status: 'HEALTHY', reason: {}, at: at('13:00') };
    const row = await rowAfter([...created, { type: 'HealthChanged', data: health }]);
    expect(row?.revision).toBe(created.length - 1);
  });

  it('follows what the decider decides', async () => {
    const store = new InMemoryEventStore();
    const send = handle(store, 'cluster', cluster);
    const metadata = { correlationId: 'r', causationId: 'r', commandId: 'c', actor: null };
    const { data } = requested as Extract<ClusterEvent, { type: 'ClusterRequested' }>;
    await send('c1', { type: 'RequestCluster', data }, metadata);
    const [event] = await store.read('cluster-c1');
    expect(usage.evolve(null, event!)?.intervals).toEqual([
      { from: at('12:00'), to: null, counts: counts(1, 1) },
    ]);
  });
});

describe('whatever is asked of a cluster', () => {
  it('counts the nodes its decider counts, and none once it is gone', () => {
    fc.assert(
      fc.property(life, (steps) => {
        let state = cluster.initialState;
        let row: UsageRow | null = null;
        let revision = 0;
        for (const [serial, step] of steps.entries()) {
          const events = decided(step(state, serial), state);
          state = fold(cluster, events, state);
          for (const event of events) row = taken(row, event, revision++);
          expect(nodesNow(row)).toBe(isPresent(state) ? sizeOf(state.nodegroups) : 0);
        }
      }),
    );
  });

  const decided = (command: ClusterCommand, state: ClusterState): readonly ClusterEvent[] => {
    try {
      return cluster.decide(command, state);
    } catch (error) {
      if (error instanceof Refused) return [];
      throw error;
    }
  };
  const taken = (row: UsageRow | null, event: ClusterEvent, revision: number): UsageRow | null => {
    const recorded = {
      ...event,
      id: `e${revision}`,
      stream: 'cluster-c1',
      revision,
      position: BigInt(revision),
      metadata: { correlationId: 'r', causationId: 'r', commandId: 'c', actor: null },
      recordedAt: at('12:00'),
    };
    if (usage.keys(recorded).length === 0) return row;
    return usage.evolve(usage.evolve(row, recorded), recorded);
  };
  const nodesNow = (row: UsageRow | null): number =>
    (row?.intervals ?? [])
      .filter(({ to }) => to === null)
      .flatMap(({ counts: all }) => all.map(({ nodes }) => nodes))
      .reduce((sum, nodes) => sum + nodes, 0);
});

describe('usageWithin', () => {
  const span = (fromHour: number, toHour: number) => ({
    fromMs: noon + fromHour * HOUR,
    toMs: noon + toHour * HOUR,
  });
  /** Two nodes from noon, four from one o'clock, none from three o'clock. */
  const whole = async () =>
    (await rowAfter([...created, resize('13:00', 'op-1', 3), deleted('15:00')]))!;

  it('adds up nodes times seconds, by kind and flavor', async () => {
    expect(usageWithin(await whole(), span(-1, 24))).toEqual({
      clusterId: 'c1',
      name: 'k8s',
      projectId: 'p1',
      nodeSeconds: 36_000,
      parts: [
        { kind: 'master', flavorId: 'm1.small', nodeSeconds: 10_800 },
        { kind: 'worker', flavorId: 'm1.small', nodeSeconds: 25_200 },
      ],
    });
  });

  it('takes of each interval what lies in the span', async () => {
    const row = await whole();
    expect(usageWithin(row, span(0.5, 1.5)).nodeSeconds).toBe(1800 * 2 + 1800 * 4);
    expect(usageWithin(row, span(3, 9))).toMatchObject({ nodeSeconds: 0, parts: [] });
  });

  it('is the same in one span as in the two halves of it', async () => {
    const row = await whole();
    const [first, second] = [usageWithin(row, span(0, 1.25)), usageWithin(row, span(1.25, 4))];
    expect(first.nodeSeconds + second.nodeSeconds).toBe(36_000);
  });

  it('counts what lasts up to the end of the span', async () => {
    const row = (await rowAfter(created))!;
    expect(usageWithin(row, span(0, 2)).nodeSeconds).toBe(2 * 2 * 3600);
  });
});
