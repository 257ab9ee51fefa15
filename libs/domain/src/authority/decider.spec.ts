import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold, Refused } from '@jeroboam/eventing/decider';
import { given } from '@jeroboam/eventing/given';
import { authority, type AuthorityCommand, type AuthorityState } from './decider.js';
import type { AuthorityEvent, Generation, KeyPairReference } from './events.js';

const pair = (name: string): KeyPairReference => ({
  ref: `/secrets/${name}`,
  certificate: `PEM of ${name}`,
  notAfter: '2036-01-01T00:00:00.000Z',
});
const generation = (number: number): Generation => ({
  number,
  authorities: {
    kubernetes: pair(`k${number}`),
    etcd: pair(`e${number}`),
    'front-proxy': pair(`f${number}`),
  },
  client: pair(`c${number}`),
});

const established: AuthorityEvent = {
  type: 'AuthoritiesEstablished',
  data: { generation: generation(1), at: 'noon' },
};
const prepared = (number = 2): AuthorityEvent => ({
  type: 'RotationPrepared',
  data: { generation: generation(number), at: 'noon' },
});
const committed: AuthorityEvent = {
  type: 'RotationCommitted',
  data: { generation: 2, at: 'noon' },
};
const abandoned: AuthorityEvent = {
  type: 'RotationAbandoned',
  data: { generation: 2, at: 'noon' },
};
const discarded = (number: number): AuthorityEvent => ({
  type: 'GenerationDiscarded',
  data: { generation: number, at: 'noon' },
});
const destroyed: AuthorityEvent = { type: 'AuthoritiesDestroyed', data: { at: 'noon' } };
const signed = (serial: string): AuthorityEvent => ({
  type: 'CertificateSigned',
  data: {
    authority: 'kubernetes',
    generation: 1,
    serial,
    subject: 'CN=admin',
    fingerprint: 'ff',
    notBefore: 'noon',
    notAfter: 'later',
    at: 'noon',
  },
});

const establish: AuthorityCommand = {
  type: 'EstablishAuthorities',
  data: { generation: generation(1), at: 'noon' },
};
const sign = (serial: string): AuthorityCommand => {
  const { data } = signed(serial);
  return { type: 'RecordSignature', data } as AuthorityCommand;
};
const prepare: AuthorityCommand = {
  type: 'PrepareRotation',
  data: { generation: generation(2), at: 'noon' },
};
const commit: AuthorityCommand = { type: 'CommitRotation', data: { at: 'noon' } };
const abandon: AuthorityCommand = { type: 'AbandonRotation', data: { at: 'noon' } };
const discard = (number: number): AuthorityCommand => ({
  type: 'RecordDiscard',
  data: { generation: number, at: 'noon' },
});
const destroy: AuthorityCommand = { type: 'DestroyAuthorities', data: { at: 'noon' } };

const after = (...events: AuthorityEvent[]) => given(authority, events);
const state = (...events: AuthorityEvent[]): AuthorityState => fold(authority, events);

const NOT_YET = 'The cluster has no certificate authority yet.';
const GONE = "The cluster's certificate authority has been destroyed.";

describe('authorities', () => {
  it('are established once', () => {
    after().when(establish).then([established]);
    after(established)
      .when({ type: 'EstablishAuthorities', data: { generation: generation(9), at: 'later' } })
      .then([]);
  });

  it('are destroyed, even before they are there, so that a late establishing fails', () => {
    after().when(destroy).then([destroyed]);
    after(established, prepared()).when(destroy).then([destroyed]);
    after(destroyed).when(establish).refused('not-found', GONE);
  });

  it('stay destroyed whatever follows', () => {
    expect(state(destroyed, established, signed('01'), prepared(), committed)).toEqual({
      status: 'destroyed',
    });
    after(established, destroyed).when(destroy).then([]);
    after(established, destroyed).when(discard(1)).then([]);
  });

  it.each([
    ['signing', sign('01')],
    ['a rotation', prepare],
    ['the commit of a rotation', commit],
    ['the end of a rotation', abandon],
  ])('are needed for %s', (_, command) => {
    after().when(command).refused('not-found', NOT_YET);
    after(established, destroyed).when(command).refused('not-found', GONE);
  });
});

