import { SERVICE_TYPES, withVersion } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import {
  integer,
  integerOrNull,
  type Json,
  object,
  text,
  textMembers,
  textOrNull,
} from '../http/json.js';
import { byIdOrName } from '../http/lookup.js';
import { allPages } from '../http/pages.js';
import { isSegment, path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import { Glance, type Image } from './port.js';

/** Image v2 over HTTP. */
export class GlanceClient extends Glance {
  readonly #client: ServiceClient;

  constructor(http: CloudHttp) {
    super();
    this.#client = new ServiceClient(http, {
      service: 'image',
      base: async (as) => withVersion(await as.endpoint(SERVICE_TYPES.image), 'v2'),
    });
  }

  override async findImage(as: Session, nameOrId: string): Promise<Image> {
    const byId = isSegment(nameOrId)
      ? await this.#client.orNull(
          this.#client.body(as, { method: 'GET', path: path`/images/${nameOrId}` }),
        )
      : null;
    if (byId !== null) return image(object(byId));
    const rows = await allPages(this.#client, as, {
      path: '/images',
      query: { name: nameOrId },
      member: 'images',
    });
    const context = this.#client.context(404);
    return byIdOrName(rows.map(image), { what: 'Image', nameOrId, context });
  }
}

const image = (row: Json): Image => ({
  id: text(row['id']),
  name: textOrNull(row['name']),
  status: text(row['status']),
  visibility: text(row['visibility']),
  minDiskGib: integer(row['min_disk']),
  minRamMib: integer(row['min_ram']),
  sizeBytes: integerOrNull(row['size']),
  osDistro: textOrNull(row['os_distro']),
  properties: Object.fromEntries(
    Object.entries(textMembers(row)).filter(([key]) => !OWN_MEMBERS.includes(key)),
  ),
});

/** Members every image has; what remains are properties. */
const OWN_MEMBERS: readonly string[] = [
  'id',
  'name',
  'status',
  'visibility',
  'checksum',
  'os_hash_algo',
  'os_hash_value',
  'container_format',
  'disk_format',
  'created_at',
  'updated_at',
  'owner',
  'self',
  'file',
  'schema',
  'direct_url',
  'stores',
];
