import { Refused } from '@jeroboam/eventing/decider';
import type { NodegroupSpec } from './events.js';

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
