import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@jeroboam/eventing/message';
import { ApiUnderTest } from '../testing/api-under-test.js';
import { ClusterScene } from '../testing/cluster-scene.js';

/**
 * What Terraform's provider for OpenStack sends: no version for templates and clusters, 1.9 for node
 * groups. It polls right after each answer and gives up on any status it does not wait for.
 */
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

const CLUSTERS = '/v1/clusters';
const AT = '2026-01-01T14:00:00.000Z';
const NODE = { nodeAddresses: ['172.24.4.6'], nodeCount: 1 };

/** The conductor has done what was asked for last. */
const done = async (type: string, facts?: object): Promise<void> => {
  const begun = api.store.seen.findLast(
    ({ data }) => typeof (data as { operationId?: unknown }).operationId === 'string',
  );
  const { operationId } = begun?.data as { operationId: string };
  const data = { operationId, at: AT, ...(facts && { facts }) };
  await api.happened(begun?.stream ?? '', { type, data } satisfies Message);
};

const statusOf = async (uuid: string): Promise<unknown> =>
  (await api.expect(200, `GET ${CLUSTERS}/${uuid}`))['status'];

describe('Terraform, of templates', () => {
  const URL = '/v1/clustertemplates';
  const body = {
    name: 'tf',
    coe: 'kubernetes',
    image_id: 'fedora-coreos',
    flavor_id: 'm1.small',
    master_flavor_id: 'm1.small',
    external_network_id: 'public',
    dns_nameserver: '1.1.1.1',
    docker_storage_driver: 'overlay2',
    docker_volume_size: 10,
    apiserver_port: 6443,
    http_proxy: 'http://proxy:3128',
    network_driver: 'flannel',
    server_type: 'vm',
    floating_ip_enabled: false,
    hidden: false,
    master_lb_enabled: true,
    public: false,
    registry_enabled: false,
    tls_disabled: false,
    labels: { kube_tag: 'v1.30.1' },
  };

  it('finds back what it wrote, and changes it by strings', async () => {
    const { uuid } = await api.expect(201, `POST ${URL}`, { body });
    expect(await api.expect(200, `GET ${URL}/${String(uuid)}`)).toMatchObject(body);
    await api.expect(200, `PATCH ${URL}/${String(uuid)}`, {
      body: [
        { op: 'replace', path: '/labels', value: "{'kube_tag':'v1.30.2','new':'1'}" },
        { op: 'replace', path: '/docker_volume_size', value: '20' },
        { op: 'replace', path: '/apiserver_port', value: '8443' },
        { op: 'replace', path: '/floating_ip_enabled', value: 'true' },
        { op: 'replace', path: '/master_lb_enabled', value: 'false' },
        { op: 'remove', path: '/http_proxy' },
      ],
    });
    expect(await api.expect(200, `GET ${URL}/${String(uuid)}`)).toMatchObject({
      ...body,
      labels: { kube_tag: 'v1.30.2', new: '1' },
      docker_volume_size: 20,
      apiserver_port: 8443,
      floating_ip_enabled: true,
      master_lb_enabled: false,
      http_proxy: null,
    });
  });
});

describe('Terraform, of clusters', () => {
  it('waits for a cluster that is there from the answer on', async () => {
    const labels = { kube_tag: 'v1.30.2', mine: 'x' };
    const uuid = await scene.ready({ name: 'tf', labels, merge_labels: true });
    expect(await statusOf(uuid)).toBe('CREATE_COMPLETE');
    const young = { name: 'young', cluster_template_id: scene.templateId, node_count: 1 };
    const made = await api.expect(202, `POST ${CLUSTERS}`, { body: young });
    expect(await statusOf(String(made['uuid']))).toBe('CREATE_IN_PROGRESS');
  });

  it('makes one without workers in the version that can', async () => {
    const body = { name: 'tf', cluster_template_id: scene.templateId, node_count: 0 };
    const { uuid } = await api.expect(202, `POST ${CLUSTERS}`, { version: '1.10', body });
    const url = `GET ${CLUSTERS}/${String(uuid)}/nodegroups`;
    const { nodegroups } = await api.expect(200, url, { version: '1.9' });
    expect(nodegroups).toMatchObject([
      { is_default: true, role: 'master', node_count: 1 },
      { is_default: true, role: 'worker', node_count: 0 },
    ]);
  });

  it('rebuilds the labels it was given from those that differ', async () => {
    const given = { kube_tag: 'v1.30.2', mine: 'x' };
    const uuid = await scene.ready({ name: 'tf', labels: given, merge_labels: true });
    const shown = await api.expect(200, `GET ${CLUSTERS}/${uuid}`);
    const { labels, labels_added: added, labels_overridden: overridden } = shown;
    const merged = labels as Record<string, string>;
    const kept = Object.keys(overridden as object).map((key) => [key, merged[key]]);
    expect({ ...(added as object), ...Object.fromEntries(kept) }).toEqual(given);
    expect(shown['labels_skipped']).toEqual({});
  });

  it('resizes, and is told of the end', async () => {
    const uuid = await scene.ready({ name: 'tf' });
    const body = [{ op: 'replace', path: '/node_count', value: 3 }];
    await api.expect(202, `PATCH ${CLUSTERS}/${uuid}`, { body });
    expect(await statusOf(uuid)).toBe('UPDATE_IN_PROGRESS');
    await done('ClusterResized', {
      apiAddress: 'https://172.24.4.3:6443',
      discoveryUrl: null,
      coeVersion: 'v1.30.2',
      containerVersion: '1.12.6',
      nodegroups: {},
    });
    expect(await statusOf(uuid)).toBe('UPDATE_COMPLETE');
  });

  it('waits for 404 after a deletion, and takes one that is gone for deleted', async () => {
    const uuid = await scene.ready({ name: 'tf' });
    await api.expect(204, `DELETE ${CLUSTERS}/${uuid}`);
    expect(await statusOf(uuid)).toBe('DELETE_IN_PROGRESS');
    await done('ClusterDeleted');
    expect((await api.ask(`GET ${CLUSTERS}/${uuid}`)).status).toBe(404);
    expect((await api.ask(`DELETE ${CLUSTERS}/${uuid}`)).status).toBe(404);
  });
});

