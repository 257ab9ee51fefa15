import type { Owner } from '../cloud.js';
import type { Collection, Documents } from '../documents.js';
import { badRequest, conflict, notFound, unknownRouter } from './errors.js';
import type { Networks } from './networks.js';
import { changed, filled, owned } from './owned.js';
import type { Ports } from './ports.js';
import type * as n from './types.js';

const INTERFACE = 'network:router_interface';
const GATEWAY = 'network:router_gateway';

/** Routers: interfaces into subnets, a gateway into an external network. */
export class Routers {
  readonly rows: Collection<n.Router>;
  readonly #floating: Collection<n.FloatingIp>;

  constructor(
    documents: Documents,
    private readonly networks: Networks,
    private readonly ports: Ports,
  ) {
    this.rows = documents.collection('router');
    this.#floating = documents.collection('floatingip');
  }

  create(owner: Owner, wish: n.RouterWish): n.Router {
    const { external_gateway_info, ...rest } = wish;
    const defaults: n.Router = {
      ...owned(owner),
      admin_state_up: true,
      status: 'ACTIVE',
      external_gateway_info: null,
      routes: [],
      ha: false,
      distributed: false,
    };
    const router = filled(defaults, rest);
    return this.rows.put({
      ...router,
      external_gateway_info: this.#gateway(router, external_gateway_info ?? null),
    });
  }

  router(id: string): n.Router {
    const found = this.rows.get(id) ?? this.rows.where('name', id)[0];
    if (!found) throw unknownRouter(id);
    return found;
  }

  update(id: string, change: n.RouterWish): n.Router {
    const { external_gateway_info, ...rest } = change;
    const router = changed(this.router(id), rest);
    if (external_gateway_info === undefined) return this.rows.put(router);
    this.#removeGateway(router);
    return this.rows.put({
      ...router,
      external_gateway_info: this.#gateway(router, external_gateway_info),
    });
  }

  delete(id: string): void {
    const router = this.router(id);
    if (this.interfaces(router.id).length > 0)
      throw conflict('RouterInUse', `Router ${router.id} still has ports`);
    this.#removeGateway(router);
    this.rows.delete(router.id);
  }

  interfaces(routerId: string): n.Port[] {
    return this.ports.ofDevice(routerId).filter((port) => port.device_owner === INTERFACE);
  }

  /** The router that leads from a network to an external one. */
  between(networkId: string, externalId: string): n.Router | undefined {
    return this.ports.rows
      .where('network_id', networkId)
      .filter((port) => port.device_owner === INTERFACE)
      .map((port) => this.rows.get(port.device_id))
      .find((router) => router?.external_gateway_info?.network_id === externalId);
  }

  addInterface(routerId: string, to: n.RouterInterface): n.Port {
    const router = this.router(routerId);
    if (to.port_id) {
      const port = this.ports.port(to.port_id);
      if (port.device_id)
        throw conflict(
          'PortInUse',
          `Unable to complete operation on port ${port.id} for network ${port.network_id}. Port already has an attached device ${port.device_id}.`,
        );
      return this.ports.update(port.id, { device_id: router.id, device_owner: INTERFACE });
    }
    return this.#addSubnet(router, this.networks.subnet(to.subnet_id ?? ''));
  }

  removeInterface(routerId: string, from: n.RouterInterface): n.Port {
    const router = this.router(routerId);
    const port = this.interfaces(router.id).find(
      ({ id, fixed_ips }) =>
        id === from.port_id || fixed_ips.some((ip) => ip.subnet_id === from.subnet_id),
    );
    const subnetId = from.subnet_id ?? port?.fixed_ips[0]?.subnet_id ?? '';
    if (!port)
      throw notFound(
        'RouterInterfaceNotFoundForSubnet',
        `Router ${router.id} has no interface on subnet ${subnetId}`,
      );
    this.#checkUnused(router, port, subnetId);
    this.ports.remove(port.id);
    return port;
  }

  #addSubnet(router: n.Router, subnet: n.Subnet): n.Port {
    const clash = this.interfaces(router.id).some((port) =>
      port.fixed_ips.some((ip) => ip.subnet_id === subnet.id),
    );
    if (clash)
      throw badRequest(
        `Bad router request: Router already has a port on subnet ${subnet.id}.`,
        'BadRequest',
      );
    if (subnet.gateway_ip === null)
      throw badRequest(
        `Bad router request: Subnet for router interface must have a gateway IP.`,
        'BadRequest',
      );
    return this.ports.create(
      { projectId: router.project_id, userId: '' },
      {
        network_id: subnet.network_id,
        device_id: router.id,
        device_owner: INTERFACE,
        fixed_ips: [{ subnet_id: subnet.id, ip_address: subnet.gateway_ip }],
      },
    );
  }

  #checkUnused(router: n.Router, port: n.Port, subnetId: string): void {
    const inSubnet = (portId: string): boolean =>
      this.ports.rows.get(portId)?.network_id === port.network_id;
    const needed = this.#floating
      .where('router_id', router.id)
      .some((ip) => ip.port_id !== null && inSubnet(ip.port_id));
    if (needed)
      throw conflict(
        'RouterInterfaceInUseByFloatingIP',
        `Router interface for subnet ${subnetId} on router ${router.id} cannot be deleted, as it is required by one or more floating IPs.`,
      );
  }

  #gateway(
    router: n.Router,
    wish: { readonly network_id: string; readonly enable_snat?: boolean } | null,
  ): n.ExternalGateway | null {
    if (!wish) return null;
    const network = this.networks.network(wish.network_id);
    if (!network['router:external'])
      throw badRequest(
        `Bad router request: Network ${network.id} is not an external network.`,
        'BadRequest',
      );
    const port = this.ports.create(
      { projectId: '', userId: '' },
      { network_id: network.id, device_id: router.id, device_owner: GATEWAY },
    );
    return {
      network_id: network.id,
      enable_snat: wish.enable_snat ?? true,
      external_fixed_ips: port.fixed_ips,
    };
  }

  #removeGateway(router: n.Router): void {
    const inUse = this.#floating.where('router_id', router.id).length > 0;
    if (inUse && router.external_gateway_info)
      throw conflict(
        'RouterExternalGatewayInUseByFloatingIp',
        `Gateway cannot be updated for router ${router.id}, since a gateway to external network ${router.external_gateway_info.network_id} is required by one or more floating IPs.`,
      );
    for (const port of this.ports.ofDevice(router.id))
      if (port.device_owner === GATEWAY) this.ports.remove(port.id);
  }
}
