import type { StackResource } from './port.js';

/**
 * Failed resources first, the deepest of these first: a group fails because of a member. Those that Heat
 * only gave up because another failed come last among them.
 */
export const failedFirst = (resources: readonly StackResource[]): readonly StackResource[] =>
  resources
    .map((resource, index) => ({ resource, index, rank: rankOf(resource) }))
    .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ resource }) => resource);

const rankOf = ({ status, reason, path }: StackResource): number => {
  if (!status.endsWith('_FAILED')) return 0;
  const bystander = /\babort|\bcancel|\binterrupt/i.test(reason);
  return (bystander ? -1_000 : -1_000_000) - path.length;
};
