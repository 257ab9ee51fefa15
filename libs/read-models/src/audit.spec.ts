import { describe, expect, it } from '@jest/globals';
import type { Recorded } from '@jeroboam/eventing/event-store';
import type { Actor } from '@jeroboam/eventing/message';
import { requested } from '@jeroboam/domain/cluster/cluster.examples';
import { audit, owners, type AuditRow } from './audit.js';

const ann: Actor = {
  kind: 'user',
  userId: 'u1',
  userName: 'ann',
  projectId: 'p2',
  roles: ['admin'],
  requestId: 'req-1',
  address: '10.0.0.9',
};

const recorded = (stream: string, changes: Partial<Recorded> = {}): Recorded => ({
  id: 'e1',
  stream,
  revision: 0,
  position: 9_007_199_254_740_993n,
  type: 'DeletionRequested',
  data: { operationId: 'op', at: '2026-01-01T12:00:00.000Z' },
  metadata: { correlationId: 'cor', causationId: 'cau', commandId: 'com', actor: ann },
  recordedAt: '2026-01-01T12:00:00.123Z',
  ...changes,
});

/** The row of an event that comes twice. */
const rowOf = (event: Recorded): AuditRow | null =>
  audit.keys(event).length === 0 ? null : audit.evolve(audit.evolve(null, event), event);

describe('audit', () => {
  it('says who did what to which resource, when, and by which request', () => {
    expect(rowOf(recorded('cluster-1b-2c'))).toEqual({
      eventId: 'e1',
      position: '9007199254740993',
      at: '2026-01-01T12:00:00.123Z',
      action: 'DeletionRequested',
      resourceType: 'cluster',
      resourceId: '1b-2c',
      projectId: 'p2',
      userId: 'u1',
      requestId: 'req-1',
      correlationId: 'cor',
    });
  });

  it('has a row an event: the same event again is the same row', () => {
    expect(audit.keys(recorded('cluster-c1'))).toEqual(['e1']);
    expect(audit.keys(recorded('authority-c1', { id: 'e2' }))).toEqual(['e2']);
  });

  it('takes the project of a quota from its stream, whoever set it', () => {
    const event = recorded('project-p1', { type: 'QuotaSet' });
    expect(rowOf(event)).toMatchObject({ resourceType: 'project', projectId: 'p1', userId: 'u1' });
  });

  it('names nobody for what a service of ours did', () => {
    const metadata = { correlationId: 'cor', causationId: 'cau', commandId: 'com', actor: null };
    expect(rowOf(recorded('authority-c1', { metadata }))).toMatchObject({
      resourceType: 'authority',
      resourceId: 'c1',
      projectId: null,
      userId: null,
      requestId: null,
    });
  });

  it('leaves out the comings of conductors', () => {
    expect(rowOf(recorded('conductor-host1', { type: 'ConductorRegistered' }))).toBeNull();
  });

  it('is found by its position, exactly', () => {
    expect(audit.index(rowOf(recorded('cluster-c1'))!)['position']).toBe(9_007_199_254_740_993n);
  });
});

describe('owners', () => {
  const first = recorded('cluster-c1', requested);

  it('knows whose a cluster is from its first event, and forgets it never', () => {
    const row = owners.evolve(owners.evolve(null, first), first);
    expect(owners.keys(first)).toEqual(['c1']);
    expect(row).toEqual({ projectId: 'p1' });
    expect(owners.keys(recorded('cluster-c1', { type: 'ClusterDeleted' }))).toEqual([]);
  });

  it('knows whose a template is', () => {
    const event = recorded('clusterTemplate-t1', {
      type: 'TemplateCreated',
      data: { template: {}, projectId: 'p3', userId: 'u1', at: '2026-01-01T12:00:00.000Z' },
    });
    expect(owners.keys(event)).toEqual(['t1']);
    expect(owners.evolve(null, event)).toEqual({ projectId: 'p3' });
  });
});