describe('Terraform, of node groups', () => {
  const version = '1.9';
  let uuid: string;
  let group: string;
  const url = (rest = '') => `${CLUSTERS}/${uuid}/nodegroups${rest}`;
  const shown = () => api.expect(200, `GET ${url(`/${group}`)}`, { version });

  beforeEach(async () => {
    uuid = await scene.ready({ name: 'tf' });
    const body = {
      name: 'pool',
      labels: { pool: 'a' },
      merge_labels: true,
      min_node_count: 1,
      max_node_count: 5,
      node_count: 1,
      role: 'pool',
      flavor_id: 'm1.medium',
      image_id: 'fedora-coreos',
      docker_volume_size: 10,
    };
    group = String((await api.expect(202, `POST ${url()}`, { version, body }))['uuid']);
    const labels = { pool: 'a', a: '1' };
    expect(await shown()).toMatchObject({ ...body, labels, merge_labels: false });
  });

  it('waits for one that is there from the answer on', async () => {
    expect((await shown())['status']).toBe('CREATE_IN_PROGRESS');
    await done('NodegroupCreated', NODE);
    expect((await shown())['status']).toBe('CREATE_COMPLETE');
  });

  it('changes the lower bound and takes the upper one away', async () => {
    await done('NodegroupCreated', NODE);
    const body = [
      { op: 'replace', path: '/min_node_count', value: 0 },
      { op: 'remove', path: '/max_node_count' },
    ];
    await api.expect(202, `PATCH ${url(`/${group}`)}`, { version, body });
    expect(await shown()).toMatchObject({ min_node_count: 0, max_node_count: null });
  });

  it('resizes by the uuid of the group, and waits for its status', async () => {
    await done('NodegroupCreated', NODE);
    const body = { node_count: 3, nodegroup: group };
    await api.expect(202, `POST ${CLUSTERS}/${uuid}/actions/resize`, { version, body });
    expect(await shown()).toMatchObject({ status: 'UPDATE_IN_PROGRESS', node_count: 3 });
    await done('ClusterResized', {
      apiAddress: 'https://172.24.4.3:6443',
      discoveryUrl: null,
      coeVersion: 'v1.30.2',
      containerVersion: '1.12.6',
      nodegroups: {},
    });
    expect(await shown()).toMatchObject({ status: 'UPDATE_COMPLETE', node_count: 3 });
  });

  it('resizes the default workers to as many as all groups have together', async () => {
    await done('NodegroupCreated', NODE);
    expect((await api.expect(200, `GET ${CLUSTERS}/${uuid}`))['node_count']).toBe(2);
    const to = (value: number) => [{ op: 'replace', path: '/node_count', value }];
    await api.expect(202, `PATCH ${CLUSTERS}/${uuid}`, { body: to(1) });
    expect(await statusOf(uuid)).toBe('UPDATE_COMPLETE');
    await api.expect(202, `PATCH ${CLUSTERS}/${uuid}`, { body: to(2) });
    const { nodegroups } = await api.expect(200, `GET ${url()}`, { version });
    expect(nodegroups).toMatchObject([
      { role: 'master', node_count: 1 },
      { is_default: true, node_count: 2, status: 'UPDATE_IN_PROGRESS' },
      { name: 'pool', node_count: 1 },
    ]);
  });

  it('waits for 404 after a deletion', async () => {
    await done('NodegroupCreated', NODE);
    await api.expect(204, `DELETE ${url(`/${group}`)}`, { version });
    expect((await shown())['status']).toBe('DELETE_IN_PROGRESS');
    await done('NodegroupRemoved');
    expect((await api.ask(`GET ${url(`/${group}`)}`, { version })).status).toBe(404);
  });
});
