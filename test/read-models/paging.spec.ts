import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CLUSTER_SORT_KEYS,
  clusters,
  listClusters,
  listClusterSummaries,
  type ClusterRow,
} from '@jeroboam/read-models/clusters';
import {
  clusterTemplates,
  listTemplates,
  TEMPLATE_SORT_KEYS,
  type ClusterTemplateRow,
} from '@jeroboam/read-models/cluster-templates';
import type { PageQuery } from '@jeroboam/read-models/page';
import { listQuotas, QUOTA_SORT_KEYS, quotas, type QuotaRow } from '@jeroboam/read-models/quotas';
import { clusterRow, openRows, put, templateRow } from './stored-rows.js';

const rows = openRows(clusters, clusterTemplates, quotas);

beforeEach(() => {
  rows.reset();
});
afterAll(() => {
  rows.close();
});

/** Few values, so that there are ties; and some that are missing. */
const word = fc.option(fc.constantFrom('', 'a', 'B', 'ä', "o'neill", '10', '9'));
const number = fc.option(fc.constantFrom(0, 1, 2, 10));
const status = fc.constantFrom('CREATE_COMPLETE', 'UPDATE_FAILED', 'DELETE_IN_PROGRESS');
const project = fc.constantFrom('p1', 'p2');
const user = fc.constantFrom('u1', 'u2');

const clusterAt = fc.record({
  spec: fc.record({
    projectId: project,
    userId: user,
    name: fc.constantFrom('a', 'b'),
    keypair: word,
    dockerVolumeSize: number,
    flavorId: word,
    masterFlavorId: word,
    createTimeoutMinutes: fc.constantFrom(0, 5, 60),
    fixedNetwork: word,
    masterLbEnabled: fc.boolean(),
  }),
  status,
  stackId: word,
  apiAddress: word,
  statusReason: word,
  healthStatus: fc.constantFrom(null, 'HEALTHY' as const, 'UNKNOWN' as const),
  coeVersion: word,
  updatedAt: word,
});

const templateAt = fc.record({
  projectId: fc.option(project),
  userId: fc.option(user),
  name: word,
  public: fc.boolean(),
  hidden: fc.boolean(),
  dockerVolumeSize: number,
  apiserverPort: number,
  keypairId: word,
  tags: word,
  driver: word,
  updatedAt: word,
});

const quotaAt = fc.record({
  projectId: project,
  hardLimit: fc.constantFrom(0, 1, 2, 10),
  updatedAt: word,
});

/** Keys in page after page, each begun after the last row of the one before. */
const walk = (
  list: (query: PageQuery) => readonly string[],
  query: Omit<PageQuery, 'markerKey'>,
) => {
  const seen: string[] = [];
  let markerKey: string | null = null;
  for (;;) {
    const keys = list({ ...query, markerKey });
    if (keys.length === 0) return seen;
    expect(keys.length).toBeLessThanOrEqual(query.limit);
    seen.push(...keys);
    markerKey = keys.at(-1) ?? null;
    expect(seen.length).toBeLessThanOrEqual(100);
  }
};

interface Place {
  readonly sortKey: string;
  readonly sortDir: 'asc' | 'desc';
  readonly limit: number;
}

const places = (sortKeys: object): fc.Arbitrary<Place> =>
  fc.record({
    sortKey: fc.constantFrom(...Object.keys(sortKeys)),
    sortDir: fc.constantFrom('asc', 'desc'),
    limit: fc.integer({ min: 1, max: 4 }),
  });

/** Walks in the direction asked for and in the other one, and demands the same rows, turned round. */
const walksAll = (
  list: (query: PageQuery) => readonly string[],
  place: Place,
  expected: readonly string[],
): void => {
  const there = walk(list, place);
  expect(there.toSorted()).toEqual(expected.toSorted());
  const back = walk(list, { ...place, sortDir: place.sortDir === 'asc' ? 'desc' : 'asc' });
  expect(back).toEqual(there.toReversed());
  expect(list({ ...place, limit: 1000, markerKey: null })).toEqual(there);
};

const many = <Row>(row: fc.Arbitrary<Row>) => fc.array(row, { maxLength: 12 });
const numbered = <Row>(list: readonly Row[]): Readonly<Record<string, Row>> =>
  Object.fromEntries(list.map((row, index) => [`row-${index}`, row]));
const keysOf = <Row>(
  stored: Readonly<Record<string, Row>>,
  isIn: (row: Row) => boolean,
): readonly string[] => Object.keys(stored).filter((key) => isIn(stored[key]!));

const RUNS = { numRuns: 300 };

