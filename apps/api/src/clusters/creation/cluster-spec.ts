import { Refused } from '@jeroboam/eventing/decider';
import type { Labels, TemplateSnapshot } from '@jeroboam/domain/cluster-template/events';
import type { ClusterSpec, NodegroupSpec } from '@jeroboam/domain/cluster/events';
import { newId } from '@jeroboam/platform/ids/ids';
import type { RequestContext } from '../../http/auth/request-context.js';
import { InvalidInput } from '../../http/errors/faults.js';
import { generatedName } from '../../reads/wire.js';
import type { ClusterDto } from '../clusters.dto.js';

/** What a cluster is made from. */
export interface Wish {
  readonly uuid: string;
  readonly body: ClusterDto;
  readonly template: TemplateSnapshot;
  /** Name of the driver. */
  readonly driver: string;
}

const labelsOf = ({ labels, merge_labels }: ClusterDto, template: TemplateSnapshot): Labels => {
  if (labels === undefined || labels === null || Object.keys(labels).length === 0)
    return template.labels;
  return merge_labels ? { ...template.labels, ...labels } : labels;
};

/** What the body and the template say together. */
export const specOf = (
  { uuid, body, template, driver }: Wish,
  { userId, projectId, identity }: RequestContext,
): ClusterSpec => ({
  uuid,
  name: body.name ?? generatedName('cluster'),
  projectId: projectId ?? '',
  userId,
  userName: identity.user.name,
  template,
  keypair: body.keypair ?? template.keypairId,
  labels: labelsOf(body, template),
  dockerVolumeSize: body.docker_volume_size ?? template.dockerVolumeSize,
  createTimeoutMinutes: body.create_timeout,
  discoveryUrl: body.discovery_url ?? null,
  driver,
  ...inherited(body, template),
});

const inherited = (body: ClusterDto, template: TemplateSnapshot) => ({
  masterFlavorId: body.master_flavor_id ?? template.masterFlavorId ?? flavorOf(body, template),
  flavorId: flavorOf(body, template),
  fixedNetwork: body.fixed_network ?? template.fixedNetwork,
  fixedSubnet: body.fixed_subnet ?? template.fixedSubnet,
  floatingIpEnabled: body.floating_ip_enabled ?? template.floatingIpEnabled,
  masterLbEnabled: body.master_lb_enabled ?? template.masterLbEnabled,
});

const minNodeCountOf = (labels: Labels): number => {
  const label = labels['min_node_count'];
  if (label === undefined) return 0;
  if (/^\s*\d+\s*$/.test(label)) return Number(label);
  throw new InvalidInput('labels', labels, 'min_node_count must be an integer');
};

/** The masters and the workers every cluster begins with. */
export const defaultNodegroups = (
  spec: ClusterSpec,
  { master_count, node_count }: ClusterDto,
): readonly NodegroupSpec[] => {
  const both = {
    isDefault: true,
    maxNodeCount: null,
    imageId: spec.template.imageId,
    labels: spec.labels,
    dockerVolumeSize: spec.dockerVolumeSize,
    nodeLabels: null,
    nodeTaints: null,
  };
  return [
    {
      ...both,
      uuid: newId(),
      name: 'default-master',
      role: 'master',
      nodeCount: master_count,
      minNodeCount: 0,
      flavorId: spec.masterFlavorId,
    },
    {
      ...both,
      uuid: newId(),
      name: 'default-worker',
      role: 'worker',
      nodeCount: node_count,
      minNodeCount: minNodeCountOf(spec.labels),
      flavorId: spec.flavorId,
    },
  ];
};

/** Several masters need something in front of them. */
export const checkMasterLoadBalancer = (
  { masterLbEnabled }: ClusterSpec,
  { master_count }: ClusterDto,
): void => {
  if (masterLbEnabled || master_count === 1) return;
  throw new Refused('invalid', 'master_count must be 1 when master_lb_enabled is False');
};

/** Masters for which nobody has chosen are like the workers, as they were before flavors were checked. */
const flavorOf = (body: ClusterDto, template: TemplateSnapshot): string | null =>
  body.flavor_id ?? template.flavorId;
