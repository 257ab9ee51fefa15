import { describe, expect, it } from '@jest/globals';
import { proposed } from '@jeroboam/eventing/event-store';
import { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { Actor, Metadata } from '@jeroboam/eventing/message';
import {
  created,
  ended,
  nodegroupRequested,
  requested,
  resizeRequested,
} from '@jeroboam/domain/cluster/cluster.examples';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { cadfOf } from './cadf.js';
import { Chronicle } from './chronicle.js';

const ann: Actor = {
  userId: 'u1',
  userName: 'ann',
  projectId: 'p1',
  roles: ['member'],
  requestId: 'req-1',
  address: '192.0.2.7',
  kind: 'user',
};

/** Appends these as cluster `c1`'s. The first event of each operation is ann's, others the service's. */
const written = async (events: readonly ClusterEvent[]): Promise<InMemoryEventStore> => {
  const store = new InMemoryEventStore(() => '2026-01-01T12:00:01.234Z');
  for (const [index, event] of events.entries()) {
    const isAsked = event.type.endsWith('Requested');
    const metadata: Metadata = {
      correlationId: 'req-1',
      causationId: 'req-1',
      commandId: `command-${index}`,
      actor: isAsked ? ann : { ...ann, userId: null, kind: 'service', requestId: null },
    };
    await store.append({
      stream: 'cluster-c1',
      events: proposed([event], metadata),
      expected: 'any',
    });
  }
  return store;
};

/** What the last of these events is told as. */
const lastOf = async (events: readonly ClusterEvent[]) => {
  const store = await written(events);
  const last = store.all().at(-1);
  const occurrence = last ? await new Chronicle(store).of(last) : null;
  return occurrence && cadfOf(occurrence);
};

describe('a notification', () => {
  it('says in CADF what was asked for, by whom, and what the cluster is like', async () => {
    expect(await lastOf([requested])).toEqual({
      subject: 'notifications.cadf.cluster.create.pending',
      payload: {
        typeURI: 'http://schemas.dmtf.org/cloud/audit/1.0/event',
        eventType: 'activity',
        id: 'command-0/0',
        eventTime: '2026-01-01T12:00:01.234000+0000',
        action: 'create',
        outcome: 'pending',
        observer: { id: 'c1', typeURI: 'service/magnum/cluster' },
        initiator: {
          id: 'u1',
          typeURI: 'service/security/account/user',
          user_id: 'u1',
          project_id: 'p1',
          host: { address: '192.0.2.7' },
        },
        target: {
          id: 'c1',
          name: 'k8s',
          typeURI: 'service/magnum/cluster',
          attachments: [
            {
              typeURI: 'service/magnum/cluster',
              name: 'cluster_data',
              content: {
                status: 'CREATE_IN_PROGRESS',
                status_reason: null,
                project_id: 'p1',
                created_at: '2026-01-01T12:00:00.000Z',
                updated_at: null,
                cluster_template_id: 't1',
                keypair: 'kp',
                docker_volume_size: null,
                'docker_volume_size:': null,
                labels: {},
                master_flavor_id: 'm1.small',
                flavor_id: 'm1.small',
                stack_id: null,
                health_status: null,
                create_timeout: 60,
                api_address: null,
                discovery_url: null,
                node_addresses: [],
                master_addresses: [],
                node_count: 1,
                master_count: 1,
              },
            },
          ],
        },
        requestId: 'req-1',
      },
    });
  });

  it('of an end names who began the operation, not the conductor', async () => {
    const told = await lastOf(created);
    expect(told).toMatchObject({
      subject: 'notifications.cadf.cluster.create.success',
      payload: { initiator: { user_id: 'u1' }, requestId: 'req-1' },
    });
  });

  it('of a deleted cluster says what it was like', async () => {
    const told = await lastOf([
      ...created,
      { type: 'DeletionRequested', data: { ...requested.data, operationId: 'op-d' } },
      { type: 'ClusterDeleted', data: ended('op-d') },
    ] as readonly ClusterEvent[]);
    expect(told).toMatchObject({
      subject: 'notifications.cadf.cluster.delete.success',
      payload: { target: { id: 'c1', name: 'k8s' }, initiator: { user_id: 'u1' } },
    });
  });

  it('of a failure has the reason in the content', async () => {
    const told = await lastOf([
      ...created,
      resizeRequested,
      { type: 'ResizeFailed', data: { ...ended('op-resize'), reason: 'no host' } },
    ]);
    expect(told).toMatchObject({
      subject: 'notifications.cadf.cluster.update.failure',
      payload: { target: { attachments: [{ content: { status_reason: 'no host' } }] } },
    });
  });

  it('is one of an update for a node group', async () => {
    const told = await lastOf([...created, nodegroupRequested]);
    expect(told?.subject).toBe('notifications.cadf.cluster.update.pending');
  });

  it.each([2, 3, 4])('is none for what only the conductor does: event %i', async (count) => {
    expect(await lastOf(created.slice(0, count))).toBeNull();
  });
});

describe('the chronicle', () => {
  it('tells the same whether it has followed or begins in the middle', async () => {
    const store = await written([...created, resizeRequested]);
    const follower = new Chronicle(store);
    const all = store.all();
    for (const event of all.slice(0, -1)) await follower.of(event);
    const last = all.at(-1);
    if (!last) throw new Error('nothing written');
    expect(await follower.of(last)).toEqual(await new Chronicle(store).of(last));
  });
});
