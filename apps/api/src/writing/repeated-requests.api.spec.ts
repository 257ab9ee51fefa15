import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import { Refused } from '@jeroboam/eventing/decider';
import { ApiUnderTest, type Asked } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(() => scene.clear());

const USED = '422 This Idempotency-Key has been used for a request with another body.';

const keyed = (key: string, body: object): Asked => ({
  version: '1.10',
  headers: { 'idempotency-key': key },
  body,
});

const template = { name: 't', coe: 'kubernetes', image_id: 'fedora-coreos', flavor_id: 'm1.small' };

describe('an Idempotency-Key on POST /clusters', () => {
  const wish = () => ({ name: 'c', cluster_template_id: scene.templateId });

  it('makes one cluster of one body, however its members are ordered', async () => {
    const [name, templateId] = ['c', scene.templateId];
    const one = await api.expect(202, 'POST /v1/clusters', keyed('k1', wish()));
    api.news();
    const body = { node_count: '1', cluster_template_id: templateId, name };
    expect(await api.expect(202, 'POST /v1/clusters', keyed('k1', body))).toEqual(one);
    expect(api.news()).toEqual([]);
  });

  it('is 422 for another body', async () => {
    await api.expect(202, 'POST /v1/clusters', keyed('k2', wish()));
    api.news();
    const other = { ...wish(), node_count: 2 };
    expect(await api.refusal('POST /v1/clusters', keyed('k2', other))).toBe(USED);
    expect(api.news()).toEqual([]);
  });

  it('is 409 once the cluster is deleted', async () => {
    const { uuid } = await api.expect(202, 'POST /v1/clusters', keyed('k3', wish()));
    const data = { operationId: 'x', at: '2026-01-01T13:00:00.000Z' };
    await api.happened(`cluster-${String(uuid)}`, { type: 'ClusterDeleted', data });
    expect(await api.refusal('POST /v1/clusters', keyed('k3', wish()))).toBe(
      '409 The cluster made with this Idempotency-Key has been deleted.',
    );
    expect(api.news()).toEqual([]);
  });

  it('is no way around the policy', async () => {
    await api.expect(202, 'POST /v1/clusters', keyed('k8', wish()));
    for (const name of ['c', 'another']) {
      const asked = { as: 'demo_reader@demo', ...keyed('k8', { ...wish(), name }) };
      expect(await api.refusal('POST /v1/clusters', asked)).toBe(
        "403 Policy doesn't allow cluster:create to be performed.",
      );
    }
  });

  it('is told apart by project', async () => {
    const shared = await scene.template({ name: 'shared' });
    await api.expect(200, `PATCH /v1/clustertemplates/${shared}`, {
      as: 'admin',
      body: [{ op: 'replace', path: '/public', value: true }],
    });
    const asked = keyed('k4', { cluster_template_id: shared, name: 'c' });
    const mine = await api.expect(202, 'POST /v1/clusters', asked);
    const theirs = await api.expect(202, 'POST /v1/clusters', { ...asked, as: 'alt_demo' });
    expect(theirs).not.toEqual(mine);
  });

  it.each(['', 'k'.repeat(256)])('is 400 when it is %j', async (key) => {
    expect(await api.refusal('POST /v1/clusters', keyed(key, wish()))).toBe(
      '400 Idempotency-Key must have 1 to 255 characters.',
    );
  });
});

describe('an Idempotency-Key on POST /clustertemplates', () => {
  const URL = 'POST /v1/clustertemplates';

  it('gives the same template again', async () => {
    const one = await api.expect(201, URL, keyed('t1', { ...template, name: null }));
    api.news();
    expect(await api.expect(201, URL, keyed('t1', { ...template, name: null }))).toEqual(one);
    expect(api.news()).toEqual([]);
  });

  it('is no way around the policy', async () => {
    await api.expect(201, URL, keyed('t9', template));
    const asked = { as: 'demo_reader@demo', ...keyed('t9', template) };
    expect(await api.refusal(URL, asked)).toBe(
      "403 Policy doesn't allow clustertemplate:create to be performed.",
    );
  });

  it('makes one template of requests at the same time', async () => {
    api.news();
    const asked = keyed('t2', { ...template, name: null });
    const [one, other] = await Promise.all([
      api.expect(201, URL, asked),
      api.expect(201, URL, asked),
    ]);
    expect(one).toEqual(other);
    expect(api.news()).toHaveLength(1);
  });

  it('is 422 for another body, 409 once it is deleted, 400 beside a uuid', async () => {
    const { uuid } = await api.expect(201, URL, keyed('t3', template));
    expect(await api.refusal(URL, keyed('t3', { ...template, name: 'x' }))).toBe(USED);
    await api.expect(204, `DELETE /v1/clustertemplates/${String(uuid)}`);
    expect(await api.refusal(URL, keyed('t3', template))).toBe(
      '409 The ClusterTemplate made with this Idempotency-Key has been deleted.',
    );
    expect(await api.refusal(URL, keyed('t4', { ...template, uuid }))).toBe(
      '400 A template whose uuid is given needs no Idempotency-Key.',
    );
  });
});