describe('walking through pages shows every row once, by any key and in both directions', () => {
  const scope = fc.oneof(
    fc.constant({}),
    fc.record({ projectId: fc.constantFrom('p1', 'p2', 'p3') }),
    fc.record({ userId: fc.constantFrom('u1', 'u2', 'u3') }),
  );

  it('of clusters in the scope', () => {
    fc.assert(
      fc.property(many(clusterAt), scope, places(CLUSTER_SORT_KEYS), (list, within, place) => {
        const stored = numbered<ClusterRow>(
          list.map((row, index) =>
            clusterRow({ ...row, spec: { ...row.spec, uuid: `row-${index}` } }),
          ),
        );
        rows.reset();
        put(rows, clusters, stored);
        const expected = keysOf(stored, ({ spec }) => {
          const { projectId, userId } = { projectId: undefined, userId: undefined, ...within };
          if (projectId !== undefined) return spec.projectId === projectId;
          return userId === undefined || spec.userId === userId;
        });
        walksAll(
          (query) => listClusterSummaries(rows, within, query).map(({ uuid }) => uuid),
          place,
          expected,
        );
        const whole = { ...place, limit: 1000, markerKey: null };
        expect(listClusters(rows, within, whole).map(({ row }) => row)).toEqual(
          listClusterSummaries(rows, within, whole).map(({ uuid }) => stored[uuid]),
        );
      }),
      RUNS,
    );
  });

  it('of templates that are visible', () => {
    fc.assert(
      fc.property(many(templateAt), scope, places(TEMPLATE_SORT_KEYS), (list, within, place) => {
        const stored = numbered<ClusterTemplateRow>(
          list.map((row, index) => templateRow({ ...row, uuid: `row-${index}` })),
        );
        rows.reset();
        put(rows, clusterTemplates, stored);
        const expected = keysOf(stored, (row) => {
          const { projectId, userId } = { projectId: undefined, userId: undefined, ...within };
          const isOpen = row.template.public && !row.template.hidden;
          if (projectId !== undefined) return isOpen || row.projectId === projectId;
          return userId === undefined || isOpen || row.userId === userId;
        });
        walksAll(
          (query) => listTemplates(rows, within, query).map((row) => row.template.uuid),
          place,
          expected,
        );
      }),
      RUNS,
    );
  });

  it('of quotas', () => {
    const projectId = fc.constantFrom(null, 'p1', 'p2', 'p3');
    fc.assert(
      fc.property(many(quotaAt), projectId, places(QUOTA_SORT_KEYS), (list, of, place) => {
        // The time tells them apart.
        const stored = numbered<QuotaRow>(
          list.map((row, index) => ({ ...row, resource: 'Cluster', createdAt: `row-${index}` })),
        );
        rows.reset();
        put(rows, quotas, stored);
        walksAll(
          (query) => listQuotas(rows, of, query).map(({ row }) => row.createdAt),
          place,
          keysOf(stored, (row) => of === null || row.projectId === of),
        );
      }),
      RUNS,
    );
  });
});

describe('the order', () => {
  const listed = (sortKey: string, sortDir: 'asc' | 'desc' = 'asc') =>
    listClusterSummaries(rows, {}, { sortKey, sortDir, limit: 10, markerKey: null }).map(
      ({ uuid }) => uuid,
    );
  const sized = (uuid: string, dockerVolumeSize: number | null, name: string) =>
    clusterRow({ spec: { uuid, dockerVolumeSize, name } });

  it('is that of numbers where there are numbers, then that of age; what is missing comes first', () => {
    put(rows, clusters, {
      a: sized('a', 10, 'x'),
      b: sized('b', null, 'x'),
      c: sized('c', 9, 'x'),
      d: sized('d', 9, 'x'),
    });
    expect(listed('docker_volume_size')).toEqual(['b', 'c', 'd', 'a']);
    expect(listed('docker_volume_size', 'desc')).toEqual(['a', 'd', 'c', 'b']);
  });

  it('is that of letters in names', () => {
    put(rows, clusters, {
      a: sized('a', null, 'pear'),
      b: sized('b', null, 'apple'),
      c: sized('c', null, 'Fig'),
    });
    expect(listed('name')).toEqual(['c', 'b', 'a']);
  });

  it('stays that of creation when a row changes', () => {
    put(rows, clusters, { a: sized('a', 1, 'x'), b: sized('b', 1, 'x') });
    put(rows, clusters, { a: sized('a', 2, 'x') });
    expect(listed('id')).toEqual(['a', 'b']);
    expect(listed('name')).toEqual(['a', 'b']);
  });

  it('knows no page after a row that is not there', () => {
    put(rows, clusters, { a: sized('a', 1, 'x') });
    const query = { sortKey: 'name', sortDir: 'asc', limit: 10, markerKey: 'gone' } as const;
    expect(listClusterSummaries(rows, {}, query)).toEqual([]);
  });
});
