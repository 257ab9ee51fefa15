import {
  DriverFault,
  type ClusterDriver,
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
import { commonParameters, defaultNodegroup, given, timeoutOf, volume } from '../parameters.js';
import { clusterStackName } from '../stack-name.js';

/** Labels that are Heat parameters of the same name. */
const LABEL_PARAMETERS = [
  'availability_zone',
  'flannel_backend',
  'flannel_network_cidr',
  'flannel_network_subnetlen',
  'octavia_provider',
  'rexray_preempt',
  'swarm_strategy',
  'swarm_version',
] as const;

const NODES = {
  servers: 'swarm_node_servers',
  private: 'swarm_nodes_private',
  public: 'swarm_nodes',
};

/** Docker of the image this driver was made for. */
const CONTAINER_VERSION = '1.12.6';

const SWARM_PORT = 2376;

const { 'cluster.yaml': template = '', ...files } = readDriverFiles(import.meta.url, [
  'cluster.yaml',
  'master.yaml',
  'node.yaml',
  '../node/master-port.yaml',
  '../node/make-cert.sh',
  'scripts/docker.sh',
  '../node/jeroboam-node.service',
  '../node/report.sh',
  'scripts/master.sh',
  'scripts/node.sh',
  'scripts/swarm.sh',
  'scripts/worker.sh',
]);

const clusterParameters = (input: StackInput): StackParameters => {
  const { labels } = input.cluster;
  const master = defaultNodegroup(input.nodegroups, 'master');
  const worker = defaultNodegroup(input.nodegroups, 'worker');
  return {
    ...given(Object.fromEntries(LABEL_PARAMETERS.map((name) => [name, labels[name]]))),
    ...commonParameters(input),
    ...volume(
      'docker',
      worker.dockerVolumeSize ?? 0,
      labels.docker_volume_type ?? input.installation.volumes.dockerType ?? input.cloud.volumeType,
    ),
    ...given({
      number_of_masters: master.nodeCount,
      master_flavor: master.flavorId,
      master_image: master.imageId,
      number_of_nodes: worker.nodeCount,
      node_flavor: worker.flavorId,
      node_image: worker.imageId,
    }),
  };
};

/** Docker Swarm (the one before swarm mode) on virtual machines with Fedora Atomic. */
export const swarmOnFedoraAtomic: ClusterDriver = {
  name: 'swarm_fedora_atomic_v1',
  provides: [{ serverType: 'vm', os: 'fedora-atomic', coe: 'swarm' }],
  supports: {
    nodegroups: false,
    upgrade: false,
    caRotation: false,
    credentialRotation: false,
    masterResize: false,
  },
  keysFor: () => [],
  stack: (input) => ({
    name: clusterStackName(input.cluster),
    template,
    files,
    parameters: clusterParameters(input),
    timeoutMinutes: timeoutOf(input.cluster),
  }),
  nodegroupStack: () => {
    throw new DriverFault('Node groups are not supported by this driver.');
  },
  resize: ({ nodeCount, nodesToRemove, stack }) => ({
    number_of_nodes: nodeCount,
    // sent even when empty: what an earlier resize removed must not be removed again
    nodes_to_remove: membersToRemove(nodesToRemove, stack, NODES),
  }),
  facts: (stack, nodegroups) => {
    const address = textOutput(stack, 'api_address');
    return {
      apiAddress: address && `tcp://${address}:${SWARM_PORT}`,
      discoveryUrl: textOutput(stack, 'discovery_url'),
      coeVersion: stack.parameters.swarm_version ?? null,
      containerVersion: CONTAINER_VERSION,
      nodegroups: nodegroupFactsOf(nodegroups, {
        master: {
          addresses: listOutput(stack, 'swarm_masters'),
          count: countParameter(stack, 'number_of_masters'),
        },
        worker: {
          addresses: listOutput(stack, NODES.public),
          count: countParameter(stack, 'number_of_nodes'),
        },
      }),
    };
  },
  nodegroupFacts: () => {
    throw new DriverFault('Node groups are not supported by this driver.');
  },
};