describe('an Idempotency-Key on POST /nodegroups', () => {
  it('adds one node group, and is 422 for another body', async () => {
    const url = `POST /v1/clusters/${await scene.ready({})}/nodegroups`;
    const one = await api.expect(202, url, keyed('n1', { name: 'extra' }));
    expect(api.news()).toMatchObject([{ type: 'NodegroupRequested' }]);
    expect(await api.expect(202, url, keyed('n1', { name: 'extra' }))).toEqual(one);
    expect(await api.refusal(url, keyed('n1', { name: 'extra', node_count: 2 }))).toBe(USED);
    expect(api.news()).toEqual([]);
  });

  it('is told apart by cluster, and 409 once the node group is gone', async () => {
    const [first, second] = [await scene.ready({}), await scene.ready({ name: 'd' })];
    const url = (uuid: string) => `POST /v1/clusters/${uuid}/nodegroups`;
    api.news();
    const { uuid } = await api.expect(202, url(first), keyed('n2', { name: 'extra' }));
    const data = api.news()[0]?.data as { operationId: string };
    const other = await api.expect(202, url(second), keyed('n2', { name: 'extra' }));
    expect(other['uuid']).not.toBe(uuid);
    const at = '2026-01-01T13:00:00.000Z';
    const begin = { operationId: 'gone', at, deadline: at, nodegroupId: uuid };
    await api.happened(
      `cluster-${first}`,
      { type: 'NodegroupCreationFailed', data: { ...data, at, reason: 'no' } },
      { type: 'NodegroupRemovalRequested', data: begin },
      { type: 'NodegroupRemoved', data: { operationId: 'gone', at } },
    );
    expect(await api.refusal(url(first), keyed('n2', { name: 'extra' }))).toBe(
      '409 The Nodegroup made with this Idempotency-Key has been deleted.',
    );
  });
});

describe('an Idempotency-Key on POST /actions/resize', () => {
  const urlOf = (uuid: string) => `POST /v1/clusters/${uuid}/actions/resize`;
  const shrink = { node_count: 1, nodes_to_remove: ['1'] };

  it('takes the named nodes away once, also when the cluster is another by now', async () => {
    const url = urlOf(await scene.ready({ node_count: 2 }));
    const { headers } = await api.ask(url.replace('POST', 'GET').replace('/actions/resize', ''));
    const asked = keyed('r1', shrink);
    const conditional = {
      ...asked,
      headers: { ...asked.headers, 'if-match': String(headers['etag']) },
    };
    api.news();
    const one = await api.expect(202, url, conditional);
    expect(api.news()).toMatchObject([{ type: 'ResizeRequested', data: { nodeCount: 1 } }]);
    expect(await api.expect(202, url, conditional)).toEqual(one);
    expect(api.news()).toEqual([]);
  });

  it('does one thing of requests at the same time', async () => {
    const url = urlOf(await scene.ready({ node_count: 2 }));
    api.news();
    const [one, other] = await Promise.all([
      api.expect(202, url, keyed('r2', shrink)),
      api.expect(202, url, keyed('r2', shrink)),
    ]);
    expect(one).toEqual(other);
    expect(api.news()).toHaveLength(1);
  });

  it('is 422 for another body, and told apart by cluster', async () => {
    const [first, second] = [await scene.ready({}), await scene.ready({ name: 'd' })];
    await api.expect(202, urlOf(first), keyed('r3', { node_count: 3 }));
    await api.expect(202, urlOf(second), keyed('r3', { node_count: 4 }));
    api.news();
    expect(await api.refusal(urlOf(first), keyed('r3', { node_count: 2 }))).toBe(USED);
    expect(api.news()).toEqual([]);
  });
});

