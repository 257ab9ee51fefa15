import { randomUUID } from 'node:crypto';
import {
  authority,
  type AuthorityCommand,
  type AuthorityState,
} from '@jeroboam/domain/authority/decider';
import type { AuthorityEvent } from '@jeroboam/domain/authority/events';
import type { Keyed } from '@jeroboam/domain/authority/requests';
import type { EventStore } from '@jeroboam/eventing/event-store';
import { handle, type Handler } from '@jeroboam/eventing/handle';
import type { Message, Metadata } from '@jeroboam/eventing/message';
import { isRepeated } from '@jeroboam/eventing/repetition';

/** Who wants it and why: what the log keeps beside an event. A command without an id is given one. */
export type Cause = Omit<Metadata, 'commandId'> & Partial<Pick<Metadata, 'commandId'>>;

/** What the log says of a cluster's authorities. */
export interface Known {
  readonly state: AuthorityState;
  /** Highest number a generation ever had, 0 when there was none: numbers are not used again. */
  readonly highest: number;
}

interface Folded extends Known {
  readonly revision: number;
}

const CATEGORY = 'authority';
const CACHED_STREAMS = 1024;
const NOTHING: Folded = { state: authority.initialState, highest: 0, revision: -1 };

/** The streams of authorities. Errors are those of the store, and Refused of `send`. */
export class AuthorityLog {
  private readonly handler: Handler<AuthorityState, AuthorityCommand, AuthorityEvent>;
  private readonly folded = new Map<string, Folded>();

  constructor(private readonly store: EventStore) {
    this.handler = handle(store, CATEGORY, authority);
  }

  /** As of now: reads what has come since the last time. */
  async known(clusterId: string): Promise<Known> {
    const before = this.folded.get(clusterId) ?? NOTHING;
    const news = await this.store.read(streamOf(clusterId), before.revision + 1);
    const now = news.reduce<Folded>(
      // What stands in a stream of this category was written through this decider.
      (known, event) => advance(known, event as Message as AuthorityEvent, event.revision),
      before,
    );
    this.keep(clusterId, now);
    return now;
  }

  /** The state after the command. */
  async send(clusterId: string, command: AuthorityCommand, cause: Cause): Promise<AuthorityState> {
    const metadata = { commandId: randomUUID(), ...cause };
    return (await this.handler(clusterId, command, metadata)).state;
  }

  /**
   * The certificate that was signed for this very request, PEM; `null` when none was. Refused when
   * its key was used for another body. Reads the whole stream: a key does not expire.
   */
  async certificateFor(clusterId: string, { requestKey, operationId }: Keyed) {
    const events = await this.store.read(streamOf(clusterId));
    const made = events.find(({ metadata }) => metadata.requestKey === requestKey);
    if (made === undefined || !isRepeated({ operationId }, made)) return null;
    return certificateIn(made as Message as AuthorityEvent);
  }

  private keep(clusterId: string, folded: Folded): void {
    this.folded.delete(clusterId);
    if (folded.revision >= 0) this.folded.set(clusterId, folded);
    if (this.folded.size > CACHED_STREAMS) {
      this.folded.delete(this.folded.keys().next().value ?? '');
    }
  }
}

const streamOf = (clusterId: string): string => `${CATEGORY}-${clusterId}`;

const advance = (known: Folded, event: AuthorityEvent, revision: number): Folded => ({
  state: authority.evolve(known.state, event),
  highest: Math.max(known.highest, numberIn(event)),
  revision,
});

const numberIn = (event: AuthorityEvent): number =>
  event.type === 'AuthoritiesEstablished' || event.type === 'RotationPrepared'
    ? event.data.generation.number
    : 0;

const certificateIn = (event: AuthorityEvent): string | null =>
  event.type === 'CertificateSigned' ? (event.data.certificate ?? null) : null;
