import type { LoadBalancer, LoadBalancerFilter } from './port.js';

/** The load balancers that a filter lets through. */
export const matching = (
  balancers: readonly LoadBalancer[],
  { ids, name, descriptionIncludes = '' }: LoadBalancerFilter,
): readonly LoadBalancer[] =>
  balancers.filter(
    (balancer) =>
      (ids?.includes(balancer.id) ?? true) &&
      (name === undefined || balancer.name === name) &&
      balancer.description.includes(descriptionIncludes),
  );
