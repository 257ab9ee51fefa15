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

  /** Makes the trustee and the trust to it, unless they are there. */
  async ensure(cluster: PresentCluster): Promise<Trustee> {
    const userName = trusteeName(cluster);
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

  /** Takes trustee and trusts away. What is gone already is fine. */
  async remove(cluster: PresentCluster): Promise<void> {
    const trusteeId =
      cluster.trustee?.userId ?? (await this.keystone.findTrusteeUser(trusteeName(cluster)));
    if (cluster.trustId !== null) await this.takeBack(cluster, cluster.trustId);
    if (trusteeId !== null) await this.keystone.deleteTrusteeUser(trusteeId);
  }

  /** Taking back the trust takes along those that were passed on from it. */
  private async takeBack(cluster: PresentCluster, trustId: string): Promise<void> {
    try {
      await this.keystone.deleteTrust(this.sessionFor(cluster), trustId);
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
