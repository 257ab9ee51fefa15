import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, Refused } from '@jeroboam/eventing/decider';
import type { Recorded } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { AnyView, View } from '@jeroboam/eventing/projector';
import { begun, created, ended, facts, template } from '@jeroboam/domain/cluster/cluster.examples';
import { cluster } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { life, type Step } from '@jeroboam/domain/cluster/lives/life.examples';
import { isPresent } from '@jeroboam/domain/cluster/state';
import type { ClusterTemplateEvent } from '@jeroboam/domain/cluster-template/events';
import type { ConductorEvent } from '@jeroboam/domain/conductor/events';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import { claims } from './claims.js';
import { clusterIds } from './cluster-ids.js';
import { clusterTemplates } from './cluster-templates.js';
import { clusters } from './clusters.js';
import { conductors } from './conductors.js';
import { quotas } from './quotas.js';

let position = 0n;
const recorded = ({ type, data }: Message, stream: string): Recorded => ({
  id: `e${position}`,
  stream,
  revision: Number(position),
  position: position++,
  type,
  data,
  metadata: { correlationId: 'r', causationId: 'r', commandId: 'c', actor: null },
  recordedAt: '2026-01-01T12:00:00.000Z',
});

/** Rows by key after these events, each of which comes twice and must count once. */
const rowsOf = <Row>(
  view: View<Row>,
  stream: string,
  events: readonly Message[],
): Readonly<Record<string, Row>> => {
  const rows = new Map<string, Row>();
  for (const event of events.map((each) => recorded(each, stream))) {
    for (const key of view.keys(event)) {
      const row = view.evolve(rows.get(key) ?? null, event);
      expect(view.evolve(row, event)).toEqual(row);
      if (row === null) rows.delete(key);
      else rows.set(key, row);
    }
  }
  return Object.fromEntries(rows);
};

describe('every view', () => {
  const row = { any: 'row' };
  const views: readonly { view: AnyView; name: string; stream: string; row: unknown }[] = [
    { view: clusters, name: clusters.name, stream: 'cluster-c1', row: fold(cluster, created) },
    { view: clusterTemplates, name: clusterTemplates.name, stream: 'clusterTemplate-t1', row },
    { view: quotas, name: quotas.name, stream: 'project-p1', row },
    { view: claims, name: claims.name, stream: 'project-p1', row },
    { view: conductors, name: conductors.name, stream: 'conductor-node-1', row },
  ];

  it.each(views)('$name passes over events it does not know', ({ view, stream, row: before }) => {
    const unknown = recorded({ type: 'NeverHeardOf', data: { at: 'now' } }, stream);
    expect(view.evolve(null, unknown)).toBeNull();
    expect(view.evolve(before, unknown)).toBe(before);
  });

  it.each(views)('$name has no rows for streams of other categories', ({ view }) => {
    const others = ['cluster-x', 'clusterTemplate-x', 'project-x', 'conductor-x', 'authority-x'];
    for (const stream of others.filter((each) => !view.categories.includes(each.split('-')[0]!))) {
      const event = { type: 'ClusterClaimed', data: { clusterId: 'c1', at: '' } };
      expect(view.keys(recorded(event, stream))).toEqual([]);
    }
  });
});

