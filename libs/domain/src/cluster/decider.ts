import { Refused, type Decider } from '@jeroboam/eventing/decider';
import { isSame } from '../equality.js';
import type { ClusterCommand, CommandData } from './commands.js';
import type { ClusterEvent } from './events.js';
import { evolve } from './evolve.js';
import {
  addNodegroup,
  changeNodegroup,
  removeNodegroup,
  resizeNodegroup,
} from './nodegroup-commands.js';
import { demandRotatable, demandStatus, presentCluster, seenBefore } from './preconditions.js';
import { settlement } from './settlement.js';
import { isPresent, type ClusterState } from './state.js';
import { isReady } from './status.js';

/** Rules of a cluster, its node groups and the operations on them. */
export const cluster: Decider<ClusterState, ClusterCommand, ClusterEvent> = {
  initialState: { status: 'absent' },
  decide(command, state) {
    switch (command.type) {
      case 'RequestCluster':
        return request(command.data, state);
      case 'ResizeNodegroup':
        return resizeNodegroup(command.data, state);
      case 'UpgradeCluster':
        return upgrade(command.data, state);
      case 'AddNodegroup':
        return addNodegroup(command.data, state);
      case 'ChangeNodegroup':
        return changeNodegroup(command.data, state);
      case 'RemoveNodegroup':
        return removeNodegroup(command.data, state);
      case 'RotateAuthority':
        return rotateAuthority(command.data, state);
      case 'RotateCredential':
        return rotateCredential(command.data, state);
      case 'RecordHealth':
        return health(command.data, state);
      case 'DeleteCluster':
        return remove(command.data, state);
      case 'RecordTrustee':
        return trustee(command.data, state);
      case 'RecordAuthorities':
        return authorities(command.data, state);
      case 'RecordStackCreation':
        return stackCreation(command.data, state);
      case 'RecordStackUpdate':
        return stackUpdate(command.data, state);
      case 'SettleOperation':
        return settlement(command.data, state);
    }
  },
  evolve,
};

const request = (
  data: CommandData<'RequestCluster'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  if (state.status === 'absent') return [{ type: 'ClusterRequested', data }];
  if (isPresent(state) && seenBefore(state, data)) return [];
  throw new Refused('conflict', `A cluster with UUID ${data.cluster.uuid} already exists.`);
};

const upgrade = (
  data: CommandData<'UpgradeCluster'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  if (seenBefore(present, data)) return [];
  demandStatus(present, isReady, 'Upgrading a cluster');
  return [{ type: 'UpgradeRequested', data }];
};

const rotateAuthority = (
  data: CommandData<'RotateAuthority'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  if (seenBefore(present, data)) return [];
  if (present.spec.template.tlsDisabled) {
    throw new Refused(
      'invalid',
      'Rotating the CA certificate on a non-TLS cluster is not supported',
    );
  }
  demandStatus(present, isReady, 'Updating a cluster');
  return [{ type: 'AuthorityRotationRequested', data }];
};

const rotateCredential = (
  data: CommandData<'RotateCredential'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const present = presentCluster(state);
  if (seenBefore(present, data)) return [];
  demandRotatable(present);
  return [{ type: 'CredentialRotationRequested', data }];
};

/** A deletion is taken in any state; one that is under way already is the same wish. */
const remove = (
  data: CommandData<'DeleteCluster'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  if (state.status === 'DELETE_COMPLETE') return [];
  const present = presentCluster(state);
  const underWay = present.operations.some(({ kind }) => kind === 'delete');
  return underWay || seenBefore(present, data) ? [] : [{ type: 'DeletionRequested', data }];
};

/** Health is written when it changes, not each time it is looked at. */
const health = (
  data: CommandData<'RecordHealth'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  const { healthStatus, healthReason } = presentCluster(state);
  const same = healthStatus === data.status && isSame(healthReason, data.reason);
  return same ? [] : [{ type: 'HealthChanged', data }];
};

const trustee = (
  data: CommandData<'RecordTrustee'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  if (!isPresent(state) || state.trustee?.trustId === data.trustId) return [];
  return [{ type: 'TrusteeEstablished', data }];
};

const authorities = (
  data: CommandData<'RecordAuthorities'>,
  state: ClusterState,
): readonly ClusterEvent[] =>
  isPresent(state) && !state.authoritiesEnsured ? [{ type: 'AuthoritiesEnsured', data }] : [];

const stackCreation = (
  data: CommandData<'RecordStackCreation'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  if (!isPresent(state)) return [];
  const built = state.nodegroups.filter(({ uuid }) => data.nodegroupIds.includes(uuid));
  // The first one counts; only what is being taken away may turn out to have been made twice.
  const isGoing = ({ status }: { readonly status: string }) => status === 'DELETE_IN_PROGRESS';
  const isNew = built.some(
    (nodegroup) =>
      nodegroup.stackId === null || (isGoing(nodegroup) && nodegroup.stackId !== data.stackId),
  );
  return isNew ? [{ type: 'StackCreationStarted', data }] : [];
};

const stackUpdate = (
  data: CommandData<'RecordStackUpdate'>,
  state: ClusterState,
): readonly ClusterEvent[] => {
  if (!isPresent(state)) return [];
  const operation = state.operations.find(({ id }) => id === data.operationId);
  return operation?.told === null ? [{ type: 'StackUpdateStarted', data }] : [];
};
