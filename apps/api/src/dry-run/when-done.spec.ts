import { describe, expect, it } from '@jest/globals';
import { fold } from '@jeroboam/eventing/decider';
import {
  begun,
  created,
  nodegroupRequested,
  resizeRequested,
  template,
} from '@jeroboam/domain/cluster/cluster.examples';
import { cluster } from '@jeroboam/domain/cluster/decider';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { whenDone } from './when-done.js';

const AT = '2026-01-01T14:00:00.000Z';

const done = (past: readonly ClusterEvent[], event: ClusterEvent) => {
  const before = fold(cluster, past);
  return whenDone(before, cluster.evolve(before, event), AT);
};

describe('whenDone', () => {
  it('has upgraded to the template', () => {
    const event: ClusterEvent = {
      type: 'UpgradeRequested',
      data: {
        ...begun('op-upgrade'),
        template: { ...template, uuid: 't2' },
        maxBatchSize: 1,
        nodegroupId: null,
      },
    };
    expect(done(created, event)).toMatchObject({
      status: 'UPDATE_COMPLETE',
      spec: { template: { uuid: 't2' } },
      apiAddress: 'https://172.24.0.5:6443',
      operations: [],
    });
  });

  it('has ended the new operation alone', () => {
    const after = done([...created, resizeRequested], nodegroupRequested);
    expect(after).toMatchObject({
      status: 'UPDATE_IN_PROGRESS',
      operations: [{ id: 'op-resize' }],
      nodegroups: [{}, { status: 'UPDATE_IN_PROGRESS' }, { status: 'CREATE_COMPLETE' }],
    });
  });

  it.each(['AuthorityRotationRequested', 'CredentialRotationRequested'] as const)(
    'has ended what %s begins',
    (type) => {
      expect(done(created, { type, data: begun('op-rotate') })).toMatchObject({
        status: 'UPDATE_COMPLETE',
        operations: [],
      });
    },
  );

  it('is what it was when nothing begins', () => {
    const before = fold(cluster, created);
    expect(whenDone(before, before, AT)).toBe(before);
  });
});
