import { categoryOf } from '@jeroboam/eventing/event-store';
import type { Message } from '@jeroboam/eventing/message';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader } from '@jeroboam/eventing/row-store';
import type { ConductorEvent } from '@jeroboam/domain/conductor/events';
import type { Numbered } from './clusters.js';
import { parsed } from './page.js';

/** A conductor that has been seen once. Whether it lives now is told by its heartbeats. */
export interface ConductorRow {
  readonly host: string;
  readonly binary: string;
  readonly createdAt: string;
  /** Minutes it was there in, and when it was, as marked last. */
  readonly reportCount: number;
  readonly seenAt: string | null;
}

/** Conductors by host. None ever goes. */
export const conductors: View<ConductorRow> = {
  name: 'conductors.v2',
  categories: ['conductor'],
  columns: { host: 'TEXT' },
  keys: ({ stream }) => (categoryOf(stream) === 'conductor' ? [stream] : []),
  evolve(row, recorded) {
    // What stands in a stream of this category was written through the conductor's decider.
    const event = recorded as Message as ConductorEvent;
    switch (event.type) {
      case 'ConductorRegistered': {
        const { host, binary, at } = event.data;
        return { host, binary, createdAt: at, reportCount: 0, seenAt: null };
      }
      case 'ConductorSeen':
        return row && { ...row, reportCount: event.data.reportCount, seenAt: event.data.at };
      default:
        return row;
    }
  },
  index: ({ host }) => ({ host }),
};

/** All of them, oldest first. */
export const listConductors = (reader: RowReader): readonly Numbered<ConductorRow>[] =>
  reader
    .all(`SELECT seq, body FROM ${tableOf(conductors.name)} ORDER BY seq`)
    .map(({ seq, body }) => ({ seq: Number(seq), row: parsed(body) as ConductorRow }));
