import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import { Refused } from '@jeroboam/eventing/decider';
import type { CommandData } from '@jeroboam/domain/cluster/commands';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import { clusterByUuid } from '@jeroboam/read-models/clusters';
import { newId, uuidV5 } from '@jeroboam/platform/ids/ids';
import { buildingDriver } from '../clustertemplates/template-driver.js';
import type { RequestContext } from '../http/auth/request-context.js';
import { Fault } from '../http/errors/faults.js';
import { findTemplate } from '../reads/find-template.js';
import { ownScope } from '../reads/scope.js';
import type { ResourceParts } from '../resource-parts.js';
import { metadataOf } from '../writing/metadata.js';
import { beginning } from '../writing/operation.js';
import { checkInCloud, checkRoom, checkSizes, checkZeroSize } from './check-cluster.js';
import { checkMasterLoadBalancer, defaultNodegroups, specOf, type Wish } from './cluster-spec.js';
import type { ClusterDto } from './clusters.dto.js';

/** Namespace of the uuids that come from `Idempotency-Key`. Never changes. */
const IDEMPOTENCY = '6d3a2b8e-51cf-4f0e-9a9b-5c0f6b3b7d11';

/** Who the cluster will be. A repeated key gives the same answer. */
export interface Identity {
  readonly uuid: string;
  readonly operationId: string;
}

const identityOf = (caller: RequestContext, key: string | null): Identity => {
  if (key === null) return { uuid: newId(), operationId: newId() };
  const uuid = uuidV5(IDEMPOTENCY, `${caller.projectId ?? ''}/${key}`);
  return { uuid, operationId: uuidV5(uuid, 'create') };
};

/** Below 1.10 an unknown template has always been 400. */
const templateFor = async (
  { reads, policy }: Parts,
  caller: RequestContext,
  ident: string,
): Promise<ClusterTemplateRow> => {
  try {
    return findTemplate(await reads.fresh(), policy.isAdmin(caller) ? {} : ownScope(caller), ident);
  } catch (error) {
    const is400 = error instanceof Refused && error.code === 'not-found';
    throw is400 && caller.microversion.below('1.10')
      ? new Refused('invalid', error.message)
      : error;
  }
};

/** A template that is hidden is out of use for all but admins. */
const checkHidden = ({ policy }: Parts, caller: RequestContext, row: ClusterTemplateRow): void => {
  if (row.template.hidden && !policy.isAdmin(caller)) throw new Fault(403, 'Not authorized.');
};

type Parts = Pick<
  ResourceParts,
  'aggregates' | 'clock' | 'cloud' | 'policy' | 'reads' | 'settings' | 'trusts'
>;

type Request = Omit<CommandData<'RequestCluster'>, 'trustId'>;

/** All checks of `POST /clusters`, in the order of the contract. */
const checked = async (
  parts: Parts,
  caller: RequestContext,
  { body, identity }: { readonly body: ClusterDto; readonly identity: Identity },
): Promise<Request> => {
  const { clock, policy, settings, reads } = parts;
  const row = await templateFor(parts, caller, body.cluster_template_id);
  const { template } = row;
  const { serverType, clusterDistro: os, coe } = template;
  const driver = buildingDriver(template.driver, { serverType, os, coe }).name;
  checkSizes(body, template);
  policy.enforce(caller, 'cluster:create');
  checkRoom(await reads.fresh(), caller.projectId ?? '', settings);
  checkHidden(parts, caller, row);
  const wish: Wish = { uuid: identity.uuid, body, template, driver };
  const cluster = specOf(wish, caller);
  await checkInCloud(parts.cloud.of(caller), cluster, settings);
  checkMasterLoadBalancer(cluster, body);
  const nodegroups = defaultNodegroups(cluster, body);
  const begin = beginning(identity.operationId, clock.now(), cluster.createTimeoutMinutes);
  return { cluster, nodegroups, ...begin };
};

const claim = (parts: Parts, caller: RequestContext, { cluster, operationId, at }: Request) =>
  parts.aggregates.claims(
    cluster.projectId,
    {
      type: 'ClaimCluster',
      data: {
        clusterId: cluster.uuid,
        defaultLimit: parts.settings.maxClustersPerProject,
        at,
      },
    },
    metadataOf(caller, operationId),
  );

const release = (parts: Parts, caller: RequestContext, { cluster, at }: Request) =>
  parts.aggregates.claims(
    cluster.projectId,
    { type: 'ReleaseClaim', data: { clusterId: cluster.uuid, at } },
    metadataOf(caller, newId()),
  );

/** Claims a place and takes it. True when the request with its trust went into the log. */
const request = async (
  parts: Parts,
  caller: RequestContext,
  data: CommandData<'RequestCluster'>,
): Promise<boolean> => {
  await claim(parts, caller, data);
  try {
    const metadata = metadataOf(caller, data.operationId);
    const { uuid } = data.cluster;
    const { events } = await parts.aggregates.cluster(
      uuid,
      { type: 'RequestCluster', data },
      metadata,
    );
    return events.length > 0;
  } catch (error) {
    // Without an answer of the store the cluster may be there: then its claim must stay.
    if (!(error instanceof StoreUnavailable)) await release(parts, caller, data);
    throw error;
  }
};

/** The trust comes last of what the cloud is asked, and goes again when nothing comes of it. */
const entrusted = async (parts: Parts, caller: RequestContext, asked: Request): Promise<void> => {
  const trustId = await parts.trusts.lend(caller);
  try {
    const taken = await request(parts, caller, { ...asked, trustId });
    if (!taken) await parts.trusts.takeBack(caller, trustId);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) await parts.trusts.takeBack(caller, trustId);
    throw error;
  }
};

/**
 * `POST /clusters`. Resolves with the cluster's uuid once it can be read.
 *
 * @param key of idempotency: the same again gives the same cluster
 */
export const createCluster = async (
  parts: Parts,
  caller: RequestContext,
  { body, key }: { readonly body: ClusterDto; readonly key: string | null },
): Promise<string> => {
  checkZeroSize(body.node_count, caller.microversion);
  const identity = identityOf(caller, key);
  const isRepeated =
    key !== null &&
    clusterByUuid(await parts.reads.fresh(), ownScope(caller), identity.uuid) !== null;
  if (!isRepeated) await entrusted(parts, caller, await checked(parts, caller, { body, identity }));
  return identity.uuid;
};
