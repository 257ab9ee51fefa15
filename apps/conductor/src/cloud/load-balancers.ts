import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { Cloud } from '@jeroboam/openstack/cloud';
import { Conflict } from '@jeroboam/openstack/http/errors';
import type { Trustees } from './trustees.js';

/**
 * Load balancers that Kubernetes has made for services of type LoadBalancer. Heat does not know them,
 * and the cluster's network cannot go while they hang on it.
 */
export class ServiceLoadBalancers {
  constructor(
    private readonly cloud: Cloud,
    private readonly trustees: Trustees,
  ) {}

  /** Begins to delete those there are, with their floating IPs. @returns those that were there, in words. */
  async dismiss(cluster: PresentCluster): Promise<readonly string[]> {
    const as = await this.trustees.projectSessionFor(cluster);
    const { octavia, neutron } = this.cloud;
    if (!(await octavia.available(as))) return [];
    const mentioning = await octavia.listLoadBalancers(as, {
      descriptionIncludes: cluster.spec.uuid,
    });
    const made = mentioning.filter(({ description }) => isMadeBy(description, cluster.spec.uuid));
    for (const { id, vipPortId, provisioningStatus } of made) {
      if (provisioningStatus === 'PENDING_DELETE') continue;
      const floating =
        vipPortId === null ? [] : await neutron.listFloatingIps(as, { portId: vipPortId });
      for (const address of floating) await neutron.deleteFloatingIp(as, address.id);
      await octavia.deleteLoadBalancer(as, id).catch(unlessChanging);
    }
    return made.map(({ id, provisioningStatus }) => `${id} (${provisioningStatus})`);
  }
}

const isMadeBy = (description: string, uuid: string): boolean =>
  new RegExp(`Kubernetes .+ from cluster ${uuid}`).test(description);

/** It is looked at again soon. */
const unlessChanging = (error: unknown): void => {
  if (!(error instanceof Conflict)) throw error;
};
