import type { AuthorityRequests } from '@jeroboam/domain/authority/requests';
import type { PresentCluster } from '@jeroboam/domain/cluster/state';
import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import { ask } from '../writing/ask.js';
import { keyWithRequest } from './certificate-request.js';

/** What a client of a cluster's API shows itself with. All PEM. */
export interface Credential {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

type Ca = AuthorityRequests['ca'];
type Sign = AuthorityRequests['sign'];

/**
 * A key pair in the name of the caller, certified for some days. `null` where the cluster has no TLS.
 *
 * @param organization groups of users in Kubernetes; `null`: none
 */
export const credentialFor = async (
  parts: Pick<ResourceParts, 'requester' | 'settings'>,
  { identity }: RequestContext,
  { spec }: PresentCluster,
  organization: string | null,
): Promise<Credential | null> => {
  if (spec.template.tlsDisabled) return null;
  const { key, csr } = keyWithRequest({ commonName: identity.user.name, organization });
  const of = { clusterId: spec.uuid, authority: 'kubernetes' } as const;
  const termDays = parts.settings.kubeconfigTermDays;
  const request: Sign['request'] = { ...of, clusterName: spec.name, csr, termDays };
  const authority: Ca['request'] = of;
  const [ca, certificate] = await Promise.all([
    ask<Ca['reply']>(parts, 'jeroboam.authority.ca', authority),
    ask<Sign['reply']>(parts, 'jeroboam.authority.sign', request),
  ]);
  return { ca: `${ca.pem}\n`, certificate: `${certificate.pem}\n`, key };
};
