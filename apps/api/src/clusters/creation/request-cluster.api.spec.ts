import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StoreUnavailable, type Append } from '@jeroboam/eventing/event-store';
import { CloudUnavailable } from '@jeroboam/openstack/http/errors';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';

describe('a request for a cluster', () => {
  let api: ApiUnderTest;
  let scene: ClusterScene;

  beforeEach(async () => {
    api = await ApiUnderTest.start();
    scene = await ClusterScene.on(api);
    api.news();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await api.stop();
  });

  const keystoneIsAway = () => {
    const answer = { service: 'identity', status: null, requestId: null } as const;
    const error = new CloudUnavailable('Keystone is away.', answer);
    jest.spyOn(api.cloud.keystone, 'createTrust').mockRejectedValue(error);
  };

  /** For events of these types. */
  const storeIsAway = (type: string) => {
    const append = api.store.append.bind(api.store);
    jest.spyOn(api.store, 'append').mockImplementation((request: Append) => {
      const isMeant = request.events.some((event) => event.type === type);
      return isMeant ? Promise.reject(new StoreUnavailable('away')) : append(request);
    });
  };

  const KEYSTONE = '503 The identity service is temporarily unavailable.';
  const STORE = '503 The event store is temporarily unavailable.';

  it.each<{
    readonly it: string;
    readonly keystone?: 'away';
    /** Events the store does not answer for. */
    readonly store?: string;
    readonly key?: string;
    readonly told: string;
    readonly events: readonly string[];
    readonly trusts: number;
  }>([
    {
      it: 'gives its place back without a trust',
      ...{ keystone: 'away', told: KEYSTONE, trusts: 0 },
      events: ['ClusterClaimed', 'ClaimReleased'],
    },
    {
      it: 'tells of the trust also when the place cannot be given back',
      ...{ keystone: 'away', store: 'ClaimReleased', told: KEYSTONE, trusts: 0 },
      events: ['ClusterClaimed'],
    },
    {
      it: 'claims no place without a trust, with a key',
      ...{ keystone: 'away', key: 'k', told: KEYSTONE, events: [], trusts: 0 },
    },
    {
      it: 'takes its trust back without a place',
      ...{ store: 'ClusterClaimed', told: STORE, events: [], trusts: 0 },
    },
    {
      it: 'takes it back with a key',
      ...{ store: 'ClusterClaimed', key: 'k', told: STORE, events: [], trusts: 0 },
    },
    {
      // It may have been taken all the same.
      it: 'keeps both when nobody knows whether it is in the log',
      ...{ store: 'ClusterRequested', told: STORE, trusts: 1 },
      events: ['ClusterClaimed'],
    },
  ])('$it', async ({ keystone, store, key, told, events, trusts }) => {
    if (keystone === 'away') keystoneIsAway();
    if (store !== undefined) storeIsAway(store);
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const body = { cluster_template_id: scene.templateId };
    expect(await api.refusal('POST /v1/clusters', { body, headers })).toBe(told);
    expect(api.news().map(({ type }) => type)).toEqual(events);
    expect(api.cloud.keystone.trusts.size).toBe(trusts);
  });
});
