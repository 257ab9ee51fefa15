import { byIdOrName } from '../http/lookup.js';
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

const context = { service: 'network', status: 404, requestId: null } as const;

/** Networks in memory. Put in its lists what there shall be. */
export class FakeNeutron extends Neutron {
  readonly networks: Network[] = [];
  readonly subnets: Subnet[] = [];
  floatingIps: FloatingIp[] = [];
  readonly ports: Port[] = [];

  override async findNetwork(
    as: Session,
    nameOrId: string,
    { external }: NetworkFilter = {},
  ): Promise<Network> {
    const { projectId } = await as.access();
    const seen = this.networks.filter(
      (network) =>
        (network.external || network.shared || network.projectId === projectId) &&
        (external === undefined || network.external === external),
    );
    const what = external === true ? 'External network' : 'Network';
    return byIdOrName(seen, { what, nameOrId, context });
  }

  override async findSubnet(as: Session, nameOrId: string): Promise<Subnet> {
    const { projectId } = await as.access();
    const seen = this.subnets.filter((subnet) => subnet.projectId === projectId);
    return byIdOrName(seen, { what: 'Subnet', nameOrId, context });
  }

  override async listFloatingIps(
    as: Session,
    { portId, address, fixedAddress }: FloatingIpFilter = {},
  ): Promise<readonly FloatingIp[]> {
    const { projectId } = await as.access();
    return this.floatingIps.filter(
      (ip) =>
        ip.projectId === projectId &&
        (portId === undefined || ip.portId === portId) &&
        (address === undefined || ip.address === address) &&
        (fixedAddress === undefined || ip.fixedAddress === fixedAddress),
    );
  }

  override async deleteFloatingIp(as: Session, id: string): Promise<void> {
    const { projectId } = await as.access();
    this.floatingIps = this.floatingIps.filter((ip) => ip.id !== id || ip.projectId !== projectId);
  }

  override async listPorts(
    as: Session,
    { deviceId, networkId }: PortFilter = {},
  ): Promise<readonly Port[]> {
    await as.access();
    return this.ports.filter(
      (port) =>
        (deviceId === undefined || port.deviceId === deviceId) &&
        (networkId === undefined || port.networkId === networkId),
    );
  }
}
