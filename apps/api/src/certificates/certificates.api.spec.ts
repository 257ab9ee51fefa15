import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '@jeroboam/eventing/decider';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

let api: ApiUnderTest;
let scene: ClusterScene;
let uuid: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  scene = await ClusterScene.on(api);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await scene.clear();
  uuid = await scene.ready({ name: 'c1' });
  api.requester.sent.length = 0;
  api.requester.answers.clear();
  api.requester.answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
  api.requester.answers.set('jeroboam.authority.sign', () => ({ pem: 'CERT' }));
});

const URL = '/v1/certificates';
const links = () => [
  { href: `http://api:9511${URL}/${uuid}`, rel: 'self' },
  { href: `http://api:9511/certificates/${uuid}`, rel: 'bookmark' },
];

describe('GET /certificates', () => {
  it.each([
    ['', 'kubernetes'],
    ['?ca_cert_type=etcd', 'etcd'],
    ['?ca_cert_type=front-proxy', 'front-proxy'],
    ['?ca_cert_type=front_proxy', 'front-proxy'],
    ['?ca_cert_type=kubelet', 'kubernetes'],
  ])('%s gives the authority %s', async (query, authority) => {
    expect(await api.expect(200, `GET ${URL}/c1${query}`)).toEqual({
      cluster_uuid: uuid,
      links: links(),
      pem: 'CA',
    });
    expect(api.requester.sent).toEqual([
      { subject: 'jeroboam.authority.ca', payload: { clusterId: uuid, authority } },
    ]);
  });

  it('is 404 for unknown clusters and 405 for the collection', async () => {
    expect(await api.refusal(`GET ${URL}/detail`)).toBe('404 Cluster detail could not be found.');
    expect((await api.ask(`GET ${URL}`)).status).toBe(405);
  });

  it('is 503 while nobody answers', async () => {
    api.requester.answers.clear();
    expect(await api.refusal(`GET ${URL}/c1`)).toBe(
      '503 The certificate authority service is temporarily unavailable.',
    );
  });
});

describe('POST /certificates', () => {
  it('has a CSR signed', async () => {
    const body = { cluster_uuid: 'c1', csr: 'CSR' };
    const answer = await api.ask(`POST ${URL}`, { body });
    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.body).toEqual({ cluster_uuid: uuid, links: links(), csr: 'CSR', pem: 'CERT' });
    const typed = { ...body, ca_cert_type: 'etcd' };
    expect(await api.expect(201, `POST ${URL}`, { body: typed })).toMatchObject({
      ca_cert_type: 'etcd',
    });
    expect(api.requester.sent.map(({ payload }) => payload)).toEqual([
      { clusterId: uuid, clusterName: 'c1', authority: 'kubernetes', csr: 'CSR' },
      { clusterId: uuid, clusterName: 'c1', authority: 'etcd', csr: 'CSR' },
    ]);
  });

  it.each([
    [{ cluster_uuid: 'none', csr: 'x' }, '400 Cluster none could not be found.'],
    [
      { csr: 'x' },
      "400 Invalid input for field/attribute cluster_uuid. Value: 'None'. Mandatory field missing.",
    ],
    [
      { cluster_uuid: 'c1' },
      "400 Invalid input for field/attribute csr. Value: 'None'. Mandatory field missing.",
    ],
    [
      { cluster_uuid: 'c1', csr: '' },
      "400 Invalid input for field/attribute csr. Value: ''. Value should have a minimum character requirement of 1",
    ],
    [{ bay_uuid: 'c1', csr: 'x' }, '400 Unknown attribute for argument certificate: bay_uuid'],
  ])('refuses %j: %s', async (body, refusal) => {
    expect(await api.refusal(`POST ${URL}`, { body })).toBe(refusal);
  });

  it('tells what the authority refuses', async () => {
    api.requester.answers.set('jeroboam.authority.sign', () => {
      throw new Refused('invalid', "Received invalid csr b'bad'.");
    });
    expect(await api.refusal(`POST ${URL}`, { body: { cluster_uuid: 'c1', csr: 'bad' } })).toBe(
      "400 Received invalid csr b'bad'.",
    );
  });
});

