import { describe, expect, it } from '@jest/globals';
import { VersionConflict, type Append, type Appended } from '@jeroboam/eventing/event-store';
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

const over = (conflicts: number) => {
  const store = new ContestedStore(conflicts);
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
    const { aggregates, shown, store } = over(17);
    const { events } = await aggregates.claims('p1', claim, metadata);
    expect(events).toEqual([{ type: 'ClusterClaimed', data: { clusterId: 'c1', at } }]);
    expect(store.attempts).toBe(18);
    expect(shown).toEqual([]);
  });

  it('give up in the end', async () => {
    const { aggregates, store } = over(1000);
    await expect(aggregates.claims('p1', claim, metadata)).rejects.toThrow(VersionConflict);
    expect(store.attempts).toBe(60);
  });
});

it('all else is answered once it can be read', async () => {
  const { aggregates, shown } = over(0);
  const data = { projectId: 'p1', resource: 'Cluster', hardLimit: 1, at } as const;
  await aggregates.project('p1', { type: 'CreateQuota', data }, metadata);
  expect(shown).toHaveLength(1);
  await aggregates.project('p1', { type: 'CreateQuota', data }, metadata);
  expect(shown).toHaveLength(1);
});
