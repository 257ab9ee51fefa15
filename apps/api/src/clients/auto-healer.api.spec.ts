import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/**
 * What magnum-auto-healer sends from within a cluster. It speaks the latest version, knows the cluster by
 * name and signs in as the cluster's trustee, with the trust.
 */
let api: ApiUnderTest;
let scene: ClusterScene;
let uuid: string;
let token: string;

const trusteeToken = async (): Promise<string> => {
  const { directory } = api.cloud.keystone;
  const { keystone } = api.cloud;
  const name = `${uuid}_${scene.projectId}`;
  const userId = await keystone.createTrusteeUser({ name, password: 'pw' });
  const owner = api.tokenOf('demo');
  const validated = await keystone.validate(owner);
  if (validated === null) throw new Error('demo cannot sign in');
  const { id: trustId } = await keystone.createTrust(keystone.userSession(owner, validated), {
    trustorUserId: directory.userNamed('demo')?.id ?? '',
    trusteeUserId: userId,
    projectId: scene.projectId,
    roles: ['member', 'reader'],
    redelegationCount: 0,
  });
  const session = keystone.trusteeSession({ userId, password: 'pw', trustId });
  return (await session.access()).token;
};

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
  const labels = { auto_healing_enabled: 'true' };
  uuid = await scene.ready({ name: 'healed', node_count: 2, labels, merge_labels: true });
  token = await trusteeToken();
});

const asked = (body?: object) => ({ version: 'latest', token, ...(body && { body }) });

const health = (status: string, reason: Readonly<Record<string, string>>) => [
  { op: 'replace', path: '/health_status', value: status },
  {
    op: 'replace',
    path: '/health_status_reason',
    value: JSON.stringify(reason).replaceAll('"', "'"),
  },
];
const STAMP = '2026-01-01 12:00:05.123456789 +0000 UTC m=+35.201338226';

describe('magnum-auto-healer', () => {
  it('finds the label that lets it work, and the stack of the masters', async () => {
    expect(await api.expect(200, 'GET /v1/clusters/healed', asked())).toMatchObject({
      status: 'CREATE_COMPLETE',
      labels: { auto_healing_enabled: 'true' },
      stack_id: 'stack-1',
      node_count: 2,
    });
  });

  it.each([
    ['HEALTHY', { api: 'ok', nodes: 'ok', updated_at: STAMP }],
    ['UNHEALTHY', { 'healed-node-0.NodeCondition': 'error', updated_at: STAMP }],
  ])('says that a cluster is %s', async (status, reason) => {
    const body = health(status, reason);
    expect(await api.expect(202, 'PATCH /v1/clusters/healed', asked(body))).toEqual({ uuid });
    expect(await api.expect(200, 'GET /v1/clusters/healed', asked())).toMatchObject({
      status: 'CREATE_COMPLETE',
      health_status: status,
      health_status_reason: reason,
    });
  });

  it('finds the group of a node by its address', async () => {
    const { nodegroups } = await api.expect(200, 'GET /v1/clusters/healed/nodegroups', asked());
    const found = await Promise.all(
      (nodegroups as { uuid: string }[]).map((group) =>
        api.expect(200, `GET /v1/clusters/healed/nodegroups/${group.uuid}`, asked()),
      ),
    );
    expect(found).toMatchObject([
      { name: 'default-master', node_addresses: ['172.24.4.4'] },
      { name: 'default-worker', node_addresses: ['172.24.4.5'] },
    ]);
  });

  it('has a worker replaced: as many nodes as there are, without that one', async () => {
    const server = '4c30961a-6e2f-42be-be01-5270e1546a89';
    const body = { node_count: 2, nodes_to_remove: [server], nodegroup: 'default-worker' };
    const url = 'POST /v1/clusters/healed/actions/resize';
    expect(await api.expect(202, url, asked(body))).toEqual({ uuid });
    expect(api.news()).toMatchObject([
      { type: 'ResizeRequested', data: { nodeCount: 2, nodesToRemove: [server] } },
    ]);
    // It waits for the end of that before it looks again.
    expect(await api.expect(200, 'GET /v1/clusters/healed', asked())).toMatchObject({
      status: 'UPDATE_IN_PROGRESS',
    });
  });
});
