import { randomUUID } from 'node:crypto';
import type { Compute, Images, Owner, ServerAddress, Settings } from '../cloud.js';
import type { Volume } from '../cinder/types.js';
import type { Cinder } from '../cinder/cinder.js';
import type { Collection, Documents } from '../documents.js';
import type { Neutron } from '../neutron/neutron.js';
import type { Port } from '../neutron/types.js';
import { seconds } from '../time.js';
import { badRequest, conflict, notFound } from './errors.js';
import { Keypairs } from './keypairs.js';
import type { Flavor, Keypair, Server, ServerGroup, ServerRequest } from './types.js';

/** What a server takes to build, in milliseconds before the settings' factor. */
const BUILD_MS = 2000;

interface Neighbours {
  readonly neutron: Neutron;
  readonly glance: Images;
  readonly cinder: Cinder;
}

/** Nova: servers that answer like real ones and run nothing. */
export class Nova implements Compute {
  readonly flavors: Collection<Flavor>;
  readonly servers: Collection<Server>;
  readonly serverGroups: Collection<ServerGroup>;
  readonly keypairs: Keypairs;

  constructor(
    private readonly documents: Documents,
    private readonly settings: Settings,
    private readonly neighbours: Neighbours,
  ) {
    this.flavors = documents.collection('flavor');
    this.servers = documents.collection('server');
    this.serverGroups = documents.collection('server_group');
    this.keypairs = new Keypairs(documents);
  }

  flavor(idOrName: string): Flavor {
    const found = this.flavors.get(idOrName) ?? this.flavors.where('name', idOrName)[0];
    if (!found) throw notFound(`Flavor ${idOrName} could not be found.`);
    return found;
  }

  keypair(userId: string, name: string): Keypair {
    return this.keypairs.get(userId, name);
  }
  createKeypair(
    owner: Owner,
    request: { readonly name: string; readonly public_key?: string },
  ): Keypair & { readonly private_key?: string } {
    return this.keypairs.create(owner, request);
  }
  deleteKeypair(userId: string, name: string): void {
    this.keypairs.delete(userId, name);
  }

  createServer(owner: Owner, request: ServerRequest): Server {
    const flavor = this.#requested(() => this.flavor(request.flavorRef));
    const image = request.imageRef
      ? this.#requested(() => this.neighbours.glance.image(request.imageRef ?? '')).id
      : '';
    if (request.key_name) this.#keyOf(owner, request.key_name);
    return this.documents.transaction(() => {
      const id = randomUUID();
      const groups = this.#groups(owner, request);
      const ports = this.#ports(owner, request, { id, groups });
      const volumes = volumesOf(request);
      for (const volume of volumes) this.neighbours.cinder.attach(volume, id);
      const now = seconds();
      return this.servers.put({
        id,
        name: request.name,
        project_id: owner.projectId,
        user_id: owner.userId,
        flavor_id: flavor.id,
        image_id: image,
        key_name: request.key_name ?? null,
        metadata: request.metadata ?? {},
        availability_zone: request.availability_zone ?? 'nova',
        security_groups: groups,
        user_data: request.user_data ?? null,
        config_drive: request.config_drive ?? false,
        port_ids: ports.all.map((port) => port.id),
        own_port_ids: ports.made.map((port) => port.id),
        volume_ids: volumes,
        server_group_id: request.server_group_id ?? null,
        created_at: now,
        updated_at: now,
        ready_at: Date.now() + BUILD_MS * this.settings.speed,
        status: 'ACTIVE',
        fault: null,
      });
    });
  }

  server(id: string): Server {
    const row = this.servers.get(id);
    if (!row) throw notFound(`Instance ${id} could not be found.`);
    return this.live(row);
  }

  /** The server as it is now: in BUILD until it is ready. */
  live(row: Server): Server {
    const building = row.status === 'ACTIVE' && Date.now() < row.ready_at;
    return building ? { ...row, status: 'BUILD' } : row;
  }

  addresses(server: Server): Readonly<Record<string, readonly ServerAddress[]>> {
    const { neutron } = this.neighbours;
    const found: Record<string, ServerAddress[]> = {};
    for (const port of server.port_ids.flatMap((id) => neutron.ports.rows.get(id) ?? [])) {
      const name = neutron.network(port.network_id).name;
      const floating = neutron.floatingIps.rows.where('port_id', port.id);
      (found[name] ??= []).push(
        ...port.fixed_ips.map((ip) => addressOf(port, ip.ip_address, 'fixed')),
        ...floating.map((ip) => addressOf(port, ip.floating_ip_address, 'floating')),
      );
    }
    return found;
  }

  updateServer(
    id: string,
    change: { readonly name?: string; readonly metadata?: Readonly<Record<string, string>> },
  ): Server {
    this.server(id);
    return this.#patch(id, change);
  }

  resizeServer(id: string, flavor: string): Server {
    const server = this.server(id);
    if (server.status !== 'ACTIVE' && server.status !== 'SHUTOFF')
      throw conflict(
        `Cannot 'resize' instance ${id} while it is in vm_state ${server.status.toLowerCase()}`,
      );
    return this.#patch(id, { flavor_id: this.flavor(flavor).id });
  }

  setStatus(id: string, status: Server['status']): Server {
    this.server(id);
    return this.#patch(id, { status });
  }