describe('a signature', () => {
  it('is recorded once', () => {
    after(established)
      .when(sign('01'))
      .then([signed('01')]);
    after(established, signed('01'), signed('02')).when(sign('01')).then([]);
  });

  it('is remembered for a while: the state does not grow with each certificate', () => {
    const many = Array.from({ length: 1000 }, (_, index) => signed(String(index)));
    const known = state(established, ...many);
    expect(known).toMatchObject({ status: 'established' });
    expect('serials' in known && known.serials).toHaveLength(64);
    expect(authority.decide(sign('999'), known)).toEqual([]);
    expect(authority.decide(sign('936'), known)).toEqual([]);
  });
});

describe('a rotation', () => {
  it('is prepared, and changes nothing for clients yet', () => {
    after(established).when(prepare).then([prepared()]);
    expect(state(established, prepared())).toMatchObject({
      current: { number: 1 },
      next: { number: 2 },
      retired: [],
    });
  });

  it('is prepared one at a time', () => {
    after(established, prepared())
      .when({ type: 'PrepareRotation', data: { generation: generation(3), at: 'later' } })
      .then([]);
  });

  it('counts once it is committed', () => {
    after(established, prepared()).when(commit).then([committed]);
    expect(state(established, prepared(), committed)).toMatchObject({
      current: { number: 2 },
      next: null,
      retired: [{ number: 1 }],
    });
  });

  it('leaves the old generation in use when it is abandoned', () => {
    after(established, prepared()).when(abandon).then([abandoned]);
    expect(state(established, prepared(), abandoned)).toMatchObject({
      current: { number: 1 },
      next: null,
      retired: [{ number: 2 }],
    });
  });

  it('is neither committed nor abandoned where none is prepared', () => {
    after(established).when(commit).then([]);
    after(established).when(abandon).then([]);
    const one = state(established);
    expect(fold(authority, [committed, abandoned], one)).toEqual(one);
  });
});

describe('a generation out of use', () => {
  it('is discarded once', () => {
    after(established, prepared(), committed)
      .when(discard(1))
      .then([discarded(1)]);
    expect(state(established, prepared(), committed, discarded(1))).toMatchObject({ retired: [] });
  });

  it.each([
    ['in use', 2],
    ['unknown', 7],
  ])('is not discarded when it is %s', (_, number) => {
    after(established, prepared(), committed).when(discard(number)).then([]);
  });

  it('is not discarded where nothing is', () => {
    after().when(discard(1)).then([]);
  });
});

describe('whatever is asked', () => {
  const numbered = (state: AuthorityState): AuthorityCommand => {
    const last =
      state.status === 'established'
        ? Math.max(state.current.number, ...state.retired.map(({ number }) => number))
        : 0;
    return { type: 'PrepareRotation', data: { generation: generation(last + 1), at: 'noon' } };
  };
  const steps = fc.array(
    fc.oneof(
      fc.constantFrom<(state: AuthorityState) => AuthorityCommand>(
        () => establish,
        () => commit,
        () => abandon,
        numbered,
        numbered,
      ),
      fc.integer({ min: 1, max: 5 }).map((number) => () => discard(number)),
      fc.constantFrom('01', '02').map((serial) => () => sign(serial)),
      { weight: 1, arbitrary: fc.constant(() => destroy) },
    ),
    { maxLength: 30 },
  );

  it('no generation has two roles, and the same command again changes nothing', () => {
    fc.assert(
      fc.property(steps, (life) => {
        let now = authority.initialState;
        for (const step of life) {
          const command = step(now);
          const events = decided(command, now);
          now = fold(authority, events, now);
          if (events.length > 0) expect(authority.decide(command, now)).toEqual([]);
          if (now.status !== 'established') continue;
          const all = [now.current, ...(now.next ? [now.next] : []), ...now.retired];
          expect(new Set(all.map(({ number }) => number)).size).toBe(all.length);
        }
      }),
    );
  });

  const decided = (command: AuthorityCommand, now: AuthorityState) => {
    try {
      return authority.decide(command, now);
    } catch (error) {
      if (error instanceof Refused) return [];
      throw error;
    }
  };

  it('events of an unknown type are passed over', () => {
    // What a later version may write.
    const unknown = { type: 'AuthorityPraised', data: null } as never;
    expect(state(established, unknown)).toEqual(state(established));
  });
});
