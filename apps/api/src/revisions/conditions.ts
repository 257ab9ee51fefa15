import type { FastifyReply } from 'fastify';
import type { ClusterTemplateRow } from '@jeroboam/read-models/cluster-templates';
import type { ClusterRow } from '@jeroboam/read-models/clusters';
import type { Handler } from '@jeroboam/eventing/handle';
import type { Message } from '@jeroboam/eventing/message';
import type { RequestContext } from '../http/auth/request-context.js';
import type { ResourceParts } from '../resource-parts.js';
import type { Conditional } from '../writing/aggregates.js';
import {
  demandMatch,
  digestOfCluster,
  digestOfTemplate,
  entityTag,
  isKnown,
} from './entity-tag.js';

/** Tags the answer; 304 without a body when the client has it already. */
export const revalidated = (
  reply: FastifyReply,
  caller: RequestContext,
  { digest, show }: { readonly digest: string; readonly show: () => object },
): object | undefined => {
  const tag = entityTag(digest, caller.microversion);
  void reply.header('etag', tag);
  const { ifNoneMatch } = caller.facts.conditions ?? {};
  if (ifNoneMatch === undefined || !isKnown(ifNoneMatch, tag)) return show();
  void reply.status(304);
  return undefined;
};

/** The condition is the first command's: a second one of the same request finds what that has changed. */
const holding = <State, Command extends Message, Event extends Message>(
  send: Handler<State, Conditional<State, Command>, Event>,
  demand: (state: State) => void,
): Handler<State, Conditional<State, Command>, Event> => {
  let met = false;
  return async (id, command, metadata) => {
    const onlyIf = (state: State): void => {
      if (!met) demand(state);
    };
    const outcome = await send(id, { ...command, onlyIf }, metadata);
    met = true;
    return outcome;
  };
};

/**
 * The parts, for changes of the cluster that `If-Match` names: 412 now if it is another, and later if
 * it becomes another before the change is in the log.
 */
export const forCluster = async (
  parts: ResourceParts,
  { facts }: RequestContext,
  row: ClusterRow,
): Promise<ResourceParts> => {
  const { ifMatch } = facts.conditions ?? {};
  if (ifMatch === undefined) return parts;
  await parts.step('if-match', () => {
    demandMatch(ifMatch, digestOfCluster(row));
  });
  const { aggregates } = parts;
  const cluster = holding(aggregates.cluster, (state) => {
    demandMatch(ifMatch, digestOfCluster(state));
  });
  return { ...parts, aggregates: { ...aggregates, cluster } };
};

/** As {@link forCluster}, for templates. */
export const forTemplate = async (
  parts: ResourceParts,
  { facts }: RequestContext,
  row: ClusterTemplateRow,
): Promise<ResourceParts> => {
  const { ifMatch } = facts.conditions ?? {};
  if (ifMatch === undefined) return parts;
  await parts.step('if-match', () => {
    demandMatch(ifMatch, digestOfTemplate(row));
  });
  const { aggregates } = parts;
  const clusterTemplate = holding(aggregates.clusterTemplate, (state) => {
    if (state.status === 'present') demandMatch(ifMatch, digestOfTemplate(state));
  });
  return { ...parts, aggregates: { ...aggregates, clusterTemplate } };
};
