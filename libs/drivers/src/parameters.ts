import type { ClusterSpec, NodegroupSpec } from '@jeroboam/domain/cluster/events';
import { DriverFault, type CloudFacts, type StackInput, type StackParameters } from './driver.js';

type Value = string | number | boolean;

export const DEFAULT_TIMEOUT_MINUTES = 60;
const DEFAULT_SUBNET_CIDR = '10.0.0.0/24';

/** Without what is not set: there the template's default holds. */
export const given = (
  values: Readonly<Record<string, Value | null | undefined>>,
): StackParameters => {
  const result: Record<string, Value> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) result[name] = value;
  }
  return result;
};

export const isTrue = (label: string | undefined): boolean =>
  ['true', 't', 'yes', 'y', 'on', '1'].includes((label ?? '').trim().toLowerCase());

/** CIDR of the subnet the nodes are in. */
export const subnetCidr = (cluster: ClusterSpec, cloud: CloudFacts): string =>
  cloud.fixedNetwork?.cidr ?? cluster.labels.fixed_subnet_cidr ?? DEFAULT_SUBNET_CIDR;

/** Minutes after which Heat gives up. */
export const timeoutOf = ({ createTimeoutMinutes }: ClusterSpec): number =>
  createTimeoutMinutes > 0 ? createTimeoutMinutes : DEFAULT_TIMEOUT_MINUTES;

const networks = (input: StackInput): StackParameters => {
  const { cluster, cloud } = input;
  const { template } = cluster;
  if (!cloud.externalNetworkId) throw new DriverFault('external_network_id is needed.');
  const cidr = subnetCidr(cluster, cloud);
  return given({
    external_network: cloud.externalNetworkId,
    fixed_network: cloud.fixedNetwork?.id,
    fixed_network_name: cloud.fixedNetwork?.name ?? cluster.name,
    fixed_subnet: cloud.fixedNetwork?.subnetId,
    fixed_subnet_cidr: cidr,
    dns_nameserver: template.dnsNameserver,
    http_proxy: template.httpProxy,
    https_proxy: template.httpsProxy,
    no_proxy: template.noProxy === null ? null : `${template.noProxy},${cidr}`,
    floating_ip_enabled: cluster.floatingIpEnabled,
    master_lb_enabled: cluster.masterLbEnabled,
    master_lb_floating_ip_enabled: lbFloatingIp(cluster),
  });
};

/** Meaningless without a load balancer, and then off. */
const lbFloatingIp = (cluster: ClusterSpec): boolean => {
  const label = cluster.labels.master_lb_floating_ip_enabled;
  return (
    cluster.masterLbEnabled && (label === undefined ? cluster.floatingIpEnabled : isTrue(label))
  );
};

const services = ({ identity, installation }: StackInput): StackParameters =>
  given({
    auth_url: installation.authUrl,
    magnum_url: installation.magnumUrl,
    verify_ca: installation.verifyCa,
    openstack_ca: encodeURIComponent(installation.caPem ?? ''),
    trustee_domain_id: identity.domainId,
    trustee_user_id: identity.userId,
    trustee_username: identity.userName,
    trustee_password: identity.password,
    trust_id: identity.trustId ?? '',
  });

/** Parameters that the templates of all drivers have. */
export const commonParameters = (input: StackInput): StackParameters => {
  const { cluster, cloud } = input;
  const { template } = cluster;
  return {
    ...networks(input),
    ...services(input),
    ...given({
      cluster_uuid: cluster.uuid,
      project_id: cluster.projectId,
      region_name: cloud.regionName,
      ssh_key_name: cluster.keypair,
      nodes_affinity_policy: input.installation.affinityPolicy,
      network_driver: template.networkDriver,
      volume_driver: template.volumeDriver,
      tls_disabled: template.tlsDisabled,
      registry_enabled: template.registryEnabled,
      insecure_registry_url: template.insecureRegistry,
      docker_storage_driver: template.dockerStorageDriver,
      discovery_url: cluster.discoveryUrl,
    }),
  };
};

/** Size and type of a kind of volume; nothing when there is none. */
export const volume = (
  kind: string,
  size: number,
  type: string | null | undefined,
): StackParameters => {
  if (size < 1) return {};
  if (!type) throw new DriverFault(`No volume type is known for the ${kind} volume.`);
  return { [`${kind}_volume_size`]: size, [`${kind}_volume_type`]: type };
};

/** The default node group of a role. */
export const defaultNodegroup = (
  nodegroups: readonly NodegroupSpec[],
  wanted: 'master' | 'worker',
): NodegroupSpec => {
  const found = nodegroups.find(
    ({ role, isDefault }) => isDefault && (role === 'master') === (wanted === 'master'),
  );
  if (!found) throw new DriverFault(`The cluster has no default ${wanted} node group.`);
  return found;
};
