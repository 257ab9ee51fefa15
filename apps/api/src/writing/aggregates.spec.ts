import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { begun, created, master, nodegroup, spec } from '@jeroboam/domain/cluster/cluster.examples';
import type { ClusterCommand } from '@jeroboam/domain/cluster/commands';
import {
  proposed,
  VersionConflict,
  type Append,
  type Appended,
  type EventStore,
} from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import { Metrics } from '@jeroboam/platform/metrics/metrics';
import { aggregatesOf } from './aggregates.js';

/** Somebody else is always quicker, so many times. */
class ContestedStore extends InMemoryEventStore {
  attempts = 0;

  constructor(private readonly conflicts: number) {
    super();
  }

  override append(request: Append): Promise<Appended> {
    this.attempts += 1;
    if (this.attempts > this.conflicts) return super.append(request);
    return Promise.reject(new VersionConflict(request.stream, request.expected));
  }
}

const at = '2026-01-01T12:00:00.000Z';
const metadata = { correlationId: 'c', causationId: 'c', commandId: 'c', actor: null };
const claim = {
  type: 'ClaimCluster',
  data: { clusterId: 'c1', defaultLimit: 1, at },
} as const;

const over = <Store extends EventStore>(store: Store) => {
  const shown: bigint[] = [];
  const aggregates = aggregatesOf({
    store,
    metrics: new Metrics('test'),
    shown: (position) => {
      shown.push(position);
      return Promise.resolve();
    },
  });
  return { store, shown, aggregates };
};

describe('claims', () => {
  it('get through where many contend, and wait for no reader', async () => {
    const { aggregates, shown, store } = over(new ContestedStore(17));
    const { events } = await aggregates.claims('p1', claim, metadata);
    expect(events).toEqual([{ type: 'ClusterClaimed', data: { clusterId: 'c1', at } }]);
    expect(store.attempts).toBe(18);
    expect(shown).toEqual([]);
  });

  it('give up in the end', async () => {
    const { aggregates, store } = over(new ContestedStore(1000));
    await expect(aggregates.claims('p1', claim, metadata)).rejects.toThrow(VersionConflict);
    expect(store.attempts).toBe(60);
  });
});

/** Others get their turn before an append comes through. */
class YieldingStore extends InMemoryEventStore {
  conflicts = 0;

  override async append(request: Append): Promise<Appended> {
    await turn();
    return super.append(request).catch((error: unknown) => {
      if (error instanceof VersionConflict) this.conflicts += 1;
      throw error;
    });
  }
}

describe('node groups of one cluster', () => {
  /** Of each of six replicas. */
  const groups = Array.from({ length: 6 }, (_, replica) =>
    Array.from({ length: 8 }, (_each, index) => `g${replica}-${index}`),
  );

  it('are all made, and all deleted, by many replicas at once', async () => {
    const store = new YieldingStore();
    await store.append({
      stream: 'cluster-c1',
      events: proposed(created, { ...metadata, commandId: 'past' }),
      expected: 'no-stream',
    });
    const replicas = groups.map((ids) => ({ ids, aggregates: over(store).aggregates }));
    const all = (commandOf: (id: string) => ClusterCommand) =>
      Promise.all(
        replicas.flatMap(({ ids, aggregates }) =>
          ids.map((id) => {
            const command = commandOf(id);
            const commandId = `${command.type} ${id}`;
            return aggregates.cluster('c1', command, { ...metadata, commandId });
          }),
        ),
      );
    await all((uuid) => ({
      type: 'AddNodegroup',
      data: {
        ...begun(`add ${uuid}`),
        nodegroup: nodegroup({ uuid, name: uuid, isDefault: false }),
      },
    }));
    await all((nodegroupId) => ({
      type: 'RemoveNodegroup',
      data: { ...begun(`remove ${nodegroupId}`), nodegroupId },
    }));
    const types = (await store.read('cluster-c1')).map(({ type }) => type);
    expect(types.filter((type) => type === 'NodegroupRequested')).toHaveLength(48);
    expect(types.filter((type) => type === 'NodegroupRemovalRequested')).toHaveLength(48);
    expect(store.conflicts).toBeGreaterThan(0);
  });

  it('get through where others were quicker seventeen times', async () => {
    const { aggregates, store } = over(new ContestedStore(17));
    const request = {
      type: 'RequestCluster',
      data: { ...begun('op'), cluster: spec, nodegroups: [master, nodegroup()], trustId: 'tr1' },
    } as const;
    const { events } = await aggregates.cluster('c1', request, metadata);
    expect(events).toHaveLength(1);
    expect(store.attempts).toBe(18);
  });
});

it('all else is answered once it can be read', async () => {
  const { aggregates, shown } = over(new ContestedStore(0));
  const data = { projectId: 'p1', resource: 'Cluster', hardLimit: 1, at } as const;
  await aggregates.project('p1', { type: 'CreateQuota', data }, metadata);
  expect(shown).toHaveLength(1);
  await aggregates.project('p1', { type: 'CreateQuota', data }, metadata);
  expect(shown).toHaveLength(1);
});
