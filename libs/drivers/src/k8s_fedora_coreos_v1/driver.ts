import {
  type ClusterDriver,
  type ObservedStack,
  type StackInput,
  type StackParameters,
} from '../driver.js';
import { readDriverFiles } from '../driver-files.js';
import {
  countParameter,
  listOutput,
  membersToRemove,
  nodegroupFactsOf,
  textOutput,
} from '../observed.js';
import { defaultNodegroup, given, timeoutOf } from '../parameters.js';
import { clusterStackName, nodegroupStackName } from '../stack-name.js';
import { containerVolume, keysFor, kubernetesParameters, nodeMarks } from './parameters.js';

const WORKERS = {
  servers: 'kube_minion_servers',
  private: 'kube_minions_private',
  public: 'kube_minions',
};

/** What clusters of this driver have always been said to run their containers with. */
const CONTAINER_VERSION = '1.12.6';

const { 'cluster.yaml': template = '', ...files } = readDriverFiles(import.meta.url, [
  'cluster.yaml',
  'master.yaml',
  'worker.yaml',
  '../node/master-port.yaml',
  '../node/make-cert.sh',
  'scripts/addons.sh',
  '../node/jeroboam-node.service',
  '../node/report.sh',
  'scripts/kubeconfig.sh',
  'scripts/kubelet.sh',
  'scripts/manifests.sh',
  'scripts/master.sh',
  'scripts/node.sh',
  'scripts/worker.sh',
]);

const clusterParameters = (input: StackInput): StackParameters => {
  const master = defaultNodegroup(input.nodegroups, 'master');
  const worker = defaultNodegroup(input.nodegroups, 'worker');
  return {
    ...kubernetesParameters(input, input.cluster.labels),
    ...containerVolume(input, worker),
    ...nodeMarks(worker),
    ...given({
      number_of_masters: master.nodeCount,
      master_flavor: master.flavorId,
      master_image: master.imageId,
      master_role: master.role,
      master_nodegroup_name: master.name,
      number_of_minions: worker.nodeCount,
      minion_flavor: worker.flavorId,
      minion_image: worker.imageId,
      worker_role: worker.role,
      worker_nodegroup_name: worker.name,
    }),
  };
};

/** Kubernetes on virtual machines with Fedora CoreOS. */
export const kubernetesOnFedoraCoreos: ClusterDriver = {
  name: 'k8s_fedora_coreos_v1',
  provides: [{ serverType: 'vm', os: 'fedora-coreos', coe: 'kubernetes' }],
  supports: {
    nodegroups: true,
    upgrade: false,
    caRotation: false,
    credentialRotation: false,
    masterResize: false,
  },
  keysFor,
  stack: (input) => ({
    name: clusterStackName(input.cluster),
    template,
    files,
    parameters: clusterParameters(input),
    timeoutMinutes: timeoutOf(input.cluster),
  }),
  nodegroupStack: (input, nodegroup, clusterStack) => ({
    name: nodegroupStackName(input.cluster, nodegroup),
    template,
    files,
    parameters: {
      ...kubernetesParameters(input, nodegroup.labels),
      ...containerVolume(input, nodegroup),
      ...nodeMarks(nodegroup),
      ...given({
        is_cluster_stack: false,
        number_of_masters: 0,
        number_of_minions: nodegroup.nodeCount,
        minion_flavor: nodegroup.flavorId,
        minion_image: nodegroup.imageId,
        worker_role: nodegroup.role,
        worker_nodegroup_name: nodegroup.name,
        existing_master_private_ip: textOutput(clusterStack, 'api_private_address'),
        existing_security_group: textOutput(clusterStack, 'worker_security_group'),
        fixed_network: textOutput(clusterStack, 'cluster_network'),
        fixed_subnet: textOutput(clusterStack, 'cluster_subnet'),
      }),
    },
    timeoutMinutes: timeoutOf(input.cluster),
  }),
  resize: ({ nodeCount, nodesToRemove, stack }) => ({
    number_of_minions: nodeCount,
    // sent even when empty: what an earlier resize removed must not be removed again
    minions_to_remove: membersToRemove(nodesToRemove, stack, WORKERS),
  }),
  facts: (stack, nodegroups) => ({
    apiAddress: apiAddress(stack),
    discoveryUrl: null,
    coeVersion: stack.parameters.kube_version ?? null,
    containerVersion: CONTAINER_VERSION,
    nodegroups: nodegroupFactsOf(nodegroups, {
      master: {
        addresses: listOutput(stack, 'kube_masters'),
        count: countParameter(stack, 'number_of_masters'),
      },
      worker: {
        addresses: listOutput(stack, WORKERS.public),
        count: countParameter(stack, 'number_of_minions'),
      },
    }),
  }),
  nodegroupFacts: (stack) => {
    const nodeAddresses = listOutput(stack, WORKERS.public);
    return {
      nodeAddresses,
      nodeCount: countParameter(stack, 'number_of_minions') ?? nodeAddresses.length,
    };
  },
};

const apiAddress = (stack: ObservedStack): string | null => {
  const address = textOutput(stack, 'api_address');
  if (!address) return null;
  const open = stack.parameters.tls_disabled?.toLowerCase() === 'true';
  return open ? `http://${address}:8080` : `https://${address}:6443`;
};