describe('an Idempotency-Key on POST /quotas', () => {
  it('makes one quota, and is 422 for another body', async () => {
    const body = { project_id: scene.projectId, resource: 'Cluster', hard_limit: 7 };
    const asked = { ...keyed('q1', body), as: 'admin' };
    const one = await api.expect(201, 'POST /v1/quotas', asked);
    api.news();
    expect(await api.expect(201, 'POST /v1/quotas', asked)).toEqual(one);
    const other = { ...asked, body: { ...body, hard_limit: 8 } };
    expect(await api.refusal('POST /v1/quotas', other)).toBe(USED);
    expect(await api.refusal('POST /v1/quotas', { as: 'admin', body })).toMatch(/^409 /);
    expect(api.news()).toEqual([]);
  });
});

describe('an Idempotency-Key on POST /certificates', () => {
  type Request = AuthorityRequests['sign']['request'];
  const URL = 'POST /v1/certificates';
  const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const operations = new Map<string, string>();
  const certificates = new Map<string, string>();
  let signings = 0;

  /** As the authority does. */
  const sign = ({ keyed }: Request): object => {
    const { requestKey, operationId } = keyed ?? {
      requestKey: `none ${signings}`,
      operationId: '',
    };
    if ((operations.get(requestKey) ?? operationId) !== operationId)
      throw new Refused('key-reused', USED.slice('422 '.length));
    operations.set(requestKey, operationId);
    const pem = certificates.get(requestKey) ?? `CERT ${++signings}`;
    certificates.set(requestKey, pem);
    return { pem };
  };

  beforeEach(async () => {
    signings = 0;
    operations.clear();
    certificates.clear();
    api.requester.sent.length = 0;
    api.requester.answers.set('jeroboam.authority.sign', (payload) => sign(payload as Request));
    await scene.ready({ name: 'c1' });
  });

  it('has the CSR signed once, and is 422 for another body', async () => {
    const asked = keyed('s1', { cluster_uuid: 'c1', csr: 'CSR' });
    const one = await api.expect(201, URL, asked);
    expect(one).toMatchObject({ csr: 'CSR', pem: 'CERT 1' });
    expect(await api.expect(201, URL, asked)).toEqual(one);
    for (const change of [{ csr: 'OTHER' }, { ca_cert_type: 'etcd' }]) {
      const other = keyed('s1', { cluster_uuid: 'c1', csr: 'CSR', ...change });
      expect(await api.refusal(URL, other)).toBe(USED);
    }
    expect(signings).toBe(1);
    const [first] = api.requester.sent;
    expect(first?.payload).toMatchObject({ keyed: { requestKey: UUID, operationId: UUID } });
  });

  it('is told apart by cluster', async () => {
    await scene.ready({ name: 'c2' });
    for (const cluster_uuid of ['c1', 'c2'])
      await api.expect(201, URL, keyed('s2', { cluster_uuid, csr: 'CSR' }));
    expect(signings).toBe(2);
  });

  it('is needed to be signed for once', async () => {
    const body = { cluster_uuid: 'c1', csr: 'CSR' };
    expect(await api.expect(201, URL, { body })).toMatchObject({ pem: 'CERT 1' });
    expect(await api.expect(201, URL, { body })).toMatchObject({ pem: 'CERT 2' });
  });

  it('is no way around the policy, 400 when it is empty or the cluster is not there', async () => {
    const asked = keyed('s3', { cluster_uuid: 'c1', csr: 'CSR' });
    await api.expect(201, URL, asked);
    expect(await api.refusal(URL, { as: 'demo_reader@demo', ...asked })).toBe(
      "403 Policy doesn't allow certificate:create to be performed.",
    );
    expect(await api.refusal(URL, keyed('', { cluster_uuid: 'c1', csr: 'CSR' }))).toBe(
      '400 Idempotency-Key must have 1 to 255 characters.',
    );
    expect(await api.refusal(URL, keyed('s3', { cluster_uuid: 'none', csr: 'CSR' }))).toBe(
      '400 Cluster none could not be found.',
    );
    expect(signings).toBe(1);
  });
});
