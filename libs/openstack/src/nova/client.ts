import { SERVICE_TYPES } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import { NotFound } from '../http/errors.js';
import {
  instant,
  integer,
  type Json,
  object,
  objects,
  text,
  textMembers,
  textOrNull,
} from '../http/json.js';
import { byIdOrName } from '../http/lookup.js';
import { allPages } from '../http/pages.js';
import { isSegment, path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import {
  type Flavor,
  type Keypair,
  Nova,
  type Server,
  type ServerAddress,
  type ServerFilter,
} from './port.js';
import { matching } from './filter.js';

/** Compute v2.1 over HTTP. */
export class NovaClient extends Nova {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'compute',
      base: async (as) => await as.endpoint(SERVICE_TYPES.compute),
    });
  }

  override async findFlavor(as: Session, nameOrId: string): Promise<Flavor> {
    const byId = isSegment(nameOrId)
      ? await this.#client.orNull(
          this.#client.body(as, { method: 'GET', path: path`/flavors/${nameOrId}` }),
        )
      : null;
    if (byId !== null) return flavor(object(object(byId)['flavor']));
    const all = await allPages(this.#client, as, { path: '/flavors/detail', member: 'flavors' });
    const context = this.#client.context(404);
    return byIdOrName(all.map(flavor), { what: 'Flavor', nameOrId, context });
  }

  override async getKeypair(as: Session, name: string): Promise<Keypair> {
    if (!isSegment(name)) {
      throw new NotFound(`Keypair ${name} could not be found.`, this.#client.context(404));
    }
    const body = await this.#client.body(as, { method: 'GET', path: path`/os-keypairs/${name}` });
    const found = object(object(body)['keypair']);
    return {
      name: text(found['name']),
      publicKey: text(found['public_key']),
      fingerprint: text(found['fingerprint']),
      type: textOrNull(found['type']) ?? 'ssh', // told from microversion 2.2 on only
    };
  }

  override async listServers(as: Session, filter: ServerFilter = {}): Promise<readonly Server[]> {
    const rows = await allPages(this.#client, as, { path: '/servers/detail', member: 'servers' });
    return matching(rows.map(server), filter);
  }
}

const flavor = (row: Json): Flavor => ({
  id: text(row['id']),
  name: text(row['name']),
  vcpus: integer(row['vcpus']),
  ramMib: integer(row['ram']),
  diskGib: integer(row['disk']),
  isPublic: row['os-flavor-access:is_public'] !== false,
});

const server = (row: Json): Server => ({
  id: text(row['id']),
  name: text(row['name']),
  status: text(row['status']),
  metadata: textMembers(row['metadata']),
  addresses: Object.entries(object(row['addresses'])).flatMap(([network, list]) =>
    objects(list).map((address) => serverAddress(network, address)),
  ),
  createdAt: instant(row['created']),
});

const serverAddress = (network: string, row: Json): ServerAddress => ({
  network,
  address: text(row['addr']),
  version: integer(row['version']) === 6 ? 6 : 4,
  type: row['OS-EXT-IPS:type'] === 'floating' ? 'floating' : 'fixed',
});
