import type { ApiUnderTest } from './api-under-test.js';

const AT = '2026-01-01T13:00:00.000Z';

interface Requested {
  readonly operationId: string;
  readonly nodegroups: readonly { readonly uuid: string }[];
}

/** Project `demo` with a template `k8s`, and its clusters. */
export class ClusterScene {
  private constructor(
    private readonly api: ApiUnderTest,
    readonly projectId: string,
    readonly templateId: string,
  ) {}

  static async on(api: ApiUnderTest): Promise<ClusterScene> {
    const projectId = api.cloud.keystone.directory.projectNamed('demo')?.id ?? '';
    return new ClusterScene(api, projectId, await made(api, {}));
  }

  /** A template like `k8s` but for some members. Gives its uuid. */
  template(body: object): Promise<string> {
    return made(this.api, body);
  }

  /** The user `demo` has it, and no other. */
  keypair(name: string): void {
    const { keystone, nova } = this.api.cloud;
    const userId = keystone.directory.userNamed('demo')?.id ?? '';
    nova.keypairs.set(userId, [{ name, publicKey: 'ssh-rsa AAAA', fingerprint: 'f', type: 'ssh' }]);
  }

  /** No clusters, no quota, no trusts any more. */
  async clear(): Promise<void> {
    const { api, projectId } = this;
    const { clusters } = await api.expect(200, 'GET /v1/clusters', { as: 'admin' });
    for (const { uuid } of clusters as { uuid: string }[]) {
      await api.happened(`cluster-${uuid}`, {
        type: 'ClusterDeleted',
        data: { operationId: 'x', at: AT },
      });
      await api.happened(`project-${projectId}`, {
        type: 'ClaimReleased',
        data: { clusterId: uuid, at: AT },
      });
    }
    await api.happened(`project-${projectId}`, {
      type: 'QuotaRemoved',
      data: { resource: 'Cluster', at: AT },
    });
    api.cloud.keystone.trusts.clear();
  }

  /** A cluster that has just been asked for. Gives its uuid. */
  async create(body: object): Promise<string> {
    this.api.news();
    const asked = { body: { name: 'c', cluster_template_id: this.templateId, ...body } };
    const { uuid } = await this.api.expect(202, 'POST /v1/clusters', { version: '1.10', ...asked });
    return String(uuid);
  }

  /** A cluster the conductor has built. */
  async ready(body: object): Promise<string> {
    const uuid = await this.create(body);
    const { operationId, nodegroups } = this.requested(uuid);
    const [master, worker] = nodegroups.map((nodegroup) => nodegroup.uuid);
    await this.api.happened(
      `cluster-${uuid}`,
      {
        type: 'StackCreationStarted',
        data: { stackId: 'stack-1', stackName: 'c-1', nodegroupIds: [master, worker], at: AT },
      },
      {
        type: 'ClusterCreated',
        data: {
          operationId,
          at: AT,
          facts: {
            apiAddress: 'https://172.24.4.3:6443',
            discoveryUrl: null,
            coeVersion: 'v1.30.2',
            containerVersion: '1.12.6',
            nodegroups: {
              [String(master)]: { nodeAddresses: ['172.24.4.4'], nodeCount: 1 },
              [String(worker)]: { nodeAddresses: ['172.24.4.5'], nodeCount: countOf(body) },
            },
          },
        },
      },
    );
    return uuid;
  }

  /** The conductor could not build it: its workers failed. */
  async failed(uuid: string, reason: string): Promise<void> {
    const { operationId, nodegroups } = this.requested(uuid);
    const worker = nodegroups[1]?.uuid ?? '';
    const data = { operationId, at: AT, reason, faults: { [worker]: reason } };
    await this.api.happened(`cluster-${uuid}`, { type: 'ClusterCreationFailed', data });
  }

  private requested(uuid: string): Requested {
    const event = this.api.store.seen.find(
      ({ stream, type }) => stream === `cluster-${uuid}` && type === 'ClusterRequested',
    );
    return event?.data as Requested;
  }
}

const countOf = (body: object): number => Number('node_count' in body ? body.node_count : 1);

const made = async (api: ApiUnderTest, changes: object): Promise<string> => {
  const body = {
    name: 'k8s',
    coe: 'kubernetes',
    image_id: 'fedora-coreos',
    flavor_id: 'm1.small',
    master_flavor_id: 'm1.small',
    external_network_id: 'public',
    labels: { kube_tag: 'v1.30.1', a: '1' },
    ...changes,
  };
  const { uuid } = await api.expect(201, 'POST /v1/clustertemplates', { body });
  return String(uuid);
};