describe('who may', () => {
  const body = { cluster_uuid: 'c1', csr: 'x' };

  it('the one who made the cluster, and admins; no colleague', async () => {
    expect((await api.ask(`GET ${URL}/${uuid}`, { as: 'admin' })).status).toBe(200);
    expect(await api.refusal(`GET ${URL}/c1`, { as: 'demo_reader@demo' })).toBe(
      "403 Policy doesn't allow certificate:get to be performed.",
    );
    expect(await api.refusal(`POST ${URL}`, { as: 'demo_reader@demo', body })).toBe(
      "403 Policy doesn't allow certificate:create to be performed.",
    );
    expect(await api.refusal(`GET ${URL}/${uuid}`, { as: 'alt_demo' })).toBe(
      `404 Cluster ${uuid} could not be found.`,
    );
  });

  it('colleagues too, where the operator lets the whole project', async () => {
    const rules = {
      'certificate:get': 'rule:admin_or_project_reader',
      'certificate:create': 'rule:admin_or_project_member',
    };
    const open = await ApiUnderTest.start({ rules });
    const ready = await (await ClusterScene.on(open)).ready({ name: 'c1' });
    open.requester.answers.set('jeroboam.authority.ca', () => ({ pem: 'CA' }));
    const as = 'demo_reader@demo';
    expect((await open.ask(`GET ${URL}/${ready}`, { as })).status).toBe(200);
    expect((await open.ask(`POST ${URL}`, { as, body })).status).toBe(403);
    expect((await open.ask(`GET ${URL}/${ready}`, { as: 'alt_demo' })).status).toBe(404);
    await open.stop();
  });

  it("the cluster's own nodes, with a token of no project", async () => {
    const { keystone } = api.cloud;
    const name = `${uuid}_${scene.projectId}`;
    const userId = await keystone.createTrusteeUser({ name, password: 'pw' });
    const domainId = await keystone.trusteeDomainId();
    const data = { userId, userName: name, domainId, trustId: 't', at: '2026-01-01T13:00:00.000Z' };
    const session = keystone.trusteeSession({ userId, password: 'pw' });
    const { token } = await session.access();
    expect((await api.ask(`GET ${URL}/${uuid}`, { token })).status).toBe(404);
    await api.happened(`cluster-${uuid}`, { type: 'TrusteeEstablished', data });
    expect((await api.ask(`GET ${URL}/${uuid}`, { token })).status).toBe(200);
    const own = { ...body, cluster_uuid: uuid };
    expect((await api.ask(`POST ${URL}`, { token, body: own })).status).toBe(201);
    const other = await scene.ready({ name: 'c2' });
    expect((await api.ask(`GET ${URL}/${other}`, { token })).status).toBe(404);
    expect((await api.ask(`PATCH ${URL}/${uuid}`, { token })).status).toBe(404);
    expect((await api.ask(`GET /v1/clusters/${uuid}`, { token })).status).toBe(404);
  });
});

describe('PATCH /certificates', () => {
  it('refuses what the driver cannot do', async () => {
    expect(await api.refusal(`PATCH ${URL}/c1`)).toBe(
      "400 'rotate_ca_certificate' is not supported by this driver.",
    );
    expect(await api.refusal(`PATCH ${URL}/c1`, { body: { x: 1 } })).toBe(
      '400 Unknown argument: "x"',
    );
    expect(await api.refusal(`PATCH ${URL}/none`)).toBe('404 Cluster none could not be found.');
  });

  it('looks at TLS and at the status first', async () => {
    await scene.create({ name: 'young' });
    expect(await api.refusal(`PATCH ${URL}/young`)).toMatch(
      /^400 Updating a cluster when status is "CREATE_IN_PROGRESS" is not supported\./,
    );
    await scene.template({ name: 'plain', tls_disabled: true });
    await scene.ready({ name: 'plain', cluster_template_id: 'plain' });
    expect(await api.refusal(`PATCH ${URL}/plain`)).toBe(
      '400 Rotating the CA certificate on a non-TLS cluster is not supported',
    );
  });
});

describe('PATCH /credentials', () => {
  const version = '1.12';

  it('refuses what no driver can do', async () => {
    expect(await api.refusal('PATCH /v1/credentials/c1', { version })).toBe(
      '400 Credential rotation is not supported by driver.',
    );
    expect(await api.refusal('PATCH /v1/credentials/none', { version })).toBe(
      '404 Cluster none could not be found.',
    );
    expect(await api.refusal('PATCH /v1/credentials', { version })).toBe(
      '400 Missing argument: "cluster_ident"',
    );
    expect(await api.refusal('PATCH /v1/credentials/c1', { as: 'demo_reader@demo', version })).toBe(
      "403 Policy doesn't allow credential:rotate to be performed.",
    );
  });

  it('looks at the status before the driver', async () => {
    await scene.create({ name: 'young' });
    expect(await api.refusal('PATCH /v1/credentials/young', { version })).toMatch(
      /^400 magnum\.conductor\.handlers\.credential_conductor when cluster status is "CREATE_IN_PROGRESS" is not supported\./,
    );
  });

  it('is there since 1.12', async () => {
    expect((await api.ask('PATCH /v1/credentials/c1', { version: '1.11' })).status).toBe(406);
    expect((await api.ask('GET /v1/credentials/c1', { version })).status).toBe(405);
  });
});
