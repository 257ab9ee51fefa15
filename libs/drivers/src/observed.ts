import type { ClusterFacts, NodegroupSpec } from '@jeroboam/domain/cluster/events';
import { DriverFault, type ObservedStack } from './driver.js';

/** An output that is text; `null` while it has none. */
export const textOutput = ({ outputs }: ObservedStack, name: string): string | null => {
  const value = outputs[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** An output that is a list of texts. Members Heat does not know yet are left out. */
export const listOutput = ({ outputs }: ObservedStack, name: string): readonly string[] => {
  const value = outputs[name];
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
};

/** A parameter that is a count. */
export const countParameter = ({ parameters }: ObservedStack, name: string): number | null => {
  const value = Number(parameters[name] ?? Number.NaN);
  return Number.isInteger(value) ? value : null;
};

/** Names of the outputs and parameters that describe the workers. */
export interface WorkerOutputs {
  readonly servers: string;
  readonly private: string;
  readonly public: string;
}

const INDEX = /^\d+$/;

/**
 * How Heat knows the nodes to remove: by index or server id. Addresses are looked up, in any of
 * the lists. @throws {@link DriverFault} for a node that is not there: better than another going.
 */
export const membersToRemove = (
  nodes: readonly string[],
  stack: ObservedStack,
  names: WorkerOutputs,
): string => {
  const servers = listOutput(stack, names.servers);
  const addresses = [listOutput(stack, names.private), listOutput(stack, names.public)];
  const member = (node: string): string => {
    if (INDEX.test(node) || servers.includes(node)) return node;
    const position = addresses.map((list) => list.indexOf(node)).find((index) => index >= 0);
    const server = position === undefined ? undefined : servers[position];
    if (server === undefined) throw new DriverFault(`Node ${node} is not in the node group.`);
    return server;
  };
  return nodes.map(member).join(',');
};

/** Addresses and count of each default node group, by the node group's uuid. */
export const nodegroupFactsOf = (
  nodegroups: readonly NodegroupSpec[],
  seen: Readonly<
    Record<'master' | 'worker', { addresses: readonly string[]; count: number | null }>
  >,
): ClusterFacts['nodegroups'] =>
  Object.fromEntries(
    nodegroups
      .filter(({ isDefault }) => isDefault)
      .map((nodegroup) => {
        const { addresses, count } = seen[nodegroup.role === 'master' ? 'master' : 'worker'];
        return [
          nodegroup.uuid,
          { nodeAddresses: addresses, nodeCount: count ?? nodegroup.nodeCount },
        ];
      }),
  );
