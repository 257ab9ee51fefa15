import type { ClusterSpec, NodegroupSpec } from '@jeroboam/domain/cluster/events';
import {
  DriverFault,
  type NodeKey,
  type NodeKeys,
  type StackInput,
  type StackParameters,
} from '../driver.js';
import { commonParameters, given, isTrue, subnetCidr, volume } from '../parameters.js';
import { LABEL_PARAMETERS } from './labels.js';

type Labels = Readonly<Record<string, string>>;

/** Parameters that stacks of masters and of workers share. `labels`: of the node group built. */
export const kubernetesParameters = (input: StackInput, labels: Labels): StackParameters => ({
  ...fromLabels(labels),
  ...commonParameters(input),
  ...given({ username: input.cluster.userName, ssh_public_key: input.cloud.sshPublicKey }),
  ...versions(input.cluster, labels),
  ...apiAccess(input),
  ...podsAndServices(input.cluster),
  ...addOns(input),
  ...registry(input),
  ...volumes(input),
  ...keyParameters(input.keys),
});

const fromLabels = (labels: Labels): StackParameters =>
  given(Object.fromEntries(LABEL_PARAMETERS.map((name) => [name, labels[name]])));

/** One version for masters and workers alike, until an upgrade tells them apart. */
const versions = ({ template }: ClusterSpec, labels: Labels): StackParameters => {
  const tag = labels.kube_tag ?? template.labels.kube_tag;
  return given({ kube_tag: tag, kube_version: tag, master_kube_tag: tag, minion_kube_tag: tag });
};

const apiAccess = ({ cluster, cloud }: StackInput): StackParameters => {
  const allowed = cluster.labels.master_lb_allowed_cidrs;
  return given({
    octavia_enabled: cloud.octavia,
    // nodes reach the API through the load balancer too
    master_lb_allowed_cidrs: allowed ? `${allowed},${subnetCidr(cluster, cloud)}` : null,
    loadbalancing_protocol: cluster.template.tlsDisabled ? 'HTTP' : null,
    kubernetes_port: cluster.template.tlsDisabled ? 8080 : null,
  });
};

const podsAndServices = ({ labels, template }: ClusterSpec): StackParameters => {
  const services = labels.service_cluster_ip_range;
  return given({
    pods_network_cidr:
      template.networkDriver === 'calico' ? labels.calico_ipv4pool : labels.flannel_network_cidr,
    portal_network_cidr: services,
    // the cluster's DNS has the tenth address of the services' range
    dns_service_ip: services === undefined ? null : addressIn(services, 10),
  });
};

/** The n-th address of an IPv4 CIDR. */
const addressIn = (cidr: string, n: number): string => {
  const octets = (cidr.split('/')[0] ?? '').split('.').map(Number);
  if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255))) {
    throw new DriverFault(`service_cluster_ip_range ${cidr} is not an IPv4 CIDR.`);
  }
  const sum = octets.reduce((value, octet) => value * 256 + octet, 0) + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(sum / 2 ** shift) % 256).join('.');
};

const addOns = (input: StackInput): StackParameters => {
  const { labels } = input.cluster;
  const ingress = labels.ingress_controller?.toLowerCase();
  if (ingress === 'octavia' && !input.cloud.octavia) {
    throw new DriverFault('Octavia service needs to be deployed for octavia ingress controller.');
  }
  return given({
    ingress_controller: ingress,
    cloud_provider_enabled: cloudProvider(input),
    max_node_count: labels.max_node_count ?? workerCount(input.nodegroups) + 1,
    post_install_manifest_url: input.installation.postInstallManifestUrl,
  });
};

/** The cloud provider acts for the user, so it needs the trust on the nodes. */
const cloudProvider = ({ cluster, identity }: StackInput): boolean => {
  const label = cluster.labels.cloud_provider_enabled;
  const trusted = identity.trustId !== null;
  const enabled = label === undefined ? trusted : isTrue(label);
  if (enabled && !trusted) {
    throw new DriverFault(
      'Label cloud_provider_enabled needs clusters to be given the trust of their users.',
    );
  }
  if (label !== undefined && !enabled && cluster.template.volumeDriver === 'cinder') {
    throw new DriverFault(
      'Volume driver cinder needs label cloud_provider_enabled not to be false.',
    );
  }
  return enabled;
};

const workerCount = (nodegroups: readonly NodegroupSpec[]): number =>
  nodegroups.find(({ role, isDefault }) => isDefault && role !== 'master')?.nodeCount ?? 0;

const registry = ({ cluster, cloud }: StackInput): StackParameters =>
  cluster.template.registryEnabled
    ? given({ swift_region: cloud.regionName, registry_container: 'docker_registry' })
    : {};

const volumes = ({ cluster, cloud, installation }: StackInput): StackParameters => {
  const { labels } = cluster;
  const { bootSize, bootType, etcdType } = installation.volumes;
  return {
    ...volume(
      'boot',
      gigabytes(labels, 'boot_volume_size', bootSize),
      labels.boot_volume_type ?? bootType ?? cloud.volumeType,
    ),
    ...volume(
      'etcd',
      gigabytes(labels, 'etcd_volume_size'),
      labels.etcd_volume_type ?? etcdType ?? cloud.volumeType,
    ),
  };
};

const gigabytes = (labels: Labels, name: string, fallback = 0): number => {
  const text = labels[name] ?? String(fallback);
  const size = Number(text);
  if (!Number.isInteger(size) || size < 0)
    throw new DriverFault(`Label ${name} is not a size: ${text}.`);
  return size;
};

/** Extra storage for containers, of the node group's own size. */
export const containerVolume = (
  { cluster, cloud, installation }: StackInput,
  nodegroup: NodegroupSpec,
): StackParameters =>
  volume(
    'docker',
    nodegroup.dockerVolumeSize ?? 0,
    cluster.labels.docker_volume_type ?? installation.volumes.dockerType ?? cloud.volumeType,
  );

/** Labels and taints as the kubelet takes them. */
export const nodeMarks = ({ nodeLabels, nodeTaints }: NodegroupSpec): StackParameters =>
  given({
    worker_node_labels: Object.entries(nodeLabels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    worker_node_taints: (nodeTaints ?? [])
      .map(({ key, value, effect }) => `${key}=${value ?? ''}:${effect}`)
      .join(','),
  });

export const keysFor = ({ labels }: ClusterSpec): readonly NodeKey[] =>
  isTrue(labels.cert_manager_api) ? ['serviceAccount', 'caPrivateKey'] : ['serviceAccount'];

const keyParameters = ({ serviceAccount, caPrivateKey }: NodeKeys): StackParameters =>
  given({
    kube_service_account_key: serviceAccount?.publicKey,
    kube_service_account_private_key: serviceAccount?.privateKey,
    cert_manager_api: caPrivateKey === undefined ? null : true,
    ca_key: caPrivateKey,
  });
