import { Refused } from '@jeroboam/eventing/decider';
import { isRepeated } from '@jeroboam/eventing/repetition';
import type { TemplateSnapshot } from '@jeroboam/domain/cluster-template/events';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import { clusterByUuid } from '@jeroboam/read-models/clusters';
import { buildingDriver } from '../../clustertemplates/template-driver.js';
import type { RequestContext } from '../../http/auth/request-context.js';
import { Fault } from '../../http/errors/faults.js';
import { SINCE } from '../../http/microversion/history.js';
import { findTemplateToUse } from '../../reads/find-template.js';
import { ownScope } from '../../reads/scope.js';
import type { ResourceParts } from '../../resource-parts.js';
import { beginning } from '../../writing/operation.js';
import { identityOf, keyOutlived, type Identity } from '../../writing/repeated-requests.js';
import { checkInCloud, checkRoom, checkSizes, checkZeroSize } from '../check-cluster.js';
import { checkMasterLoadBalancer, defaultNodegroups, specOf, type Wish } from './cluster-spec.js';
import type { ClusterDto } from '../clusters.dto.js';
import { requestCluster, type Request } from './request-cluster.js';

/**
 * An admin builds from what their project sees, as everybody does: else a name would be ambiguous
 * that any other project uses. An unknown template is 404, or 400 to whoever has always been told so.
 */
const templateFor = (
  { reads }: Parts,
  caller: RequestContext,
  { ident, unknownIs400 }: { readonly ident: string; readonly unknownIs400: boolean },
): ClusterTemplateRow => {
  try {
    return findTemplateToUse(reads.rows, ownScope(caller), ident);
  } catch (error) {
    const isUnknown = error instanceof Refused && error.code === 'not-found';
    throw isUnknown && unknownIs400 ? new Refused('invalid', error.message) : error;
  }
};

/** A template that is hidden is out of use for all but admins. */
const checkHidden = ({ policy }: Parts, caller: RequestContext, row: ClusterTemplateRow): void => {
  if (row.template.hidden && !policy.isAdmin(caller)) throw new Fault(403, 'Not authorized.');
};

type Parts = Pick<
  ResourceParts,
  'aggregates' | 'clock' | 'cloud' | 'policy' | 'reads' | 'settings' | 'step' | 'store' | 'trusts'
>;

interface Wanted {
  readonly body: ClusterDto;
  /** What an unknown template is. */
  readonly unknownIs400: boolean;
}

/** All checks of `POST /clusters`, in the order of the contract. */
const checked = async (
  parts: Parts,
  caller: RequestContext,
  { body, identity, unknownIs400 }: Wanted & { readonly identity: Identity },
): Promise<Request> => {
  const { clock, policy, settings, reads, step } = parts;
  const row = await step('template', () =>
    templateFor(parts, caller, { ident: body.cluster_template_id, unknownIs400 }),
  );
  const { template } = row;
  const driver = await step('driver', () => driverNameFor(template, parts));
  await step('size', () => {
    checkSizes(body, template);
  });
  await step('policy', () => {
    policy.enforce(caller, 'cluster:create');
  });
  const reader = reads.rows;
  await step('quota', () => {
    checkRoom(reader, caller.projectId ?? '', settings);
  });
  await step('hidden template', () => {
    checkHidden(parts, caller, row);
  });
  const wish: Wish = { uuid: identity.uuid, body, template, driver };
  const cluster = specOf(wish, caller);
  await step('cloud resources', () => checkInCloud(parts.cloud.of(caller), cluster, settings));
  const nodegroups = await step('node groups', () => {
    checkMasterLoadBalancer(cluster, body);
    return defaultNodegroups(cluster, body);
  });
  const begin = beginning(identity.operationId, clock.now(), cluster.createTimeoutMinutes);
  return { cluster, nodegroups, ...begin };
};

const driverNameFor = (
  { driver: name, serverType, clusterDistro: os, coe }: TemplateSnapshot,
  { settings }: Parts,
): string => buildingDriver({ name, serverType, os, coe }, settings).name;

/**
 * `POST /clusters`. Resolves with the cluster's uuid once it can be read.
 *
 * @param key of idempotency: the same again gives the same cluster
 * @param unknownIs400 of the template; with clusters that is so below 1.10
 */
export const createCluster = async (
  parts: Parts,
  caller: RequestContext,
  {
    body,
    key,
    unknownIs400 = caller.microversion.below(SINCE.unknownTemplateIs404),
  }: Partial<Wanted> & { readonly body: ClusterDto; readonly key: string | null },
): Promise<string> => {
  await parts.step('node count', () => {
    checkZeroSize(body.node_count, caller.microversion);
  });
  const identity = identityOf(caller.projectId ?? '', key, body);
  if (key === null || !(await isMade(parts, caller, identity)))
    await requestCluster(
      parts,
      caller,
      await checked(parts, caller, { body, identity, unknownIs400 }),
    );
  return identity.uuid;
};

/** 422 when the key made a cluster of another body; 409 when that has been deleted since. 403 as for a new one. */
const isMade = async (
  { policy, reads, step, store }: Parts,
  caller: RequestContext,
  identity: Identity,
): Promise<boolean> => {
  const [made] = await store.read(`cluster-${identity.uuid}`);
  return step('idempotency key', async () => {
    if (made !== undefined) policy.enforce(caller, 'cluster:create');
    if (!isRepeated(identity, made)) return false;
    if (clusterByUuid(await reads.fresh(), ownScope(caller), identity.uuid) === null)
      throw keyOutlived('cluster');
    return true;
  });
};
