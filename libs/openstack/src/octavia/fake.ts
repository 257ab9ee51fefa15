import { NotFound } from '../http/errors.js';
import type { Session } from '../http/session.js';
import { matching } from './filter.js';
import { type LoadBalancer, type LoadBalancerFilter, Octavia } from './port.js';

/** Load balancers in memory. A deleted one is gone at once. */
export class FakeOctavia extends Octavia {
  /** False: a cloud without the service. */
  installed = true;
  readonly loadBalancers = new Map<string, LoadBalancer>();

  override async available(as: Session): Promise<boolean> {
    await as.access();
    return this.installed;
  }

  override async listLoadBalancers(
    as: Session,
    filter: LoadBalancerFilter = {},
  ): Promise<readonly LoadBalancer[]> {
    const { projectId } = await as.access();
    const own = [...this.loadBalancers.values()].filter((one) => one.projectId === projectId);
    return matching(own, filter);
  }

  override async getLoadBalancer(as: Session, id: string): Promise<LoadBalancer> {
    const [found] = await this.listLoadBalancers(as, { ids: [id] });
    if (!found) {
      const context = { service: 'load-balancer', status: 404, requestId: null } as const;
      throw new NotFound(`load balancer ${id} not found.`, context);
    }
    return found;
  }

  override async deleteLoadBalancer(as: Session, id: string): Promise<void> {
    const [found] = await this.listLoadBalancers(as, { ids: [id] });
    if (found) this.loadBalancers.delete(id);
  }
}
