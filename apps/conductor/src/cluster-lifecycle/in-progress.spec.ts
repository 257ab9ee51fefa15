import { describe, expect, it } from '@jest/globals';
import { fold } from '@jeroboam/eventing/decider';
import type { RowChange, RowReader } from '@jeroboam/eventing/row-store';
import { created, requested } from '@jeroboam/domain/cluster/cluster.examples';
import { cluster as decider } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { InProgress } from './in-progress.js';

const change = (key: string, events: readonly ClusterEvent[] | null): RowChange => ({
  view: 'clusters.v1',
  key,
  row: events && fold(decider, events),
  columns: {},
});

const empty: RowReader = { all: () => [] };

describe('clusters in progress', () => {
  it('are those of the rows, then what commits make of them', () => {
    const inProgress = new InProgress();
    inProgress.fill({
      all: (sql, statuses) => {
        expect(statuses).toEqual([
          'CREATE_IN_PROGRESS',
          'UPDATE_IN_PROGRESS',
          'DELETE_IN_PROGRESS',
        ]);
        return [{ seq: 1, body: JSON.stringify(fold(decider, [requested])) }];
      },
    });
    const [first] = inProgress.all();
    expect(first?.status).toBe('CREATE_IN_PROGRESS');
    const id = first?.spec.uuid ?? '';
    expect(inProgress.follow([change(id, created)])).toEqual([id]);
    expect(inProgress.get(id)).toBeUndefined();
  });

  it('come with their request and go with the cluster', () => {
    const inProgress = new InProgress();
    inProgress.fill(empty);
    inProgress.follow([change('a', [requested]), change('b', [requested])]);
    expect(inProgress.all()).toHaveLength(2);
    expect(inProgress.follow([change('a', null)])).toEqual(['a']);
    expect(inProgress.get('a')).toBeUndefined();
    expect(inProgress.get('b')?.status).toBe('CREATE_IN_PROGRESS');
  });

  it('are of no other view', () => {
    const inProgress = new InProgress();
    expect(inProgress.follow([{ ...change('a', [requested]), view: 'claims.v1' }])).toEqual([]);
    expect(inProgress.all()).toEqual([]);
  });
});
