import { SERVICE_TYPES, withVersion } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import { integer, type Json, objects, text, textOrNull, texts } from '../http/json.js';
import { only } from '../http/lookup.js';
import { allPages } from '../http/pages.js';
import { path, type Query, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import {
  type FloatingIp,
  type FloatingIpFilter,
  type Network,
  type NetworkFilter,
  Neutron,
  type Port,
  type PortFilter,
  type Subnet,
} from './port.js';

/** Networking v2.0 over HTTP. */
export class NeutronClient extends Neutron {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'network',
      base: async (as) => withVersion(await as.endpoint(SERVICE_TYPES.network), 'v2.0'),
    });
  }

  override async findNetwork(
    as: Session,
    nameOrId: string,
    { external }: NetworkFilter = {},
  ): Promise<Network> {
    const kind = external === undefined ? {} : { 'router:external': String(external) };
    const found = (await this.#find(as, 'networks', { nameOrId, kind })).map(network);
    return only(
      found.filter((one) => external === undefined || one.external === external),
      this.#sought(external === true ? 'External network' : 'Network', nameOrId),
    );
  }

  override async findSubnet(as: Session, nameOrId: string): Promise<Subnet> {
    const found = await this.#find(as, 'subnets', { nameOrId, kind: {} });
    return only(found.map(subnet), this.#sought('Subnet', nameOrId));
  }

  override async listFloatingIps(
    as: Session,
    { portId, address, fixedAddress }: FloatingIpFilter = {},
  ): Promise<readonly FloatingIp[]> {
    const rows = await this.#list(as, 'floatingips', {
      project_id: (await as.access()).projectId ?? undefined,
      port_id: portId,
      floating_ip_address: address,
      fixed_ip_address: fixedAddress,
    });
    return rows.map(floatingIp);
  }

  override async deleteFloatingIp(as: Session, id: string): Promise<void> {
    await this.#client.ensureGone(as, path`/floatingips/${id}`);
  }

  override async listPorts(
    as: Session,
    { deviceId, networkId }: PortFilter = {},
  ): Promise<readonly Port[]> {
    const rows = await this.#list(as, 'ports', {
      project_id: (await as.access()).projectId ?? undefined,
      device_id: deviceId,
      network_id: networkId,
    });
    return rows.map(port);
  }

  /** Rows by id, and only when there are none, by name. */
  async #find(
    as: Session,
    member: 'networks' | 'subnets',
    { nameOrId, kind }: { readonly nameOrId: string; readonly kind: Query },
  ): Promise<readonly Json[]> {
    if (nameOrId === '') return []; // Neutron takes an empty filter for none
    const byId = await this.#list(as, member, { ...kind, id: nameOrId });
    return byId.length > 0 ? byId : await this.#list(as, member, { ...kind, name: nameOrId });
  }

  async #list(as: Session, member: string, query: Query): Promise<readonly Json[]> {
    return await allPages(this.#client, as, { path: `/${member}`, query, member });
  }

  #sought(what: string, nameOrId: string) {
    return { what, nameOrId, context: this.#client.context(404) };
  }
}

const network = (row: Json): Network => ({
  id: text(row['id']),
  name: text(row['name']),
  status: text(row['status']),
  external: row['router:external'] === true,
  shared: row['shared'] === true,
  projectId: text(row['project_id']),
  subnetIds: texts(row['subnets']),
});

const subnet = (row: Json): Subnet => ({
  id: text(row['id']),
  name: text(row['name']),
  networkId: text(row['network_id']),
  cidr: text(row['cidr']),
  ipVersion: integer(row['ip_version']) === 6 ? 6 : 4,
  gatewayIp: textOrNull(row['gateway_ip']),
  projectId: text(row['project_id']),
});

const floatingIp = (row: Json): FloatingIp => ({
  id: text(row['id']),
  address: text(row['floating_ip_address']),
  fixedAddress: textOrNull(row['fixed_ip_address']),
  portId: textOrNull(row['port_id']),
  networkId: text(row['floating_network_id']),
  status: text(row['status']),
  description: text(row['description']),
  projectId: text(row['project_id']),
});

const port = (row: Json): Port => ({
  id: text(row['id']),
  name: text(row['name']),
  networkId: text(row['network_id']),
  deviceId: text(row['device_id']),
  deviceOwner: text(row['device_owner']),
  addresses: objects(row['fixed_ips']).map((fixed) => text(fixed['ip_address'])),
  status: text(row['status']),
});
