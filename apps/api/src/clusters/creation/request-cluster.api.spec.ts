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
    const error = new CloudUnavailable('away', {
      service: 'identity',
      status: null,
      requestId: null,
    });
    jest.spyOn(api.cloud.keystone, 'createTrust').mockRejectedValue(error);
  };

  /** Of streams of that category. */
  const storeIsAway = (category: string) => {
    const append = api.store.append.bind(api.store);
    jest
      .spyOn(api.store, 'append')
      .mockImplementation((request: Append) =>
        request.stream.startsWith(`${category}-`)
          ? Promise.reject(new StoreUnavailable('away'))
          : append(request),
      );
  };

  const claimed = ['ClusterClaimed', 'ClaimReleased'];

  it.each<[string, () => void, object, readonly string[], number]>([
    ['gives its place back without a trust', keystoneIsAway, {}, claimed, 0],
    ['claims no place without a trust, with a key', keystoneIsAway, { key: 'k' }, [], 0],
    [
      'takes its trust back without a place',
      () => {
        storeIsAway('project');
      },
      {},
      [],
      0,
    ],
    [
      'takes it back with a key',
      () => {
        storeIsAway('project');
      },
      { key: 'k' },
      [],
      0,
    ],
    // It may have been taken all the same.
    [
      'keeps both when it is not known',
      () => {
        storeIsAway('cluster');
      },
      {},
      claimed.slice(0, 1),
      1,
    ],
  ])('%s', async (_, fault, { key }: { key?: string }, events, trusts) => {
    fault();
    const headers = key === undefined ? {} : { 'idempotency-key': key };
    const body = { cluster_template_id: scene.templateId };
    expect((await api.ask('POST /v1/clusters', { body, headers })).status).toBe(503);
    expect(api.news().map(({ type }) => type)).toEqual(events);
    expect(api.cloud.keystone.trusts.size).toBe(trusts);
  });
});