  deleteServer(id: string): void {
    const server = this.server(id);
    const { neutron, cinder } = this.neighbours;
    this.documents.transaction(() => {
      for (const portId of server.port_ids) {
        if (!neutron.ports.rows.get(portId)) continue;
        if (server.own_port_ids.includes(portId)) neutron.deletePort(portId);
        else neutron.updatePort(portId, { device_id: '', device_owner: '' });
      }
      for (const volumeId of server.volume_ids) cinder.detach(volumeId);
      this.servers.delete(id);
    });
  }

  attachVolume(serverId: string, volumeId: string): Volume {
    const server = this.server(serverId);
    const volume = this.neighbours.cinder.attach(volumeId, serverId);
    this.#patch(serverId, { volume_ids: [...server.volume_ids, volumeId] });
    return volume;
  }

  detachVolume(serverId: string, volumeId: string): void {
    const server = this.server(serverId);
    if (!server.volume_ids.includes(volumeId)) throw notFound(`volume_id not found: ${volumeId}`);
    this.neighbours.cinder.detach(volumeId);
    this.#patch(serverId, { volume_ids: server.volume_ids.filter((one) => one !== volumeId) });
  }

  createServerGroup(
    owner: Owner,
    request: { readonly name: string; readonly policies: readonly string[] },
  ): ServerGroup {
    return this.serverGroups.put({
      id: randomUUID(),
      name: request.name,
      policies: request.policies,
      project_id: owner.projectId,
      user_id: owner.userId,
    });
  }

  serverGroup(id: string): ServerGroup {
    const found = this.serverGroups.get(id);
    if (!found) throw notFound(`Instance group ${id} could not be found.`);
    return found;
  }

  deleteServerGroup(id: string): void {
    this.serverGroups.delete(this.serverGroup(id).id);
  }

  #patch(id: string, change: Partial<Server>): Server {
    const row = this.servers.get(id);
    if (!row) throw notFound(`Instance ${id} could not be found.`);
    return this.live(this.servers.patch(row, { ...change, updated_at: seconds() }));
  }

  #keyOf(owner: Owner, name: string): void {
    if (!this.keypairs.ofUser(owner.userId).some((key) => key.name === name))
      throw badRequest('Invalid key_name provided.');
  }

  /** In a body, what is not there makes the request bad, not the page missing. */
  #requested<T>(find: () => T): T {
    try {
      return find();
    } catch (error) {
      throw badRequest(error instanceof Error ? error.message : String(error));
    }
  }

  #groups(owner: Owner, request: ServerRequest): string[] {
    const names = request.security_groups?.map(({ name }) => name) ?? ['default'];
    this.neighbours.neutron.groups.defaultOf(owner);
    return names.map(
      (name) =>
        this.#requested(() => this.neighbours.neutron.securityGroup(name, owner.projectId)).id,
    );
  }

  #ports(
    owner: Owner,
    request: ServerRequest,
    server: { readonly id: string; readonly groups: readonly string[] },
  ): { readonly all: readonly Port[]; readonly made: readonly Port[] } {
    const { neutron } = this.neighbours;
    const bound = { device_id: server.id, device_owner: 'compute:nova' };
    const made: Port[] = [];
    const all = wantedNetworks(request, this.#privateNetworks(owner)).map((wish) => {
      if (wish.port) return this.#bind(wish.port, bound);
      const port = neutron.createPort(owner, {
        ...bound,
        network_id: wish.uuid ?? '',
        security_groups: server.groups,
        fixed_ips: wish.fixed_ip ? [{ ip_address: wish.fixed_ip }] : undefined,
      });
      made.push(port);
      return port;
    });
    return { all, made };
  }

  #bind(
    portId: string,
    bound: { readonly device_id: string; readonly device_owner: string },
  ): Port {
    const { neutron } = this.neighbours;
    const port = this.#requested(() => neutron.port(portId));
    if (port.device_id) throw conflict(`Port ${portId} is still in use.`);
    return neutron.updatePort(portId, bound);
  }

  #privateNetworks(owner: Owner): readonly string[] {
    return this.neighbours.neutron.networks.networks
      .where('project_id', owner.projectId)
      .filter((network) => !network['router:external'])
      .map((network) => network.id);
  }
}

const addressOf = (
  port: Port,
  addr: string,
  type: ServerAddress['OS-EXT-IPS:type'],
): ServerAddress => ({
  addr,
  version: 4,
  'OS-EXT-IPS:type': type,
  'OS-EXT-IPS-MAC:mac_addr': port.mac_address,
});

type NetworkWish = Exclude<NonNullable<ServerRequest['networks']>, string>[number];

const wantedNetworks = (request: ServerRequest, own: readonly string[]): readonly NetworkWish[] => {
  const { networks } = request;
  if (networks === 'none') return [];
  if (networks !== undefined && networks !== 'auto' && networks.length > 0) return networks;
  if (own.length > 1)
    throw conflict('Multiple possible networks found, use a Network ID to be more specific.');
  return own.map((uuid) => ({ uuid }));
};

const volumesOf = (request: ServerRequest): string[] =>
  (request.block_device_mapping_v2 ?? []).flatMap((device) =>
    device.source_type === 'volume' && typeof device.uuid === 'string' ? [device.uuid] : [],
  );
