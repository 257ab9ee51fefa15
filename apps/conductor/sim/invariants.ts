import type { Message } from '@jeroboam/eventing/message';
import type { InMemoryEventStore } from '@jeroboam/eventing/in-memory-event-store';
import type { ClusterEvent } from '@jeroboam/domain/cluster/events';
import { evolve } from '@jeroboam/domain/cluster/evolve';
import { isPresent, type ClusterState } from '@jeroboam/domain/cluster/state';
import { project } from '@jeroboam/domain/project/decider';
import type { ProjectEvent } from '@jeroboam/domain/project/events';
import type { Mailbox } from './mailbox.js';
import type { Sky } from './sky.js';

/** A poll, the fault of a call, the rest after it, one more call, and the checks' own interval. */
const GRACE_MS = 90_000;

export interface Remains {
  readonly store: InMemoryEventStore;
  readonly sky: Sky;
  readonly mailbox: Mailbox;
  readonly projectId: string;
}

/** Operations that go on past their deadline. */
export const overdueNow = (store: InMemoryEventStore, nowMs: number): readonly string[] =>
  [...statesOf(store)].flatMap(([stream, state]) =>
    isPresent(state)
      ? state.operations
          .filter(({ deadline }) => nowMs > Date.parse(deadline) + GRACE_MS)
          .map(({ id, kind }) => `${stream}: ${kind} ${id} is past its deadline`)
      : [],
  );

/** What must not be left once everything is deleted. */
export const findFaults = ({ store, sky, mailbox, projectId }: Remains): readonly string[] => [
  ...presentOnes(store),
  ...strayEnds(store),
  ...sky.living().map(({ name, status }) => `stack ${name} is left, ${status}`),
  ...[...sky.cloud.keystone.trusts.keys()].map((id) => `trust ${id} is left`),
  ...trusteesOf(sky).map((name) => `trustee ${name} is left`),
  ...[...sky.authorities].flatMap(([id, is]) => (is === 'destroyed' ? [] : [`keys of ${id}`])),
  ...claimsOf(store, projectId).map((id) => `claim of ${id} is left`),
  ...mailFaults(store, mailbox),
];

const statesOf = (store: InMemoryEventStore): ReadonlyMap<string, ClusterState> => {
  const states = new Map<string, ClusterState>();
  for (const event of clusterEvents(store)) {
    const before = states.get(event.stream) ?? { status: 'absent' };
    states.set(event.stream, evolve(before, event as Message as ClusterEvent));
  }
  return states;
};

const clusterEvents = (store: InMemoryEventStore) =>
  store.all().filter(({ stream }) => stream.startsWith('cluster-'));

const presentOnes = (store: InMemoryEventStore): readonly string[] =>
  [...statesOf(store)].flatMap(([stream, state]) =>
    isPresent(state) ? [`${stream} is ${state.status}: ${state.statusReason ?? ''}`] : [],
  );

const ENDS = /(Created|Failed|Resized|Upgraded|Removed|Rotated|Deleted)$/;

/** Each end is of something that was in hand, and nothing comes after the last one. */
const strayEnds = (store: InMemoryEventStore): readonly string[] => {
  const states = new Map<string, ClusterState>();
  const faults: string[] = [];
  for (const recorded of clusterEvents(store)) {
    const event = recorded as Message as ClusterEvent;
    const before = states.get(recorded.stream) ?? { status: 'absent' };
    states.set(recorded.stream, evolve(before, event));
    const isOfOperation = 'operationId' in event.data && ENDS.test(event.type);
    const inHand = isPresent(before) ? before.operations.map(({ id }) => id) : [];
    if (isOfOperation && !inHand.includes(event.data.operationId)) {
      faults.push(`${recorded.stream}: ${event.type} ends what is not in hand`);
    }
    if ('gone' in before) faults.push(`${recorded.stream}: ${event.type} after the end`);
  }
  return faults;
};

const trusteesOf = ({ cloud }: Sky): readonly string[] =>
  [...cloud.keystone.directory.users.values()]
    .filter(({ domainName }) => domainName === 'jeroboam')
    .map(({ name }) => name);

const claimsOf = (store: InMemoryEventStore, projectId: string): readonly string[] => {
  const state = store
    .all()
    .filter(({ stream }) => stream === `project-${projectId}`)
    .reduce(
      (before, event) => project.evolve(before, event as Message as ProjectEvent),
      project.initialState,
    );
  return [...state.claims.keys()];
};

const TOLD =
  /^(Cluster(Requested|Created|CreationFailed|Resized|Upgraded|Deleted)|.*(Requested|Failed)|Nodegroup(Created|Removed)|.*Rotated)$/;

/** One message an event that is told of, in order, numbered from 1. */
const mailFaults = (store: InMemoryEventStore, { messages }: Mailbox): readonly string[] => {
  const told = clusterEvents(store).filter(({ type }) => TOLD.test(type));
  const wrong = messages.findIndex(({ id, body }, index) => {
    const { sequence } = body as { readonly sequence: number };
    return sequence !== index + 1 || id !== told[index]?.id;
  });
  const faults = wrong < 0 ? [] : [`notification ${wrong + 1} is out of order`];
  return messages.length === told.length
    ? faults
    : [...faults, `${messages.length} notifications of ${told.length} events`];
};
