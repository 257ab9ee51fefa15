import type { TemplateSnapshot } from '../cluster-template/events.js';
import type { ClusterEvent, ClusterFacts, ClusterSpec, NodegroupSpec } from './events.js';

/** Examples for specs: a Kubernetes cluster `c1` of one master `m` and one worker `w`. */
export const template: TemplateSnapshot = {
  uuid: 't1',
  name: 'k8s',
  coe: 'kubernetes',
  imageId: 'fedora-coreos',
  flavorId: 'm1.small',
  masterFlavorId: 'm1.small',
  dnsNameserver: '8.8.8.8',
  keypairId: 'kp',
  externalNetworkId: 'public',
  fixedNetwork: null,
  fixedSubnet: null,
  networkDriver: 'flannel',
  volumeDriver: null,
  apiserverPort: null,
  dockerVolumeSize: null,
  dockerStorageDriver: 'overlay2',
  clusterDistro: 'fedora-coreos',
  httpProxy: null,
  httpsProxy: null,
  noProxy: null,
  registryEnabled: false,
  insecureRegistry: null,
  labels: {},
  tlsDisabled: false,
  public: false,
  hidden: false,
  serverType: 'vm',
  masterLbEnabled: false,
  floatingIpEnabled: true,
  tags: null,
  driver: 'k8s_fedora_coreos_v1',
};

export const spec: ClusterSpec = {
  uuid: 'c1',
  name: 'k8s',
  projectId: 'p1',
  userId: 'u1',
  userName: 'ann',
  template,
  keypair: 'kp',
  labels: {},
  dockerVolumeSize: null,
  masterFlavorId: 'm1.small',
  flavorId: 'm1.small',
  createTimeoutMinutes: 60,
  discoveryUrl: null,
  fixedNetwork: null,
  fixedSubnet: null,
  floatingIpEnabled: true,
  masterLbEnabled: false,
  driver: 'k8s_fedora_coreos_v1',
};

export const nodegroup = (changes: Partial<NodegroupSpec> = {}): NodegroupSpec => ({
  uuid: 'w',
  name: 'default-worker',
  role: 'worker',
  isDefault: true,
  nodeCount: 1,
  minNodeCount: 0,
  maxNodeCount: null,
  flavorId: 'm1.small',
  imageId: 'fedora-coreos',
  labels: {},
  dockerVolumeSize: null,
  nodeLabels: null,
  nodeTaints: null,
  ...changes,
});

export const master = nodegroup({ uuid: 'm', name: 'default-master', role: 'master' });

/** An operation from noon on, with an hour to go. */
export const begun = (operationId: string) => ({
  operationId,
  at: '2026-01-01T12:00:00.000Z',
  deadline: '2026-01-01T13:00:00.000Z',
});

export const ended = (operationId: string) => ({ operationId, at: '2026-01-01T12:10:00.000Z' });

export const facts: ClusterFacts = {
  apiAddress: 'https://172.24.0.5:6443',
  discoveryUrl: null,
  coeVersion: 'v1.23.3',
  containerVersion: '1.12.6',
  nodegroups: {
    m: { nodeAddresses: ['172.24.0.6'], nodeCount: 1 },
    w: { nodeAddresses: ['172.24.0.7'], nodeCount: 1 },
  },
};

export const requested: ClusterEvent = {
  type: 'ClusterRequested',
  data: { ...begun('op-create'), cluster: spec, nodegroups: [master, nodegroup()], trustId: 'tr1' },
};

/** What the conductor records until the stack is there. */
export const underConstruction: readonly ClusterEvent[] = [
  requested,
  {
    type: 'TrusteeEstablished',
    data: { userId: 'tu1', userName: 'c1_p1', domainId: 'd1', trustId: 'tr2', at: begun('').at },
  },
  { type: 'AuthoritiesEnsured', data: { at: begun('').at } },
  {
    type: 'StackCreationStarted',
    data: { stackId: 's1', stackName: 'k8s-abc', nodegroupIds: ['m', 'w'], at: begun('').at },
  },
];

export const created: readonly ClusterEvent[] = [
  ...underConstruction,
  { type: 'ClusterCreated', data: { ...ended('op-create'), facts } },
];

export const resizeRequested: ClusterEvent = {
  type: 'ResizeRequested',
  data: {
    ...begun('op-resize'),
    nodegroupId: 'w',
    nodeCount: 3,
    nodesToRemove: [],
    rollback: false,
  },
};

/** An additional node group `g`, asked for. */
export const nodegroupRequested: ClusterEvent = {
  type: 'NodegroupRequested',
  data: {
    ...begun('op-add'),
    nodegroup: nodegroup({ uuid: 'g', name: 'gpu', isDefault: false }),
  },
};
