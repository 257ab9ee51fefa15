import { SERVICE_TYPES, withVersion } from '../http/catalog.js';
import type { CloudHttp } from '../http/cloud-http.js';
import type { CloudService } from '../http/errors.js';
import { type Json, object, text } from '../http/json.js';
import { path, ServiceClient } from '../http/service-client.js';
import type { Session } from '../http/session.js';
import type { Arrangement } from './cloud-under-test.js';

/** Which part of an answer is the new resource, and where it lies. */
interface Creation {
  readonly at: string;
  readonly member: string;
  readonly body: Json;
}

/** Arranges over the services' own APIs, and remembers how to take everything away again. */
export class RealArrangement implements Arrangement {
  readonly #undo: (() => Promise<void>)[] = [];

  constructor(private readonly http: CloudHttp) {}

  async keypair(as: Session, name: string, publicKey: string): Promise<string> {
    const nova = this.#service('compute');
    const body = { keypair: { name, public_key: publicKey } };
    await nova.call(as, { method: 'POST', path: '/os-keypairs', body });
    this.#undo.push(async () => {
      await nova.ensureGone(as, path`/os-keypairs/${name}`);
    });
    return name;
  }

  async server(as: Session, { name, role }: { name: string; role: string }): Promise<string> {
    const nova = this.#service('compute');
    const flavors = object(await nova.body(as, { method: 'GET', path: '/flavors?limit=1' }));
    const image = this.#service('image', 'v2');
    const images = object(await image.body(as, { method: 'GET', path: '/images?name=ubuntu' }));
    const network = await this.network(as, `${name}-network`);
    await this.#create(as, this.#service('network', 'v2.0'), {
      at: '/subnets',
      member: 'subnet',
      body: { network_id: network, ip_version: 4, cidr: '10.42.0.0/24' },
    });
    return await this.#create(as, nova, {
      at: '/servers',
      member: 'server',
      body: {
        name,
        flavorRef: firstId(flavors['flavors']),
        imageRef: firstId(images['images']),
        networks: [{ uuid: network }],
        metadata: { role },
      },
    });
  }

  async image(
    as: Session,
    { name, osDistro }: { name: string; osDistro: string | null },
  ): Promise<string> {
    const distro = osDistro === null ? {} : { os_distro: osDistro };
    const body = { name, disk_format: 'raw', container_format: 'bare', ...distro };
    return await this.#create(as, this.#service('image', 'v2'), {
      at: '/images',
      member: '',
      body,
    });
  }

  async network(as: Session, name: string): Promise<string> {
    const body = { name };
    const neutron = this.#service('network', 'v2.0');
    return await this.#create(as, neutron, { at: '/networks', member: 'network', body });
  }

  async floatingIp(as: Session): Promise<string> {
    const neutron = this.#service('network', 'v2.0');
    const found = object(
      await neutron.body(as, { method: 'GET', path: '/networks?router:external=true' }),
    );
    const body = { floating_network_id: firstId(found['networks']) };
    return await this.#create(as, neutron, { at: '/floatingips', member: 'floatingip', body });
  }

  async loadBalancer(
    as: Session,
    { name, description }: { name: string; description: string },
  ): Promise<string> {
    const neutron = this.#service('network', 'v2.0');
    const { projectId } = await as.access();
    const subnets = object(
      await neutron.body(as, { method: 'GET', path: `/subnets?project_id=${projectId ?? ''}` }),
    );
    return await this.#create(as, this.#service('load-balancer', 'v2.0'), {
      at: '/lbaas/loadbalancers',
      member: 'loadbalancer',
      body: { name, description, vip_subnet_id: firstId(subnets['subnets']) },
    });
  }

  /** The newest first; what is still in use is tried again for a while. */
  async takeAway(): Promise<void> {
    for (const undo of this.#undo.toReversed()) {
      const deadline = Date.now() + 30_000;
      while (
        !(await undo().then(
          () => true,
          (error: unknown) => giveUp(error, deadline),
        ))
      ) {
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  async #create(as: Session, service: ServiceClient, creation: Creation): Promise<string> {
    const { at, member, body } = creation;
    const wish = member === '' ? body : { [member]: body };
    const answer = object(await service.body(as, { method: 'POST', path: at, body: wish }));
    const id = text((member === '' ? answer : object(answer[member]))['id']);
    this.#undo.push(async () => {
      await service.ensureGone(as, `${at}/${id}`);
    });
    return id;
  }

  #service(service: CloudService, version?: string): ServiceClient {
    return new ServiceClient(this.http, {
      service,
      base: async (as) => {
        const url = await as.endpoint(SERVICE_TYPES[service]);
        return version === undefined ? url : withVersion(url, version);
      },
    });
  }
}

const giveUp = (error: unknown, deadline: number): false => {
  if (Date.now() > deadline) throw error;
  return false;
};

const firstId = (rows: unknown): string => text(object(Array.isArray(rows) ? rows[0] : {})['id']);
