import { Refused, type Decider } from '@jeroboam/eventing/decider';
import type { Message } from '@jeroboam/eventing/message';
import type { AuthorityEvent, Generation } from './events.js';

type DataOf<Type extends AuthorityEvent['type']> = Extract<AuthorityEvent, { type: Type }>['data'];

export type AuthorityCommand =
  | Message<'EstablishAuthorities', DataOf<'AuthoritiesEstablished'>>
  | Message<'RecordSignature', DataOf<'CertificateSigned'>>
  | Message<'PrepareRotation', DataOf<'RotationPrepared'>>
  | Message<'CommitRotation', { readonly at: string }>
  | Message<'AbandonRotation', { readonly at: string }>
  | Message<'RecordDiscard', DataOf<'GenerationDiscarded'>>
  | Message<'DestroyAuthorities', { readonly at: string }>;

export type AuthorityState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'established';
      /** What clients are given. */
      readonly current: Generation;
      /** Made, but not yet in use by the nodes. */
      readonly next: Generation | null;
      /** Out of use, still in the secret store. */
      readonly retired: readonly Generation[];
      /** Serials of the certificates lately signed, the oldest first. */
      readonly serials: readonly string[];
    }
  | { readonly status: 'destroyed' };

/** A repetition comes soon, or never. */
const REMEMBERED_SERIALS = 64;

type Established = Extract<AuthorityState, { status: 'established' }>;

/** Rules of a cluster's authorities: a rotation counts once it is committed, and leaves nothing behind. */
export const authority: Decider<AuthorityState, AuthorityCommand, AuthorityEvent> = {
  initialState: { status: 'absent' },
  decide(command, state) {
    switch (command.type) {
      case 'EstablishAuthorities':
        return establish(command.data, state);
      case 'RecordSignature':
        return sign(command.data, state);
      case 'PrepareRotation':
        return prepare(command.data, state);
      case 'CommitRotation':
        return ofNext(state, (generation) => [
          { type: 'RotationCommitted', data: { generation, at: command.data.at } },
        ]);
      case 'AbandonRotation':
        return ofNext(state, (generation) => [
          { type: 'RotationAbandoned', data: { generation, at: command.data.at } },
        ]);
      case 'RecordDiscard':
        return discard(command.data, state);
      case 'DestroyAuthorities':
        // Also where nothing is yet: an establishing still on its way must find that it is too late.
        return state.status === 'destroyed'
          ? []
          : [{ type: 'AuthoritiesDestroyed', data: command.data }];
    }
  },
  evolve: (state, event) => {
    if (event.type === 'AuthoritiesEstablished') {
      if (state.status !== 'absent') return state;
      const current = event.data.generation;
      return { status: 'established', current, next: null, retired: [], serials: [] };
    }
    if (event.type === 'AuthoritiesDestroyed') return { status: 'destroyed' };
    return state.status === 'established' ? evolveEstablished(state, event) : state;
  },
};

const evolveEstablished = (state: Established, event: AuthorityEvent): AuthorityState => {
  const { next, current, retired } = state;
  switch (event.type) {
    case 'CertificateSigned':
      return { ...state, serials: remembered(state.serials, event.data.serial) };
    case 'RotationPrepared':
      return { ...state, next: event.data.generation };
    case 'RotationCommitted':
      return next ? { ...state, current: next, next: null, retired: [...retired, current] } : state;
    case 'RotationAbandoned':
      return next ? { ...state, next: null, retired: [...retired, next] } : state;
    case 'GenerationDiscarded':
      return {
        ...state,
        retired: retired.filter(({ number }) => number !== event.data.generation),
      };
    default:
      return state;
  }
};

const remembered = (serials: readonly string[], serial: string): readonly string[] =>
  serials.includes(serial) ? serials : [...serials, serial].slice(-REMEMBERED_SERIALS);

const establish = (
  data: DataOf<'AuthoritiesEstablished'>,
  state: AuthorityState,
): readonly AuthorityEvent[] => {
  if (state.status === 'established') return [];
  if (state.status === 'destroyed') throw gone();
  return [{ type: 'AuthoritiesEstablished', data }];
};

const sign = (
  data: DataOf<'CertificateSigned'>,
  state: AuthorityState,
): readonly AuthorityEvent[] =>
  established(state).serials.includes(data.serial) ? [] : [{ type: 'CertificateSigned', data }];

const prepare = (
  data: DataOf<'RotationPrepared'>,
  state: AuthorityState,
): readonly AuthorityEvent[] => {
  const { next } = established(state);
  return next ? [] : [{ type: 'RotationPrepared', data }];
};

const ofNext = (
  state: AuthorityState,
  events: (generation: number) => readonly AuthorityEvent[],
): readonly AuthorityEvent[] => {
  const { next } = established(state);
  return next ? events(next.number) : [];
};

const discard = (
  data: DataOf<'GenerationDiscarded'>,
  state: AuthorityState,
): readonly AuthorityEvent[] => {
  if (state.status !== 'established') return [];
  return state.retired.some(({ number }) => number === data.generation)
    ? [{ type: 'GenerationDiscarded', data }]
    : [];
};

const established = (state: AuthorityState): Established => {
  if (state.status === 'established') return state;
  throw state.status === 'destroyed'
    ? gone()
    : new Refused('not-found', 'The cluster has no certificate authority yet.');
};

const gone = (): Refused =>
  new Refused('not-found', "The cluster's certificate authority has been destroyed.");
