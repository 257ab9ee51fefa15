import type { Session } from '../http/session.js';

export interface LoadBalancer {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `ACTIVE`, `PENDING_DELETE`, `ERROR` … */
  readonly provisioningStatus: string;
  readonly operatingStatus: string;
  readonly vipAddress: string;
  readonly vipPortId: string | null;
  readonly vipSubnetId: string | null;
  readonly projectId: string;
  readonly tags: readonly string[];
}

/** Filters all hold together. */
export interface LoadBalancerFilter {
  readonly ids?: readonly string[];
  readonly name?: string;
  /** Text that must occur in the description, as the cluster's uuid does in those Kubernetes made. */
  readonly descriptionIncludes?: string;
}

/** Load balancers of the session's project. Errors of every call but `available`: CloudUnavailable, CloudRefused, BadRequest. */
export abstract class Octavia {
  /** Whether the catalog has the service. Errors: those of getting a token. */
  abstract available(as: Session): Promise<boolean>;
  /** All pages. */
  abstract listLoadBalancers(
    as: Session,
    filter?: LoadBalancerFilter,
  ): Promise<readonly LoadBalancer[]>;
  /** NotFound once it is gone. */
  abstract getLoadBalancer(as: Session, id: string): Promise<LoadBalancer>;
  /** Begin to delete it with its listeners, pools and monitors. Gone already: resolves. Conflict while it is changing. */
  abstract deleteLoadBalancer(as: Session, id: string): Promise<void>;
}
