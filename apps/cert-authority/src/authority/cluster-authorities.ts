import type { AuthorityCommand, AuthorityState } from '@jeroboam/domain/authority/decider';
import type { Generation } from '@jeroboam/domain/authority/events';
import type { AuthorityRequests, Keyed } from '@jeroboam/domain/authority/requests';
import { Refused } from '@jeroboam/eventing/decider';
import { StoreUnavailable } from '@jeroboam/eventing/event-store';
import type { AuthorityCertificates, SignedCertificate } from '../x509/authority-certificates.js';
import type { AuthorityLog, Cause } from './authority-log.js';
import { refsOf, type Generations } from './generations.js';
import type { OpenAuthorities } from './open-authorities.js';
import { Turns } from './turns.js';

type Verb = keyof AuthorityRequests;
type RequestOf<V extends Verb> = AuthorityRequests[V]['request'];
type ReplyOf<V extends Verb> = AuthorityRequests[V]['reply'];
type Established = Extract<AuthorityState, { status: 'established' }>;

export interface Collaborators {
  readonly log: AuthorityLog;
  readonly generations: Generations;
  readonly open: OpenAuthorities;
  readonly certificates: AuthorityCertificates;
  readonly now: () => Date;
}

/**
 * What can be asked about the authorities of clusters. Secrets are stored before the log speaks of
 * them and taken out before it forgets them, so each request can be repeated after a crash anywhere
 * and ends what it began. Errors: Refused, those of the log and of the secret store.
 */
export class ClusterAuthorities {
  private readonly turns = new Turns();

  constructor(private readonly parts: Collaborators) {}

  ensure(request: RequestOf<'ensure'>, cause: Cause): Promise<ReplyOf<'ensure'>> {
    return this.turns.take(request.clusterId, async () => {
      const { state } = await this.parts.log.known(request.clusterId);
      if (state.status === 'established') return { generation: state.current.number };
      if (state.status === 'destroyed') throw gone();
      const generation = await this.make(request, 1);
      const at = this.at();
      const command = { type: 'EstablishAuthorities', data: { generation, at } } as const;
      return this.recorded(request.clusterId, { command, generation, cause });
    });
  }

  async ca({ clusterId, authority }: RequestOf<'ca'>): Promise<ReplyOf<'ca'>> {
    const { current } = established((await this.parts.log.known(clusterId)).state);
    return { pem: current.authorities[authority].certificate };
  }

  /** The same request with a key gets the same certificate, also when the authority is another by now. */
  async sign(request: RequestOf<'sign'>, cause: Cause): Promise<ReplyOf<'sign'>> {
    const { clusterId, keyed } = request;
    const pem =
      keyed === undefined
        ? await this.signed(request, cause)
        : // Only those with the same key need wait for each other.
          await this.turns.take(`${clusterId}/${keyed.requestKey}`, () =>
            this.signedOnce({ ...request, keyed }, cause),
          );
    return { pem };
  }

  prepareRotation(
    request: RequestOf<'prepare-rotation'>,
    cause: Cause,
  ): Promise<ReplyOf<'prepare-rotation'>> {
    return this.turns.take(request.clusterId, async () => {
      const { state, highest } = await this.parts.log.known(request.clusterId);
      const { next } = established(state);
      if (next) return { generation: next.number };
      const generation = await this.make(request, highest + 1);
      const at = this.at();
      const command = { type: 'PrepareRotation', data: { generation, at } } as const;
      return this.recorded(request.clusterId, { command, generation, cause });
    });
  }

  commitRotation({ clusterId }: RequestOf<'commit-rotation'>, cause: Cause) {
    return this.settle(clusterId, { type: 'CommitRotation', data: { at: this.at() } }, cause);
  }

  abandonRotation({ clusterId }: RequestOf<'abandon-rotation'>, cause: Cause) {
    return this.settle(clusterId, { type: 'AbandonRotation', data: { at: this.at() } }, cause);
  }

