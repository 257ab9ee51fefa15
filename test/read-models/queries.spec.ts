import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { claims, claimsWithoutCluster, countClaims } from '@jeroboam/read-models/claims';
import {
  clusterByUuid,
  clusters,
  clustersByName,
  clustersInStatus,
  countClusters,
  countClustersOfTemplate,
  hasClusters,
} from '@jeroboam/read-models/clusters';
import {
  clusterTemplates,
  templateByUuid,
  templatesByName,
} from '@jeroboam/read-models/cluster-templates';
import { conductors, listConductors } from '@jeroboam/read-models/conductors';
import { quotaKey, quotaKeyOf, quotaOf, quotas } from '@jeroboam/read-models/quotas';
import { template } from '@jeroboam/domain/cluster/cluster.examples';
import { clusterRow, openRows, put, templateRow } from './stored-rows.js';

const rows = openRows(clusters, clusterTemplates, quotas, claims, conductors);
const admin = {};
const p1 = { projectId: 'p1' };
const p2 = { projectId: 'p2' };

beforeEach(() => {
  rows.reset();
});
afterAll(() => {
  rows.close();
});

describe('a cluster', () => {
  const named = (uuid: string, name: string, projectId: string) =>
    clusterRow({ spec: { uuid, name, projectId, userId: `user of ${projectId}` } });

  beforeEach(() => {
    put(rows, clusters, {
      a: named('a', 'k8s', 'p1'),
      b: named('b', 'k8s', 'p2'),
      c: named('c', 'swarm', 'p1'),
      d: named('d', 'k8s', 'p1'),
      e: named('e', 'k8s', 'p1'),
    });
  });

  it('is found by its uuid, by whom it belongs to and by administrators', () => {
    expect(clusterByUuid(rows, p1, 'a')).toEqual({ seq: 1, row: named('a', 'k8s', 'p1') });
    expect(clusterByUuid(rows, admin, 'b')).toMatchObject({ seq: 2 });
    expect(clusterByUuid(rows, { userId: 'user of p2' }, 'b')).toMatchObject({ seq: 2 });
    expect(clusterByUuid(rows, p1, 'b')).toBeNull();
    expect(clusterByUuid(rows, { userId: 'user of p1' }, 'b')).toBeNull();
    expect(clusterByUuid(rows, admin, 'z')).toBeNull();
  });

  it('is found by its name where that is unambiguous in the scope', () => {
    const found = (scope: object, name: string) =>
      clustersByName(rows, scope, name).map(({ row }) => row.spec.uuid);
    expect(found(p2, 'k8s')).toEqual(['b']);
    expect(found(p1, 'swarm')).toEqual(['c']);
    expect(found(p1, 'k8s')).toEqual(['a', 'd']);
    expect(found(admin, 'k8s')).toEqual(['a', 'b']);
    expect(found(p2, 'swarm')).toEqual([]);
    expect(found(admin, "k8s' OR 1=1 --")).toEqual([]);
  });

  it('is found by what it is busy with', () => {
    put(rows, clusters, {
      c: clusterRow({ status: 'DELETE_IN_PROGRESS', spec: { uuid: 'c' } }),
      f: clusterRow({ status: 'CREATE_IN_PROGRESS', spec: { uuid: 'f' } }),
    });
    const busy = clustersInStatus(rows, ['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS']);
    expect(busy.map(({ row }) => row.spec.uuid)).toEqual(['c', 'f']);
    expect(clustersInStatus(rows, ['UPDATE_FAILED'])).toEqual([]);
    expect(clustersInStatus(rows, [])).toEqual([]);
  });

  it('counts, with all its nodes, for its project and its template', () => {
    const [master, worker] = clusterRow().nodegroups;
    put(rows, clusters, {
      f: clusterRow({
        nodegroups: [master!, { ...worker!, nodeCount: 5 }],
        spec: { uuid: 'f', projectId: 'p2', template: { ...template, uuid: 't2' } },
      }),
    });
    expect(countClusters(rows, 'p1')).toEqual({ clusters: 4, nodes: 8 });
    expect(countClusters(rows, 'p2')).toEqual({ clusters: 2, nodes: 8 });
    expect(countClusters(rows, null)).toEqual({ clusters: 6, nodes: 16 });
    expect(countClusters(rows, 'p3')).toEqual({ clusters: 0, nodes: 0 });
    expect([0, 3, 4, 5, 7].map((atLeast) => hasClusters(rows, 'p1', atLeast))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect([0, 1].map((atLeast) => hasClusters(rows, 'p3', atLeast))).toEqual([true, false]);
    expect(countClustersOfTemplate(rows, 't1')).toBe(5);
    expect(countClustersOfTemplate(rows, 't2')).toBe(1);
    expect(countClustersOfTemplate(rows, 't3')).toBe(0);
  });
});

describe('a template', () => {
  const kinds = {
    own: templateRow({ uuid: 'own', name: 'a' }),
    'own hidden': templateRow({ uuid: 'own hidden', name: 'b', hidden: true }),
    public: templateRow({ uuid: 'public', name: 'a', projectId: 'p2', userId: 'u2', public: true }),
    'public hidden': templateRow({
      uuid: 'public hidden',
      name: 'c',
      projectId: 'p2',
      userId: 'u2',
      public: true,
      hidden: true,
    }),
    private: templateRow({ uuid: 'private', name: 'd', projectId: 'p2', userId: 'u2' }),
  };
  const visibleTo = (scope: object) =>
    Object.keys(kinds).filter((uuid) => templateByUuid(rows, scope, uuid) !== null);

  beforeEach(() => {
    put(rows, clusterTemplates, kinds);
  });

  it.each([
    ['its project', p1, ['own', 'own hidden', 'public']],
    ['its user', { userId: 'u1' }, ['own', 'own hidden', 'public']],
    ['the project of the others', p2, ['public', 'public hidden', 'private']],
    ['a third project', { projectId: 'p3' }, ['public']],
    ['an administrator', admin, Object.keys(kinds)],
  ])('is visible to %s: %j', (_, scope, expected) => {
    expect(visibleTo(scope)).toEqual(expected);
  });

  it('is found by its name among those that are visible', () => {
    const found = (scope: object, name: string) =>
      templatesByName(rows, scope, name).map((row) => row.template.uuid);
    expect(found(p1, 'a')).toEqual(['own', 'public']);
    expect(found(p2, 'a')).toEqual(['public']);
    expect(found(p1, 'c')).toEqual([]);
    expect(found(p1, 'd')).toEqual([]);
    expect(found(admin, 'd')).toEqual(['private']);
  });

  it('of no name is found by none', () => {
    put(rows, clusterTemplates, { nameless: templateRow({ uuid: 'nameless', name: null }) });
    expect(templatesByName(rows, admin, '')).toEqual([]);
    expect(templatesByName(rows, admin, 'null')).toEqual([]);
  });
});

describe('a quota', () => {
  const of = (projectId: string) => ({
    projectId,
    resource: 'Cluster' as const,
    hardLimit: 5,
    createdAt: 'noon',
    updatedAt: null,
  });

  it('is found by its project and by its number', () => {
    put(rows, quotas, {
      [quotaKey('p1', 'Cluster')]: of('p1'),
      [quotaKey('p2', 'Cluster')]: of('p2'),
    });
    expect(quotaOf(rows, 'p2', 'Cluster')).toEqual({ seq: 2, row: of('p2') });
    expect(quotaOf(rows, 'p3', 'Cluster')).toBeNull();
    expect(quotaKeyOf(rows, 1)).toBe('p1/Cluster');
    expect(quotaKeyOf(rows, 9)).toBeNull();
  });
});

describe('claims', () => {
  const claim = (clusterId: string, projectId: string, at: string) => ({
    clusterId,
    projectId,
    at,
  });
  const at = (minute: string) => `2026-01-01T12:${minute}:00.000Z`;

  beforeEach(() => {
    put(rows, claims, {
      a: claim('a', 'p1', at('00')),
      b: claim('b', 'p1', at('01')),
      c: claim('c', 'p2', at('02')),
    });
    put(rows, clusters, { a: clusterRow({ spec: { uuid: 'a' } }) });
  });

  it('without a cluster are found once they are old enough', () => {
    const found = (before: string) =>
      claimsWithoutCluster(rows, before).map(({ clusterId }) => clusterId);
    expect(found(at('01'))).toEqual([]);
    expect(found(at('02'))).toEqual(['b']);
    expect(found(at('59'))).toEqual(['b', 'c']);
    expect(claimsWithoutCluster(rows, at('02'))).toEqual([claim('b', 'p1', at('01'))]);
  });

  it('count for their project, with a cluster or without', () => {
    expect(countClaims(rows, 'p1')).toBe(2);
    expect(countClaims(rows, 'p3')).toBe(0);
  });
});

describe('conductors', () => {
  it('are listed with their numbers, the oldest first', () => {
    const seen = { binary: 'jeroboam-conductor', createdAt: 'noon', reportCount: 1, seenAt: 'one' };
    const on = (host: string) => ({ host, ...seen });
    put(rows, conductors, { 'conductor-b': on('b'), 'conductor-a': on('a') });
    expect(listConductors(rows)).toEqual([
      { seq: 1, row: on('b') },
      { seq: 2, row: on('a') },
    ]);
  });
});
