import { isOffered, SERVICE_TYPES } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import { type Json, object, text } from '../http/json.js';
import { byIdOrName } from '../http/lookup.js';
import { allPages } from '../http/pages.js';
import { type Query, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import { Cinder, type VolumeType } from './port.js';

/** Block storage v3 over HTTP. */
export class CinderClient extends Cinder {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'volume',
      base: async (as) => await as.endpoint(SERVICE_TYPES.volume),
    });
  }

  override async available(as: Session): Promise<boolean> {
    return await isOffered(as, 'volume');
  }

  override async listVolumeTypes(as: Session): Promise<readonly VolumeType[]> {
    return await this.#types(as);
  }

  override async findVolumeType(as: Session, nameOrId: string): Promise<VolumeType> {
    const context = this.#client.context(404);
    // To administrators Cinder lists no private types unless told that it does not matter.
    const types = await this.#types(as, { is_public: 'None' });
    return byIdOrName(types, { what: 'Volume type', nameOrId, context });
  }

  override async defaultVolumeType(as: Session): Promise<VolumeType | null> {
    const body = await this.#client.orNull(
      this.#client.body(as, { method: 'GET', path: '/types/default' }),
    );
    return body === null ? null : volumeType(object(object(body)['volume_type']));
  }

  async #types(as: Session, query: Query = {}): Promise<readonly VolumeType[]> {
    const rows = await allPages(this.#client, as, {
      path: '/types',
      query,
      member: 'volume_types',
    });
    return rows.map(volumeType);
  }
}

const volumeType = (row: Json): VolumeType => ({
  id: text(row['id']),
  name: text(row['name']),
  isPublic: row['is_public'] !== false,
});
