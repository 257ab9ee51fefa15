import { describe, expect, it } from '@jest/globals';
import { Refused } from '@jeroboam/eventing/decider';
import { toAuditQuery, toCountsQuery, toQuotaQuery, toUsageQuery } from './requests.js';

const NOW = Date.parse('2026-02-01T00:00:00Z');

describe('requests to the stats service', () => {
  it('of counts are of a project or of all', () => {
    expect(toCountsQuery({ projectId: 'p1' })).toEqual({ projectId: 'p1' });
    expect(toCountsQuery({ projectId: null })).toEqual({ projectId: null });
  });

  it('of usage count nothing that lies in the future, nor more than fits into a reply', () => {
    const asked = { projectId: null, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
    expect(toUsageQuery({ ...asked, limit: 100_000 }, NOW)).toEqual({
      projectId: null,
      fromMs: Date.parse('2026-01-01T00:00:00Z'),
      toMs: NOW,
      afterClusterId: null,
      limit: 500,
    });
  });

  it('of the audit may leave out every filter', () => {
    const nothing = { projectId: null, resourceId: null, userId: null, fromMs: null, toMs: null };
    expect(toAuditQuery({})).toEqual({ ...nothing, afterPosition: null, limit: 200 });
    expect(toAuditQuery({ afterPosition: '9007199254740993', limit: 5 })).toMatchObject({
      afterPosition: 9_007_199_254_740_993n,
      limit: 5,
    });
  });

  it.each([
    ['body', () => toCountsQuery(null)],
    ['projectId', () => toCountsQuery({ projectId: 7 })],
    ['projectId', () => toQuotaQuery({ defaultLimit: 20 })],
    ['defaultLimit', () => toQuotaQuery({ projectId: 'p1', defaultLimit: '20' })],
    ['from', () => toUsageQuery({ to: '2026-01-01T00:00:00Z' }, NOW)],
    ['from', () => toUsageQuery({ from: 'yesterday', to: '2026-01-01T00:00:00Z' }, NOW)],
    ['to', () => toAuditQuery({ to: '2026-13-01T00:00:00Z' })],
    ['afterPosition', () => toAuditQuery({ afterPosition: '1; DROP TABLE x' })],
    ['limit', () => toAuditQuery({ limit: 0 })],
  ])('are refused when the %s is wrong', (member, read) => {
    expect(read).toThrow(Refused);
    expect(read).toThrow(`The ${member} of the request to the stats service is not valid.`);
  });
});
