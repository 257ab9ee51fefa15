import type { VolumeType } from '@jeroboam/openstack/cinder/port';
import type { Cloud } from '@jeroboam/openstack/cloud';
import type { Image } from '@jeroboam/openstack/glance/port';
import type { Session } from '@jeroboam/openstack/http/session';
import type { Network, Subnet } from '@jeroboam/openstack/neutron/port';
import type { Flavor, Keypair } from '@jeroboam/openstack/nova/port';
import type { RequestContext } from '../http/auth/request-context.js';
import type { LookupCache } from './lookup-cache.js';
import { lookupFault, type Wording } from './lookup-fault.js';

export type AskedServices = Pick<Cloud, 'keystone' | 'glance' | 'nova' | 'neutron' | 'cinder'>;

const several = (what: string, id: string): string =>
  `Multiple ${what}s exist with same name '%'. Please use the ${id} ID instead.`;

const image: Wording = {
  client: 'glance',
  missing: 'Image % could not be found.',
  ambiguous: several('image', 'image'),
  refused: 'Not authorized for image %.',
};
const flavor: Wording = { client: 'nova', missing: 'Unable to find flavor %.' };
const keypair: Wording = {
  client: 'nova',
  missing: 'Unable to find keypair %.',
  missingStatus: 404,
};
const externalNetwork: Wording = {
  client: 'neutron',
  missing: 'Unable to find external network %.',
  ambiguous: several('external network', 'external network'),
};
const fixedNetwork: Wording = {
  client: 'neutron',
  missing: 'Unable to find fixed network %.',
  ambiguous: several('network', 'network'),
};
const fixedSubnet: Wording = {
  client: 'neutron',
  missing: 'Unable to find fixed subnet %.',
  ambiguous: several('subnet', 'subnet'),
};

const volumeType: Wording = {
  client: 'cinder',
  missing: 'Unable to find volume type %.',
  ambiguous: several('volume type', 'volume type'),
};

interface Question<T> {
  readonly kind: string;
  readonly name: string;
  readonly wording: Wording;
  readonly ask: () => Promise<T>;
}

/** The cloud as the caller's token shows it. Every look-up refuses in the words of the contract. */
export class CallerCloud {
  private readonly session: Session;
  private readonly whose: string;

  constructor(
    private readonly services: AskedServices,
    private readonly cache: LookupCache,
    caller: RequestContext,
  ) {
    const { keystone } = services;
    this.session = keystone
      .userSession(caller.token, caller.identity)
      .withRequestId(caller.requestId);
    this.whose = [caller.projectId ?? '', caller.userId, caller.tokenHash].join('/');
  }

  image(name: string): Promise<Image> {
    const { glance } = this.services;
    const ask = () => glance.findImage(this.session, name);
    return this.look({ kind: 'image', name, wording: image, ask });
  }

  flavor(name: string): Promise<Flavor> {
    const { nova } = this.services;
    const ask = () => nova.findFlavor(this.session, name);
    return this.look({ kind: 'flavor', name, wording: flavor, ask });
  }

  keypair(name: string): Promise<Keypair> {
    const { nova } = this.services;
    const ask = () => nova.getKeypair(this.session, name);
    return this.look({ kind: 'keypair', name, wording: keypair, ask });
  }

  externalNetwork(name: string): Promise<Network> {
    const { neutron } = this.services;
    const ask = () => neutron.findNetwork(this.session, name, { external: true });
    return this.look({ kind: 'external', name, wording: externalNetwork, ask });
  }

  fixedNetwork(name: string): Promise<Network> {
    const { neutron } = this.services;
    const ask = () => neutron.findNetwork(this.session, name, { external: false });
    return this.look({ kind: 'network', name, wording: fixedNetwork, ask });
  }

  fixedSubnet(name: string): Promise<Subnet> {
    const { neutron } = this.services;
    const ask = () => neutron.findSubnet(this.session, name);
    return this.look({ kind: 'subnet', name, wording: fixedSubnet, ask });
  }

  /** `null`: the cloud has no volume service, and nobody who could tell. */
  volumeType(name: string): Promise<VolumeType | null> {
    const { cinder } = this.services;
    const ask = async () =>
      (await cinder.available(this.session)) ? cinder.findVolumeType(this.session, name) : null;
    return this.look({ kind: 'volume type', name, wording: volumeType, ask });
  }

  private async look<T>({ kind, name, wording, ask }: Question<T>): Promise<T> {
    try {
      return await this.cache.get(`${this.whose}/${kind}/${name}`, ask);
    } catch (error) {
      throw lookupFault(error, name, wording);
    }
  }
}

/** Gives each caller their {@link CallerCloud}. */
export class CallersCloud {
  constructor(
    private readonly services: AskedServices,
    private readonly cache: LookupCache,
  ) {}

  of(caller: RequestContext): CallerCloud {
    return new CallerCloud(this.services, this.cache, caller);
  }
}
