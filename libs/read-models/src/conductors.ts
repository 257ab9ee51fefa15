import { categoryOf, type Recorded } from '@jeroboam/eventing/event-store';
import type { View } from '@jeroboam/eventing/projector';
import { tableOf, type RowReader } from '@jeroboam/eventing/row-store';
import type { ConductorEvent } from '@jeroboam/domain/conductor/events';
import type { Numbered } from './clusters.js';
import { parsed } from './page.js';

/** A conductor that has been seen once. Whether it lives is told by its heartbeats. */
export interface ConductorRow {
  readonly host: string;
  readonly binary: string;
  readonly createdAt: string;
}

/** Conductors by host. None ever goes. */
export const conductors: View<ConductorRow> = {
  name: 'conductors.v1',
  categories: ['conductor'],
  columns: { host: 'TEXT' },
  keys: ({ stream }) => (categoryOf(stream) === 'conductor' ? [stream] : []),
  evolve(row, event) {
    if (event.type !== 'ConductorRegistered') return row;
    const { host, binary, at } = (event as Recorded<ConductorEvent>).data;
    return { host, binary, createdAt: at };
  },
  index: ({ host }) => ({ host }),
};

/** All of them, oldest first. */
export const listConductors = (reader: RowReader): readonly Numbered<ConductorRow>[] =>
  reader
    .all(`SELECT seq, body FROM ${tableOf(conductors.name)} ORDER BY seq`)
    .map(({ seq, body }) => ({ seq: Number(seq), row: parsed(body) as ConductorRow }));
