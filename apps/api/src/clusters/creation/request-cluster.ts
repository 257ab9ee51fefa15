import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import type { CommandData } from '@jeroboam/domain/cluster/commands';
import { newId } from '@jeroboam/platform/ids/ids';
import type { RequestContext } from '../../http/auth/request-context.js';
import type { ResourceParts } from '../../resource-parts.js';
import { metadataOf } from '../../writing/metadata.js';
import { keyOf } from '../../writing/repeated-requests.js';

type Parts = Pick<ResourceParts, 'aggregates' | 'settings' | 'trusts'>;

/** A cluster as it is wished for; all but the trust. */
export type Request = Omit<CommandData<'RequestCluster'>, 'trustId'>;

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

/** What fails here must not hide why nothing came of the cluster: the conductor releases what is left. */
const release = async (
  parts: Parts,
  caller: RequestContext,
  { cluster, at }: Request,
): Promise<void> => {
  await parts.aggregates
    .claims(
      cluster.projectId,
      { type: 'ReleaseClaim', data: { clusterId: cluster.uuid, at } },
      metadataOf(caller, newId()),
    )
    .catch(() => undefined);
};

/**
 * The id of a trust, and a place under the quota. Neither needs the other, so both are asked for at once,
 * and what is given is given back when the other is refused.
 */
const providedAtOnce = async (
  parts: Parts,
  caller: RequestContext,
  asked: Request,
): Promise<string> => {
  parts.trusts.demandLendable(caller);
  const [lent, claimed] = await Promise.allSettled([
    parts.trusts.lend(caller),
    claim(parts, caller, asked),
  ]);
  if (lent.status === 'rejected') {
    if (claimed.status === 'fulfilled') await release(parts, caller, asked);
    throw lent.reason;
  }
  if (claimed.status === 'fulfilled') return lent.value;
  await parts.trusts.takeBack(caller, lent.value);
  throw claimed.reason;
};

/** The place of a key may be that of the same request, on its way elsewhere: it is not ours to give back. */
const providedInOrder = async (
  parts: Parts,
  caller: RequestContext,
  asked: Request,
): Promise<string> => {
  const trustId = await parts.trusts.lend(caller);
  try {
    await claim(parts, caller, asked);
    return trustId;
  } catch (error) {
    await parts.trusts.takeBack(caller, trustId);
    throw error;
  }
};

/** Puts a request that has been checked into the log. What it was given for that goes when nothing comes of it. */
export const requestCluster = async (
  parts: Parts,
  caller: RequestContext,
  asked: Request,
): Promise<void> => {
  const isKeyed = keyOf(caller) !== null;
  const trustId = await (isKeyed ? providedInOrder : providedAtOnce)(parts, caller, asked);
  try {
    const { events } = await parts.aggregates.cluster(
      asked.cluster.uuid,
      { type: 'RequestCluster', data: { ...asked, trustId }, opens: !isKeyed },
      metadataOf(caller, asked.operationId),
    );
    if (events.length === 0) await parts.trusts.takeBack(caller, trustId);
  } catch (error) {
    // Without an answer of the store the cluster may be there: then its claim and its trust must stay.
    if (!(error instanceof StoreUnavailable)) {
      await release(parts, caller, asked);
      await parts.trusts.takeBack(caller, trustId);
    }
    throw error;
  }
};
