import { isOffered, SERVICE_TYPES, withVersion } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import { type Json, object, text, textOrNull, texts } from '../http/json.js';
import { allPages } from '../http/pages.js';
import { path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import { matching } from './filter.js';
import { type LoadBalancer, type LoadBalancerFilter, Octavia } from './port.js';

/** Load balancing v2 over HTTP. */
export class OctaviaClient extends Octavia {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'load-balancer',
      base: async (as) => withVersion(await as.endpoint(SERVICE_TYPES['load-balancer']), 'v2.0'),
    });
  }

  override async available(as: Session): Promise<boolean> {
    return await isOffered(as, 'load-balancer');
  }

  override async listLoadBalancers(
    as: Session,
    filter: LoadBalancerFilter = {},
  ): Promise<readonly LoadBalancer[]> {
    const rows = await allPages(this.#client, as, {
      path: '/lbaas/loadbalancers',
      query: { project_id: (await as.access()).projectId ?? undefined, name: filter.name },
      member: 'loadbalancers',
    });
    return matching(rows.map(loadBalancer), filter);
  }

  override async getLoadBalancer(as: Session, id: string): Promise<LoadBalancer> {
    const body = await this.#client.body(as, {
      method: 'GET',
      path: path`/lbaas/loadbalancers/${id}`,
    });
    return loadBalancer(object(object(body)['loadbalancer']));
  }

  override async deleteLoadBalancer(as: Session, id: string): Promise<void> {
    await this.#client.ensureGone(as, path`/lbaas/loadbalancers/${id}`, { cascade: 'true' });
  }
}

const loadBalancer = (row: Json): LoadBalancer => ({
  id: text(row['id']),
  name: text(row['name']),
  description: text(row['description']),
  provisioningStatus: text(row['provisioning_status']),
  operatingStatus: text(row['operating_status']),
  vipAddress: text(row['vip_address']),
  vipPortId: textOrNull(row['vip_port_id']),
  vipSubnetId: textOrNull(row['vip_subnet_id']),
  projectId: text(row['project_id']),
  tags: texts(row['tags']),
});
