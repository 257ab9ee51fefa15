import { NotFound } from '../http/errors.js';
import { byIdOrName } from '../http/lookup.js';
import type { Session } from '../http/session.js';
import { matching } from './filter.js';
import { type Flavor, type Keypair, Nova, type Server, type ServerFilter } from './port.js';

const context = { service: 'compute', status: 404, requestId: null } as const;

/** Compute in memory. Put in its maps and lists what there shall be. */
export class FakeNova extends Nova {
  readonly flavors: Flavor[] = [];
  /** By user id. */
  readonly keypairs = new Map<string, readonly Keypair[]>();
  /** By project id. */
  readonly servers = new Map<string, readonly Server[]>();

  override async findFlavor(as: Session, nameOrId: string): Promise<Flavor> {
    await as.access();
    return byIdOrName(this.flavors, { what: 'Flavor', nameOrId, context });
  }

  override async getKeypair(as: Session, name: string): Promise<Keypair> {
    const { userId } = await as.access();
    const found = this.keypairs.get(userId)?.find((keypair) => keypair.name === name);
    if (!found) throw new NotFound(`Keypair ${name} not found for user ${userId}`, context);
    return found;
  }

  override async listServers(as: Session, filter: ServerFilter = {}): Promise<readonly Server[]> {
    const { projectId } = await as.access();
    return matching(this.servers.get(projectId ?? '') ?? [], filter);
  }
}
