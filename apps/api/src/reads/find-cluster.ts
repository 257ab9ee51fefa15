import { Refused } from '@jeroboam/eventing/decider';
import type { RowReader } from '@jeroboam/eventing/row-store';
import {
  clusterByUuid,
  clustersByName,
  type ClusterRow,
  type Numbered,
  type Scope,
} from '@jeroboam/read-models/clusters';
import type { PolicyTarget } from '../http/policy/policy.js';
import { isUuidLike } from '../http/body/scalars.js';

export const noCluster = (ident: string): Refused =>
  new Refused('not-found', `Cluster ${ident} could not be found.`);

/** The cluster of that uuid or name. 404; 409 when two bear the name. */
export const findCluster = (
  reader: RowReader,
  scope: Scope,
  ident: string,
): Numbered<ClusterRow> => {
  if (isUuidLike(ident)) {
    const found = clusterByUuid(reader, scope, ident);
    if (found === null) throw noCluster(ident);
    return found;
  }
  const [found, other] = clustersByName(reader, scope, ident);
  if (found === undefined) throw noCluster(ident);
  if (other === undefined) return found;
  throw new Refused(
    'conflict',
    'Multiple clusters exist with same name. Please use the cluster uuid instead.',
  );
};

/** What rules about a cluster may ask for. */
export const clusterTarget = ({ spec, status, trustee }: ClusterRow): PolicyTarget => ({
  project_id: spec.projectId,
  user_id: spec.userId,
  uuid: spec.uuid,
  name: spec.name,
  status,
  cluster_template_id: spec.template.uuid,
  keypair: spec.keypair,
  flavor_id: spec.flavorId,
  master_flavor_id: spec.masterFlavorId,
  labels: spec.labels,
  ...(trustee === null
    ? {}
    : { trustee_user_id: trustee.userId, trustee_domain_id: trustee.domainId }),
});
