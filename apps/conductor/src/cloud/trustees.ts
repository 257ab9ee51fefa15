import { createHmac } from 'node:crypto';
import type { PresentCluster, Trustee } from '@jeroboam/domain/cluster/state';
import type { NodeIdentity } from '@jeroboam/drivers/driver';
import { CloudRefused, NotFound } from '@jeroboam/openstack/http/errors';
import type { Session } from '@jeroboam/openstack/http/session';
import type { Keystone } from '@jeroboam/openstack/keystone/port';

const PASSWORD_LENGTH = 32;

/** For clusters whose nodes need no identity. */
const NOBODY: NodeIdentity = {
  domainId: '',
  userId: '',
  userName: '',
  password: '',
  trustId: null,
};

/**
 * The Keystone side of a cluster: on whose behalf the conductor acts, and the user (trustee) its nodes
 * log in as. A trustee's password is derived from the installation's key and never stored, so that it
 * is the same after a crash and for node groups added years later.
 */
export class Trustees {
  constructor(
    private readonly keystone: Keystone,
    private readonly secretKey: string,
    /** Nodes get the trust itself, and with it all the user may do. */
    private readonly clusterUserTrust: boolean,
  ) {}

  /** Acts as the user who asked for the cluster; as the service account when there is no trust. */
  sessionFor({ trustId }: PresentCluster): Session {
    return trustId === null ? this.keystone.service() : this.keystone.trustSession(trustId);
  }

  /**
   * The same, made sure to be in the cluster's project: in another one its stacks would seem to be gone.
   * Throws what getting a token throws, and CloudRefused.
   */
  async projectSessionFor(cluster: PresentCluster): Promise<Session> {
    const session = this.sessionFor(cluster);
    const { projectId } = await session.access();
    if (cluster.trustId === null || projectId === cluster.spec.projectId) return session;
    throw new CloudRefused('The trust the cluster is managed with is for another project.', {
      service: 'identity',
      status: null,
      requestId: null,
    });
  }

  /**
   * Makes the trustee and the trust to it, unless they are there.
   *
   * @param confirm called right before; throws when they are not wanted any more
   */
  async ensure(cluster: PresentCluster, confirm: () => Promise<void>): Promise<Trustee> {
    const userName = trusteeName(cluster);
    await confirm();
    const userId = await this.keystone.createTrusteeUser({
      name: userName,
      password: this.passwordOf(cluster),
      description: `Nodes of cluster ${cluster.spec.uuid}`,
    });
    const domainId = await this.keystone.trusteeDomainId();
    const trustId = (await this.lentTo(cluster, userId)) ?? (await this.lend(cluster, userId));
    return { userId, userName, domainId, trustId };
  }

  /** What the nodes are given to log in with. */
  identityOf(cluster: PresentCluster): NodeIdentity {
    const { trustee } = cluster;
    if (!trustee) return NOBODY;
    const { domainId, userId, userName, trustId } = trustee;
    const password = this.passwordOf(cluster);
    return {
      domainId,
      userId,
      userName,
      password,
      trustId: this.clusterUserTrust ? trustId : null,
    };
  }

  /**
   * Takes trustee and trusts away. What is gone already is fine. The trust that is acted with goes last:
   * while it is there, the rest can be looked for.
   */
  async remove(cluster: PresentCluster): Promise<void> {
    const trusteeId =
      cluster.trustee?.userId ?? (await this.keystone.findTrusteeUser(trusteeName(cluster)));
    if (trusteeId !== null) await this.keystone.deleteTrusteeUser(trusteeId);
    const current = cluster.trustId === null ? [] : [cluster.trustId];
    for (const trustId of [...cluster.formerTrustIds, ...current]) await this.takeBack(trustId);
  }

  /** Whether the trustee was taken away, or has never been. */
  async isGone(cluster: PresentCluster): Promise<boolean> {
    return (await this.keystone.findTrusteeUser(trusteeName(cluster))) === null;
  }

  /** Taking back the trust takes along those that were passed on from it. */
  private async takeBack(trustId: string): Promise<void> {
    try {
      await this.keystone.deleteTrust(this.keystone.trustSession(trustId), trustId);
    } catch (error) {
      // The user is gone, or has lost the roles: the trust holds no more and opens nothing.
      if (!(error instanceof NotFound || error instanceof CloudRefused)) throw error;
    }
  }

  /** A trust that a crash kept from being recorded. */
  private async lentTo(cluster: PresentCluster, userId: string): Promise<string | null> {
    const asTrustee = this.keystone.trusteeSession({ userId, password: this.passwordOf(cluster) });
    const [trust] = await this.keystone.listTrustsFor(asTrustee, userId);
    return trust?.id ?? null;
  }

  private async lend(cluster: PresentCluster, trusteeUserId: string): Promise<string> {
    const service = this.keystone.service();
    const own = await this.keystone.getTrust(service, cluster.trustId ?? '');
    const trust = await this.keystone.createTrust(this.sessionFor(cluster), {
      trustorUserId: own.trustorUserId,
      trusteeUserId,
      projectId: own.projectId,
      roles: own.roles.map(({ name }) => name),
      redelegationCount: 0,
    });
    return trust.id;
  }

  private passwordOf({ spec }: PresentCluster): string {
    return createHmac('sha256', this.secretKey)
      .update(`trustee ${spec.uuid}`)
      .digest('base64url')
      .slice(0, PASSWORD_LENGTH);
  }
}

const trusteeName = ({ spec }: PresentCluster): string => `${spec.uuid}_${spec.projectId}`;