describe('clusters', () => {
  const rows = (...events: ClusterEvent[]) => rowsOf(clusters, 'cluster-c1', events);

  it('has a cluster from its request to its deletion', () => {
    expect(rows(...created.slice(0, 1))).toMatchObject({ c1: { status: 'CREATE_IN_PROGRESS' } });
    expect(rows(...created)).toMatchObject({ c1: { status: 'CREATE_COMPLETE' } });
    expect(
      rows(
        ...created,
        { type: 'DeletionRequested', data: begun('op-delete') },
        { type: 'ClusterDeleted', data: ended('op-delete') },
      ),
    ).toEqual({});
  });

  it('finds clusters by what is asked for, and counts all their nodes', () => {
    const row = rows(...created)['c1']!;
    expect(clusters.index(row)).toEqual({
      project_id: 'p1',
      user_id: 'u1',
      name: 'k8s',
      template_id: 't1',
      status: 'CREATE_COMPLETE',
      node_count: 2,
      summary: expect.any(String),
    });
  });

  it('has a summary with sums over the node groups', () => {
    const done: ClusterEvent = {
      type: 'NodegroupCreated',
      data: { ...ended('op-add'), facts: { nodeAddresses: [], nodeCount: 3 } },
    };
    const added: ClusterEvent = {
      type: 'NodegroupRequested',
      data: {
        ...begun('op-add'),
        nodegroup: {
          ...rows(...created)['c1']!.nodegroups[1]!,
          uuid: 'g',
          name: 'gpu',
          isDefault: false,
        },
      },
    };
    const row = rows(...created, added, done)['c1']!;
    expect(JSON.parse(String(clusters.index(row)['summary']))).toEqual({
      uuid: 'c1',
      name: 'k8s',
      templateId: 't1',
      keypair: 'kp',
      nodeCount: 4,
      masterCount: 1,
      dockerVolumeSize: null,
      labels: {},
      masterFlavorId: 'm1.small',
      flavorId: 'm1.small',
      createTimeoutMinutes: 60,
      stackId: 's1',
      status: 'UPDATE_COMPLETE',
      healthStatus: null,
    });
  });

  it('holds what its decider holds, over any life, after a round through JSON', () => {
    fc.assert(
      fc.property(life, (steps) => {
        const events = lived(steps);
        const state = fold(cluster, events);
        const row = events.reduce<unknown>((before, event) => {
          const after = clusters.evolve(
            before as Parameters<typeof clusters.evolve>[0],
            recorded(event, 'cluster-c1'),
          );
          return JSON.parse(JSON.stringify(after)) as unknown;
        }, null);
        expect(row).toEqual(isPresent(state) ? state : null);
      }),
    );
  });
});

