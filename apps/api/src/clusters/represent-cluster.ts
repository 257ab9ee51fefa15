import {
  masters,
  sizeOf,
  workers,
  type Nodegroup,
  type PresentCluster,
} from '@jeroboam/domain/cluster/state';
import { isFailed } from '@jeroboam/domain/cluster/status';
import type { ClusterSummary } from '@jeroboam/read-models/clusters';
import type { RequestContext } from '../http/auth/request-context.js';
import { represent } from '../http/body/represent.js';
import { labelDifferences } from '../reads/label-differences.js';
import { wireTime, wireTimeOrNull } from '../reads/wire.js';
import { ClusterDto, ClusterSummaryDto } from './clusters.dto.js';

type Reader = Pick<RequestContext, 'links' | 'microversion'>;

const addressesOf = (nodegroups: readonly Nodegroup[]): readonly string[] =>
  nodegroups.flatMap(({ nodeAddresses }) => nodeAddresses);

/** Reason by name of the node groups that failed; nothing while the cluster has not. */
const faultsOf = ({ status, nodegroups }: PresentCluster) =>
  isFailed(status)
    ? Object.fromEntries(
        nodegroups
          .filter((each) => isFailed(each.status))
          .map(({ name, statusReason }) => [name, statusReason]),
      )
    : undefined;

const wishes = ({ spec }: PresentCluster) => ({
  uuid: spec.uuid,
  name: spec.name,
  cluster_template_id: spec.template.uuid,
  keypair: spec.keypair,
  docker_volume_size: spec.dockerVolumeSize,
  labels: spec.labels,
  master_flavor_id: spec.masterFlavorId,
  flavor_id: spec.flavorId,
  create_timeout: spec.createTimeoutMinutes,
  project_id: spec.projectId,
  user_id: spec.userId,
  fixed_network: spec.fixedNetwork,
  fixed_subnet: spec.fixedSubnet,
  floating_ip_enabled: spec.floatingIpEnabled,
  master_lb_enabled: spec.masterLbEnabled,
  merge_labels: false,
  ...labelDifferences(spec.labels, spec.template.labels),
});

const condition = (cluster: PresentCluster) => ({
  node_count: sizeOf(workers(cluster)),
  master_count: sizeOf(masters(cluster)),
  stack_id: cluster.stackId,
  cluster_id: cluster.stackId,
  status: cluster.status,
  status_reason: cluster.statusReason,
  health_status: cluster.healthStatus,
  health_status_reason: cluster.healthReason,
  discovery_url: cluster.discoveryUrl,
  api_address: cluster.apiAddress,
  coe_version: cluster.coeVersion,
  container_version: cluster.containerVersion,
  node_addresses: addressesOf(workers(cluster)),
  master_addresses: addressesOf(masters(cluster)),
  created_at: wireTime(cluster.createdAt),
  updated_at: wireTimeOrNull(cluster.updatedAt),
});

const whole = (cluster: PresentCluster, { links }: Reader) => ({
  ...wishes(cluster),
  ...condition(cluster),
  links: links.of('clusters', cluster.spec.uuid),
});

/** A cluster in a list of whole ones, and as patches change it. */
export const toDetail = (cluster: PresentCluster, reader: Reader): Record<string, unknown> =>
  represent<object>(ClusterDto, whole(cluster, reader), reader.microversion);

/** One cluster: what failed is told too. */
export const toResponse = (cluster: PresentCluster, reader: Reader): Record<string, unknown> =>
  represent<object>(
    ClusterDto,
    { ...whole(cluster, reader), faults: faultsOf(cluster) },
    reader.microversion,
  );

/** A cluster in a plain list. */
export const toSummary = (row: ClusterSummary, reader: Reader): Record<string, unknown> =>
  represent(
    ClusterSummaryDto,
    {
      uuid: row.uuid,
      name: row.name,
      cluster_template_id: row.templateId,
      keypair: row.keypair,
      node_count: row.nodeCount,
      master_count: row.masterCount,
      docker_volume_size: row.dockerVolumeSize,
      labels: row.labels,
      master_flavor_id: row.masterFlavorId,
      flavor_id: row.flavorId,
      create_timeout: row.createTimeoutMinutes,
      links: reader.links.of('clusters', row.uuid),
      stack_id: row.stackId,
      cluster_id: row.stackId,
      status: row.status,
      health_status: row.healthStatus,
      merge_labels: false,
    },
    reader.microversion,
  );
