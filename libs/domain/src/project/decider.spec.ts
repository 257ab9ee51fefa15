import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, Refused } from '@jeroboam/eventing/decider';
import { given } from '@jeroboam/eventing/given';
import { handle } from '@jeroboam/eventing/handle';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import { project, type ProjectCommand } from './decider.js';
import type { ProjectEvent } from './events.js';

const target = { projectId: 'p1', resource: 'Cluster' } as const;
const quotaOf = (hardLimit: number, at = 'noon'): ProjectEvent => ({
  type: 'QuotaSet',
  data: { resource: 'Cluster', hardLimit, at },
});
const removed: ProjectEvent = { type: 'QuotaRemoved', data: { resource: 'Cluster', at: 'later' } };
const claimed = (clusterId: string): ProjectEvent => ({
  type: 'ClusterClaimed',
  data: { clusterId, at: 'noon' },
});
const released = (clusterId: string): ProjectEvent => ({
  type: 'ClaimReleased',
  data: { clusterId, at: 'later' },
});
const claim = (clusterId: string, defaultLimit = 2): ProjectCommand => ({
  type: 'ClaimCluster',
  data: { clusterId, defaultLimit, at: 'noon' },
});
const release = (clusterId: string): ProjectCommand => ({
  type: 'ReleaseClaim',
  data: { clusterId, at: 'later' },
});
const reached = (limit: number): string =>
  `Resource limit exceeded: You have reached the maximum clusters per project, ${limit}. ` +
  'You may delete a cluster to make room for a new one.';

describe('a quota', () => {
  const create = (hardLimit: number, at = 'noon'): ProjectCommand => ({
    type: 'CreateQuota',
    data: { ...target, hardLimit, at },
  });
  const change = (hardLimit: number): ProjectCommand => ({
    type: 'ChangeQuota',
    data: { ...target, hardLimit, at: 'later' },
  });
  const remove: ProjectCommand = { type: 'RemoveQuota', data: { ...target, at: 'later' } };
  const missing = 'Quota could not be found: project_id p1 resource Cluster.';

  it('is created', () => {
    given(project, [])
      .when(create(5))
      .then([quotaOf(5)]);
  });

  it('is created anew after it was removed', () => {
    given(project, [quotaOf(5), removed])
      .when(create(0, 'evening'))
      .then([quotaOf(0, 'evening')]);
  });

  it.each([5, 6])('is not created twice, whether to the same limit or to another: %d', (limit) => {
    given(project, [quotaOf(5)])
      .when(create(limit, 'evening'))
      .refused('conflict', 'Quota for project p1 already exists for resource Cluster.');
  });

  it('changes', () => {
    given(project, [quotaOf(5)])
      .when(change(7))
      .then([quotaOf(7, 'later')]);
    given(project, [quotaOf(5)])
      .when(change(5))
      .then([]);
  });

  it('may be set below what is in use: nothing is taken away', () => {
    const state = fold(project, [claimed('a'), claimed('b'), quotaOf(1)]);
    expect([...state.claims.keys()]).toEqual(['a', 'b']);
  });

  it('is removed, and then there is none to remove', () => {
    expect(project.decide(remove, fold(project, [quotaOf(5)]))).toEqual([removed]);
    given(project, [quotaOf(5), removed])
      .when(remove)
      .refused('not-found', missing);
  });

  it('is not changed where there is none', () => {
    given(project, []).when(change(7)).refused('not-found', missing);
    given(project, []).when(remove).refused('not-found', missing);
  });
});

describe('a claim', () => {
  it('is made once', () => {
    given(project, [])
      .when(claim('a'))
      .then([claimed('a')]);
  });

  it('is refused when as many as the default allows are there', () => {
    given(project, [claimed('a'), claimed('b')])
      .when(claim('c'))
      .refused('quota-exceeded', reached(2));
  });

  it.each([0, 1, 3])("goes by the project's own quota of %d, whatever the default", (limit) => {
    const full = ['a', 'b', 'c'].slice(0, limit).map(claimed);
    given(project, [quotaOf(limit), ...full])
      .when(claim('z', 99))
      .refused('quota-exceeded', reached(limit));
    if (limit > 0) {
      given(project, [quotaOf(limit), ...full.slice(1)])
        .when(claim('z', 0))
        .then([claimed('z')]);
    }
  });

  it('goes by the default again once the quota is removed', () => {
    given(project, [quotaOf(1), claimed('a'), removed])
      .when(claim('b', 2))
      .then([claimed('b')]);
  });

  it('that is there is not refused, even above the limit', () => {
    given(project, [claimed('a'), quotaOf(0)])
      .when(claim('a'))
      .then([]);
  });

  it('makes room when it is released', () => {
    const full = [claimed('a'), claimed('b')];
    given(project, full)
      .when(release('a'))
      .then([released('a')]);
    given(project, [...full, released('a')])
      .when(claim('c'))
      .then([claimed('c')]);
  });

  it('that is not there need not be released', () => {
    given(project, [claimed('a')])
      .when(release('b'))
      .then([]);
  });
});

describe('concurrent claims', () => {
  const send = fc.record({
    process: fc.nat({ max: 2 }),
    command: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f').map((id) => claim(id)),
      },
      fc.constantFrom('a', 'b', 'c').map((id) => release(id)),
    ),
  });

  it('of several processes never exceed the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(send, { maxLength: 12 }),
        async (scheduler, all) => {
          const store = new InMemoryEventStore();
          const slow = scheduler.scheduleFunction(store.append.bind(store));
          store.append = slow;
          const processes = [0, 1, 2].map(() => handle(store, 'project', project));
          const sent = all.map(({ process, command }, index) =>
            processes[process]!('p1', command, metadata(`c${index}`)).catch((error: unknown) => {
              if (!(error instanceof Refused)) throw error;
            }),
          );
          await scheduler.waitFor(Promise.all(sent));
          const events = store.all().map((event) => event as ProjectEvent);
          for (const end of events.keys()) {
            const { claims } = fold(project, events.slice(0, end + 1));
            expect(claims.size).toBeLessThanOrEqual(2);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  const metadata = (commandId: string) => ({
    correlationId: 'r',
    causationId: commandId,
    commandId,
    actor: null,
  });
});

describe('events of an unknown type', () => {
  it('are passed over', () => {
    // What a later version may write.
    const unknown = { type: 'ProjectFrozen', data: null } as never;
    expect(fold(project, [claimed('a'), unknown])).toEqual(fold(project, [claimed('a')]));
  });
});
