import { CloudError, CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { Session } from '@jeroboam/openstack/http/session';
import type { Keystone } from '@jeroboam/openstack/keystone/port';
import type { Log } from '@jeroboam/platform/logging/log';
import type { RequestContext } from '../http/auth/request-context.js';
import { Fault } from '../http/errors/faults.js';
import { cloudFault } from './lookup-fault.js';

const NOT_FROM_APPLICATION_CREDENTIALS =
  'Application credential tokens cannot create trusts. Re-authenticate using a password or ' +
  'federated token (not an application credential) before creating a cluster.';

/** Heat passes it on to its own user, and so does the trustee's. */
const REDELEGATIONS = 2;

/** What of a cluster matters here. */
export interface Entrusted {
  readonly projectId: string;
  readonly trustId: string | null;
}

type Asked = Pick<
  Keystone,
  'createTrust' | 'deleteTrust' | 'getTrust' | 'service' | 'serviceAccount' | 'trustSession'
> &
  Pick<Keystone, 'userSession'>;

/** Rights that users lend to us, so that their clusters can be worked on without their tokens. */
export class Trusts {
  constructor(
    private readonly keystone: Asked,
    private readonly log: Log,
  ) {}

  /** 403 for a caller who cannot lend anything. */
  demandLendable({ identity }: RequestContext): void {
    if (identity.applicationCredential?.restricted === true)
      throw new Fault(403, NOT_FROM_APPLICATION_CREDENTIALS);
  }

  /** Everything the caller may do in their project, lent to us. Resolves with the trust's id. 403. */
  async lend(caller: RequestContext): Promise<string> {
    const { applicationCredential, project } = caller.identity;
    this.demandLendable(caller);
    try {
      const { userId } = await this.keystone.serviceAccount();
      const trust = await this.keystone.createTrust(this.session(caller), {
        trustorUserId: caller.userId,
        trusteeUserId: userId,
        projectId: project?.id ?? '',
        roles: caller.roles,
        redelegationCount: REDELEGATIONS,
      });
      return trust.id;
    } catch (error) {
      if (error instanceof CloudRefused && applicationCredential !== null)
        throw new Fault(403, NOT_FROM_APPLICATION_CREDENTIALS);
      throw cloudFault(error, 'keystone');
    }
  }

  /** Takes back a trust that nothing came of. What fails here must not hide why nothing came of it. */
  async takeBack(caller: RequestContext, trustId: string): Promise<void> {
    try {
      await this.keystone.deleteTrust(this.session(caller), trustId);
    } catch (error) {
      this.log.warn('A trust that is not needed could not be deleted', { trustId, err: error });
    }
  }

  /**
   * A new trust for a cluster whose own no longer works: its user is gone, or may no longer. `null`
   * when it works, or when the caller cannot give one.
   */
  async replacementFor(caller: RequestContext, cluster: Entrusted): Promise<string | null> {
    const mayLend =
      caller.projectId === cluster.projectId && caller.identity.applicationCredential === null;
    if (!mayLend || (await this.works(cluster.trustId))) return null;
    return this.lend(caller);
  }

  /** What cannot be told now, as Keystone is away, is taken to work: the conductor will see. */
  private async works(trustId: string | null): Promise<boolean> {
    if (trustId === null) return false;
    try {
      await this.keystone.getTrust(this.keystone.service(), trustId);
      await this.keystone.trustSession(trustId).access();
      return true;
    } catch (error) {
      if (error instanceof NotFound || error instanceof CloudRefused) return false;
      if (error instanceof CloudError) return true;
      throw error;
    }
  }

  private session(caller: RequestContext): Session {
    return this.keystone.userSession(caller.token, caller.identity).withRequestId(caller.requestId);
  }
}
