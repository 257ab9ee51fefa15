import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from '../../testing/api-under-test.js';
import { ClusterScene } from '../../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
});

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const patch = (uuid: string, ...body: object[]) =>
  api.refusal(`PATCH /v1/clusters/${uuid}`, { version: '1.10', body });
const types = () => api.news().map(({ type }) => type);

describe('the number of nodes in a patch', () => {
  /** Two default workers and three more of a group of their own. */
  const withFive = async (): Promise<string> => {
    const uuid = await scene.ready({ node_count: 2 });
    await api.expect(202, `POST /v1/clusters/${uuid}/nodegroups`, {
      version: '1.9',
      body: { name: 'gpu', node_count: 3 },
    });
    const [requested] = api.news();
    const { operationId } = requested?.data as { operationId: string };
    const data = { operationId, at: 'now', facts: { nodeAddresses: [], nodeCount: 3 } };
    await api.happened(`cluster-${uuid}`, { type: 'NodegroupCreated', data });
    expect(await api.expect(200, `GET /v1/clusters/${uuid}`)).toMatchObject({
      node_count: 5,
      status: 'UPDATE_COMPLETE',
    });
    return uuid;
  };

  it('is that of the default workers, though all are shown', async () => {
    const uuid = await withFive();
    expect(await patch(uuid, replace('/node_count', 5))).toMatch(/^202/);
    expect(api.news()).toMatchObject([{ type: 'ResizeRequested', data: { nodeCount: 5 } }]);
    const shown = await api.expect(200, `GET /v1/clusters/${uuid}`);
    expect(shown['node_count']).toBe(8);
  });

  it('changes nothing when they are as many', async () => {
    const uuid = await withFive();
    expect(await patch(uuid, replace('/node_count', 2))).toMatch(/^202/);
    expect(types()).toEqual([]);
  });

  it('needs flavors that are still there', async () => {
    const { flavors } = api.cloud.nova;
    flavors.push({
      ...{ id: 'f1', name: 'going', vcpus: 1, ramMib: 512, diskGib: 5, isPublic: true },
    });
    const uuid = await scene.ready({ flavor_id: 'going' });
    flavors.pop();
    const token = api.cloud.keystone.signIn('demo', 'demo');
    const asked = { token, body: [replace('/node_count', 2)] };
    expect(await api.refusal(`PATCH /v1/clusters/${uuid}`, asked)).toBe(
      '400 Unable to find flavor going.',
    );
    expect(types()).toEqual([]);
  });
});

describe('health in a patch', () => {
  it('is stored before the nodes change', async () => {
    const uuid = await scene.ready({});
    const steps = [replace('/node_count', 2), replace('/health_status', 'HEALTHY')];
    expect(await patch(uuid, ...steps)).toMatch(/^202/);
    expect(types()).toEqual(['HealthChanged', 'ResizeRequested']);
  });

  it('is not stored where the nodes may not change', async () => {
    const uuid = await scene.ready({});
    const body = [replace('/node_count', 0), replace('/health_status', 'HEALTHY')];
    expect(await api.refusal(`PATCH /v1/clusters/${uuid}`, { body })).toBe(
      '400 Resizing a nodegroup to zero is not supported in the provided microversion.',
    );
    expect(types()).toEqual([]);
  });

  it('is refused while something else is going on, unless it is the same', async () => {
    const uuid = await scene.create({});
    api.news();
    expect(await patch(uuid, replace('/health_status', 'HEALTHY'))).toMatch(
      /^400 Updating a cluster when status is "CREATE_IN_PROGRESS" is not supported\. In the way: /,
    );
    const same = replace('/health_status_reason', '{}');
    expect(await patch(uuid, same)).toMatch(/^202/);
    expect(types()).toEqual([]);
  });
});
