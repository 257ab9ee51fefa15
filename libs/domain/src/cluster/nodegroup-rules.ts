import { Refused } from '@jeroboam/eventing/decider';
import type { NodegroupSpec } from './events.js';
import { inTheWay } from './preconditions.js';
import type { Nodegroup, PresentCluster } from './state.js';

const OPEN_PREFIXES = new Set(['kubelet.kubernetes.io', 'node.kubernetes.io']);

const OPEN_KEYS = new Set([
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/instance-type',
  'beta.kubernetes.io/os',
  'failure-domain.beta.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'node.kubernetes.io/instance-type',
  'node.kubernetes.io/windows-build',
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);

/** Refuses sizes, labels and taints that contradict each other or Kubernetes (contract §2.4). */
export const demandSoundNodegroup = (nodegroup: NodegroupSpec): void => {
  demandSoundSizes(nodegroup);
  demandWorkerOnly(nodegroup);
  for (const key of Object.keys(nodegroup.nodeLabels ?? {})) demandOpenLabel(nodegroup, key);
};

const demandSoundSizes = (nodegroup: NodegroupSpec): void => {
  const { minNodeCount: min, maxNodeCount, nodeCount: count } = nodegroup;
  const max = maxNodeCount === 0 ? null : maxNodeCount;
  if (max !== null && min > max) {
    throw invalid('max_node_count', nodegroup, lessOrEqual('min', min, `max_node_count (${max})`));
  }
  if (max !== null && count > max) {
    throw invalid('max_node_count', nodegroup, lessOrEqual('', count, `max_node_count (${max})`));
  }
  if (min > count) {
    throw invalid('min_node_count', nodegroup, lessOrEqual('min', min, `node_count (${count})`));
  }
};

const lessOrEqual = (which: 'min' | '', value: number, bound: string): string =>
  `${which ? 'min_' : ''}node_count (${value}) should be less or equal to ${bound}`;

const demandWorkerOnly = (nodegroup: NodegroupSpec): void => {
  if (nodegroup.role !== 'master') return;
  for (const attribute of ['node_labels', 'node_taints'] as const) {
    const value = attribute === 'node_labels' ? nodegroup.nodeLabels : nodegroup.nodeTaints;
    if (value !== null && Object.keys(value).length > 0) {
      throw invalid(attribute, nodegroup, `${attribute} may not be set on master nodegroups`);
    }
  }
};

const demandOpenLabel = (nodegroup: NodegroupSpec, key: string): void => {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? '' : key.slice(0, slash);
  const isReserved = /(^|\.)(kubernetes|k8s)\.io$/.test(prefix);
  if (!isReserved || OPEN_PREFIXES.has(prefix) || OPEN_KEYS.has(key)) return;
  throw invalid('node_labels', nodegroup, `label ${key} is reserved for Kubernetes`);
};

const invalid = (attribute: string, { name }: NodegroupSpec, explanation: string): Refused =>
  new Refused('conflict', `${attribute} for ${name} is invalid (${explanation}).`);

/** A resize of a node group that names nodes. */
export interface Removal {
  readonly nodegroup: Nodegroup;
  readonly nodeCount: number;
  /** Heat index, server uuid or address of each. */
  readonly nodesToRemove: readonly string[];
}

/**
 * Refuses nodes that cannot be of the group, and more of them than can go. What the log does not tell,
 * such as the uuids of servers, is left to the driver.
 */
export const demandRemovable = (cluster: PresentCluster, removal: Removal): void => {
  const { nodegroup, nodesToRemove } = removal;
  for (const node of nodesToRemove) {
    demandStaying(cluster, nodegroup, node);
    if (!isKnownToBeAway(cluster, nodegroup, node)) continue;
    throw new Refused('invalid', `Node ${node} is not in the node group ${nodegroup.name}.`);
  }
  demandSoMany(removal);
};

/** By the time the resize has its turn, the node would be gone. */
const demandStaying = (cluster: PresentCluster, { uuid }: Nodegroup, node: string): void => {
  const operation = cluster.operations.find(
    (each) =>
      each.kind === 'resize' && each.nodegroupId === uuid && each.nodesToRemove.includes(node),
  );
  if (operation === undefined) return;
  throw new Refused(
    'invalid',
    `Node ${node} is being taken away already.${inTheWay(cluster, operation)}`,
  );
};

/** Who keeps the size, or adds to it, has the nodes replaced: that is how a sick one is mended. */
const demandSoMany = ({ nodegroup, nodeCount, nodesToRemove }: Removal): void => {
  const { name, nodeCount: before } = nodegroup;
  const named = new Set(nodesToRemove).size;
  const most = nodeCount < before ? before - nodeCount : before;
  if (named <= most) return;
  throw new Refused(
    'invalid',
    `nodes_to_remove names ${named} nodes of ${name}, but resizing it from ${before} to ` +
      `${nodeCount} can take away no more than ${most}.`,
  );
};

const INDEX = /^(0|[1-9]\d*)$/;
const SERVER = /^[0-9a-f]{32}$/i;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/i;

const isKnownToBeAway = (cluster: PresentCluster, nodegroup: Nodegroup, node: string): boolean => {
  if (INDEX.test(node) || SERVER.test(node.replaceAll('-', ''))) return false;
  if (!ADDRESS.test(node)) return true;
  if (nodegroup.nodeAddresses.includes(node)) return false;
  const isOfOther = cluster.nodegroups.some(({ nodeAddresses }) => nodeAddresses.includes(node));
  return isOfOther || knowsAllAddresses(cluster, nodegroup);
};

/** Nodes with a floating IP have a private address as well, which is not told. */
const knowsAllAddresses = (
  { spec, operations }: PresentCluster,
  { nodeAddresses, nodeCount }: Nodegroup,
): boolean =>
  !spec.floatingIpEnabled && operations.length === 0 && nodeAddresses.length === nodeCount;
