import { Refused } from '@jeroboam/eventing/decider';
import { nodegroupOf, touchedBy } from './nodegroups.js';
import {
  isPresent,
  type ClusterState,
  type Nodegroup,
  type Operation,
  type PresentCluster,
} from './state.js';
import { isReady, type ClusterStatus } from './status.js';

/** The cluster, or a refusal if there is none. */
export const presentCluster = (state: ClusterState): PresentCluster => {
  if (isPresent(state)) return state;
  const which = 'uuid' in state ? ` ${state.uuid}` : '';
  throw new Refused('not-found', `Cluster${which} could not be found.`);
};

export const presentNodegroup = (state: PresentCluster, id: string): Nodegroup => {
  const found = nodegroupOf(state, id);
  if (found) return found;
  throw new Refused('not-found', `Nodegroup ${id} could not be found.`);
};

/** The same request again. */
export const seenBefore = (
  state: PresentCluster,
  { operationId }: { readonly operationId: string },
): boolean =>
  state.operationIds.includes(operationId) || state.operations.some(({ id }) => id === operationId);

/** Refuses, naming the operation that is in the way. */
export const demandStatus = (
  state: PresentCluster,
  allows: (status: ClusterStatus) => boolean,
  action: string,
): void => {
  if (!allows(state.status)) throw obstructed(state, `${action} when status`);
};

/**
 * A credential is rotated of a cluster that is settled or being updated. The words are those that clients
 * have always been given.
 */
export const demandRotatable = (state: PresentCluster): void => {
  if (isReady(state.status) || state.status.startsWith('UPDATE_')) return;
  throw obstructed(state, 'magnum.conductor.handlers.credential_conductor when cluster status');
};

const obstructed = (state: PresentCluster, what: string): Refused => {
  const [operation] = state.operations;
  const obstacle = inTheWay(state, operation);
  return new Refused('invalid', `${what} is "${state.status}" is not supported.${obstacle}`);
};

/** Refuses what a node group that is coming or going does not take, naming what moves it. */
export const demandNodegroupStatus = (
  state: PresentCluster,
  { uuid, status }: Nodegroup,
  { allows, action }: NodegroupDemand,
): void => {
  if (allows(status)) return;
  const operation = state.operations.find((each) => touchedBy(state, each).includes(uuid));
  throw new Refused(
    'invalid',
    `${action} is "${status}" is not supported.${inTheWay(state, operation)}`,
  );
};

export interface NodegroupDemand {
  readonly allows: (status: ClusterStatus) => boolean;
  /** What is asked, up to whose status forbids it. */
  readonly action: string;
}

/** What to say of an operation that forbids another; nothing where there is none. */
export const inTheWay = (state: PresentCluster, operation: Operation | undefined): string =>
  operation ? ` In the way: ${describe(state, operation)}.` : '';

const describe = (state: PresentCluster, operation: Operation): string =>
  `${WORDS[operation.kind]}${object(state, operation)}, begun ${operation.startedAt}`;

const WORDS: Readonly<Record<Operation['kind'], string>> = {
  create: 'the creation of the cluster',
  resize: 'a resize',
  upgrade: 'an upgrade',
  'add-nodegroup': 'the creation of node group',
  'remove-nodegroup': 'the deletion of node group',
  'rotate-authority': 'a rotation of the CA certificates',
  'rotate-credential': 'a rotation of the credential',
  delete: 'the deletion of the cluster',
};

const object = (state: PresentCluster, operation: Operation): string => {
  if (!('nodegroupId' in operation) || operation.nodegroupId === null) return '';
  const name = nodegroupOf(state, operation.nodegroupId)?.name ?? operation.nodegroupId;
  return operation.kind === 'resize' ? ` of ${name} to ${operation.nodeCount}` : ` ${name}`;
};