const lived = (steps: readonly Step[]): readonly ClusterEvent[] => {
  const events: ClusterEvent[] = [];
  for (const [serial, step] of steps.entries()) {
    const state = fold(cluster, events);
    try {
      events.push(...cluster.decide(step(state, serial), state));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return events;
};

describe('cluster templates', () => {
  const made: ClusterTemplateEvent = {
    type: 'TemplateCreated',
    data: { template, projectId: 'p1', userId: 'u1', at: 'noon' },
  };
  const changed: ClusterTemplateEvent = {
    type: 'TemplateChanged',
    data: { changes: { name: null, public: true, hidden: true }, at: 'later' },
  };
  const rows = (...events: ClusterTemplateEvent[]) =>
    rowsOf(clusterTemplates, 'clusterTemplate-t1', events);

  it('has a template with its changes, until it is deleted', () => {
    const before = { template, projectId: 'p1', userId: 'u1', createdAt: 'noon', updatedAt: null };
    expect(rows(made)).toEqual({ t1: before });
    expect(rows(made, changed)).toEqual({
      t1: {
        ...before,
        template: { ...template, name: null, public: true, hidden: true },
        updatedAt: 'later',
      },
    });
    expect(rows(made, { type: 'TemplateDeleted', data: { at: 'end' } })).toEqual({});
  });

  it('has none of which only a change is known', () => {
    expect(rows(changed)).toEqual({});
  });

  it('finds templates by who may see them', () => {
    expect(clusterTemplates.index(rows(made, changed)['t1']!)).toEqual({
      project_id: 'p1',
      user_id: 'u1',
      name: null,
      is_public: 1,
      is_hidden: 1,
    });
  });
});

describe('a project', () => {
  const quota = (hardLimit: number, at: string): ProjectEvent => ({
    type: 'QuotaSet',
    data: { resource: 'Cluster', hardLimit, at },
  });
  const removed: ProjectEvent = { type: 'QuotaRemoved', data: { resource: 'Cluster', at: 'end' } };
  const claimed = (clusterId: string): ProjectEvent => ({
    type: 'ClusterClaimed',
    data: { clusterId, at: 'noon' },
  });
  const all = [
    quota(5, 'noon'),
    claimed('a'),
    quota(7, 'later'),
    claimed('b'),
    { type: 'ClaimReleased', data: { clusterId: 'a', at: 'end' } } as const,
  ];
  const row = { projectId: 'p1', resource: 'Cluster', hardLimit: 7 };

  it('has a quota as it was set last', () => {
    expect(rowsOf(quotas, 'project-p1', all)).toEqual({
      'p1/Cluster': { ...row, createdAt: 'noon', updatedAt: 'later' },
    });
  });

  it('has none once it is removed, and a new one after that', () => {
    expect(rowsOf(quotas, 'project-p1', [...all, removed])).toEqual({});
    expect(rowsOf(quotas, 'project-p1', [...all, removed, quota(7, 'again')])).toEqual({
      'p1/Cluster': { ...row, createdAt: 'again', updatedAt: null },
    });
  });

  it('has the claims that are not released', () => {
    expect(rowsOf(claims, 'project-p-1', all)).toEqual({
      b: { clusterId: 'b', projectId: 'p-1', at: 'noon' },
    });
  });
});

describe('conductors', () => {
  it('has one a host', () => {
    const data = { host: 'node-1', binary: 'jeroboam-conductor', at: 'noon' };
    const registered: ConductorEvent = { type: 'ConductorRegistered', data };
    const rows = rowsOf(conductors, 'conductor-node-1', [registered]);
    const row = { host: 'node-1', binary: 'jeroboam-conductor', createdAt: 'noon' };
    expect(Object.values(rows)).toEqual([{ ...row, reportCount: 0, seenAt: null }]);
    expect(conductors.index(Object.values(rows)[0]!)).toEqual({ host: 'node-1' });
  });

  it('are seen as marked last', () => {
    const data = { host: 'node-1', binary: 'jeroboam-conductor', at: 'noon' };
    const events: readonly ConductorEvent[] = [
      { type: 'ConductorRegistered', data },
      { type: 'ConductorSeen', data: { reportCount: 1, at: 'one' } },
      { type: 'ConductorSeen', data: { reportCount: 61, at: 'two' } },
    ];
    expect(Object.values(rowsOf(conductors, 'conductor-node-1', events))).toMatchObject([
      { createdAt: 'noon', reportCount: 61, seenAt: 'two' },
    ]);
  });
});

describe('health', () => {
  it('is in the row of the cluster, and in its summary', () => {
    const sick: ClusterEvent = {
      type: 'HealthChanged',
      data: { status: 'UNHEALTHY', reason: { api: 'no answer' }, at: 'now' },
    };
    const row = rowsOf(clusters, 'cluster-c1', [...created, sick])['c1']!;
    expect(row).toMatchObject({ healthStatus: 'UNHEALTHY', healthReason: { api: 'no answer' } });
    expect(String(clusters.index(row)['summary'])).toContain('"healthStatus":"UNHEALTHY"');
    expect(row.apiAddress).toBe(facts.apiAddress);
  });
});

describe('the view of cluster ids', () => {
  const deleted = { type: 'ClusterDeleted', data: ended('op-delete') };
  const row = {
    uuid: 'c1',
    projectId: 'p1',
    userId: 'u1',
    requestedAt: '2026-01-01T12:00:00.000Z',
    deletedAt: null,
  };

  it('has a cluster from its request on', () => {
    expect(rowsOf(clusterIds, 'cluster-c1', created)).toEqual({ c1: row });
    expect(clusterIds.index(row)).toEqual({
      project_id: 'p1',
      user_id: 'u1',
      requested_ms: Date.UTC(2026, 0, 1, 12),
      deleted_ms: null,
    });
  });

  it('keeps one that is deleted', () => {
    const gone = { ...row, deletedAt: '2026-01-01T12:10:00.000Z' };
    expect(rowsOf(clusterIds, 'cluster-c1', [...created, deleted])).toEqual({ c1: gone });
    expect(clusterIds.index(gone)).toMatchObject({ deleted_ms: Date.UTC(2026, 0, 1, 12, 10) });
  });

  it('passes over what was never asked for, and over other streams', () => {
    expect(rowsOf(clusterIds, 'cluster-c1', [deleted])).toEqual({});
    expect(rowsOf(clusterIds, 'project-c1', created)).toEqual({});
  });
});