  destroy({ clusterId }: RequestOf<'destroy'>, cause: Cause): Promise<ReplyOf<'destroy'>> {
    return this.turns.take(clusterId, async () => {
      const { state, highest } = await this.parts.log.known(clusterId);
      if (state.status === 'destroyed') return {};
      const generations = state.status === 'established' ? allOf(state) : [];
      this.parts.open.forget(generations.flatMap(refsOf));
      // One more than the log knows of: it may have been made and not recorded.
      const numbers = new Set([...generations.map(({ number }) => number), highest + 1]);
      for (const number of numbers) await this.parts.generations.discard(clusterId, number);
      const data = { at: this.at() };
      await this.parts.log.send(clusterId, { type: 'DestroyAuthorities', data }, cause);
      return {};
    });
  }

  private async signedOnce(
    request: RequestOf<'sign'> & { readonly keyed: Keyed },
    cause: Cause,
  ): Promise<string> {
    const { log } = this.parts;
    const { clusterId, keyed } = request;
    established((await log.known(clusterId)).state);
    const before = await log.certificateFor(clusterId, keyed);
    if (before !== null) return before;
    const { requestKey, operationId: commandId } = keyed;
    await this.signed(request, { ...cause, requestKey, commandId });
    // Another replica may have been faster, and the store have taken our event for a repetition of
    // its event: what stands first in the log is what everybody is given.
    const first = await log.certificateFor(clusterId, keyed);
    if (first === null) throw new StoreUnavailable('what was appended cannot be read yet');
    return first;
  }

  private async signed(request: RequestOf<'sign'>, cause: Cause): Promise<string> {
    const { clusterId, authority, csr, termDays, keyed } = request;
    const { current } = established((await this.parts.log.known(clusterId)).state);
    const issuer = await this.parts.open.open(current.authorities[authority].ref);
    const signed = await this.parts.certificates.sign(csr, issuer, termDays);
    const data = {
      authority,
      generation: current.number,
      ...descriptionOf(signed),
      ...(keyed === undefined ? {} : { certificate: signed.pem }),
      at: this.at(),
    };
    await this.parts.log.send(clusterId, { type: 'RecordSignature', data }, cause);
    return signed.pem;
  }

  private make(
    { clusterId, clusterName }: RequestOf<'ensure'>,
    number: number,
  ): Promise<Generation> {
    const commonName = clusterName === '' ? clusterId : clusterName;
    return this.parts.generations.make({ clusterId, number, commonName });
  }

  /** Tells the log; when another attempt was faster, or the cluster is gone, ours goes again. */
  private async recorded(
    clusterId: string,
    { command, generation, cause }: Recording,
  ): Promise<ReplyOf<'ensure'>> {
    const { log, generations } = this.parts;
    try {
      const state = established(await log.send(clusterId, command, cause));
      const counts = command.type === 'PrepareRotation' ? state.next : state.current;
      if (!counts) throw new Refused('conflict', 'The rotation has been ended meanwhile.');
      await generations.withdraw(generation, counts);
      return { generation: counts.number };
    } catch (error) {
      if (error instanceof Refused) await generations.withdraw(generation, null);
      throw error;
    }
  }

  private settle(
    clusterId: string,
    command: AuthorityCommand,
    cause: Cause,
  ): Promise<Record<string, never>> {
    return this.turns.take(clusterId, async () => {
      const { retired } = established(await this.parts.log.send(clusterId, command, cause));
      for (const generation of retired) {
        this.parts.open.forget(refsOf(generation));
        await this.parts.generations.discard(clusterId, generation.number);
        const data = { generation: generation.number, at: this.at() };
        await this.parts.log.send(clusterId, { type: 'RecordDiscard', data }, cause);
      }
      return {};
    });
  }

  private at(): string {
    return this.parts.now().toISOString();
  }
}

interface Recording {
  readonly command: AuthorityCommand;
  readonly generation: Generation;
  readonly cause: Cause;
}

const allOf = ({ current, next, retired }: Established): readonly Generation[] => [
  current,
  ...(next ? [next] : []),
  ...retired,
];

const descriptionOf = (signed: SignedCertificate) => ({
  serial: signed.serial,
  subject: signed.subject,
  fingerprint: signed.fingerprint,
  notBefore: signed.notBefore.toISOString(),
  notAfter: signed.notAfter.toISOString(),
});

const established = (state: AuthorityState): Established => {
  if (state.status === 'established') return state;
  throw state.status === 'destroyed'
    ? gone()
    : new Refused('not-found', 'The cluster has no certificate authority yet.');
};

const gone = (): Refused =>
  new Refused('not-found', "The cluster's certificate authority has been destroyed.");
