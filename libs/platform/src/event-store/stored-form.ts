import {
  ANY,
  jsonEvent,
  NO_STREAM,
  type AppendExpectedRevision,
  type EventData,
  type JSONType,
  type RecordedEvent,
} from '@eventstore/db-client';
import type { ExpectedRevision, Proposed, Recorded } from '@jeroboam/eventing/event-store';
import type { Actor, Metadata } from '@jeroboam/eventing/message';
import { eventId } from './event-ids.js';

/** Metadata as stored: `$correlationId` and `$causationId` are the store's own names for them. */
interface StoredMetadata {
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly commandId: string;
  readonly actor: Actor | null;
  readonly requestKey?: string;
  readonly traceparent?: string;
}

const toStoredMetadata = ({ correlationId, causationId, ...rest }: Metadata): StoredMetadata => ({
  $correlationId: correlationId,
  $causationId: causationId,
  ...rest,
});

/** Others may write to the store too: what their events lack is empty. */
const toMetadata = (stored: unknown): Metadata => {
  const known = (typeof stored === 'object' ? (stored ?? {}) : {}) as Partial<StoredMetadata>;
  return {
    correlationId: known.$correlationId ?? '',
    causationId: known.$causationId ?? '',
    commandId: known.commandId ?? '',
    actor: known.actor ?? null,
    ...optional(known),
  };
};

const optional = ({ requestKey, traceparent }: Partial<StoredMetadata>): Partial<Metadata> => ({
  ...(requestKey !== undefined && { requestKey }),
  ...(traceparent !== undefined && { traceparent }),
});

export const toEventData = (stream: string, { type, data, metadata, index }: Proposed): EventData =>
  jsonEvent({
    id: eventId({ commandId: metadata.commandId, stream, index }),
    type,
    data: data as JSONType,
    metadata: { ...toStoredMetadata(metadata) },
  });

export const toRecorded = (event: RecordedEvent): Recorded => ({
  id: event.id,
  stream: event.streamId,
  revision: Number(event.revision),
  position: event.position?.commit ?? 0n,
  type: event.type,
  data: event.data,
  metadata: toMetadata(event.metadata),
  recordedAt: event.created.toISOString(),
});

export const toAppendRevision = (expected: ExpectedRevision): AppendExpectedRevision => {
  if (expected === 'any') return ANY;
  return expected === 'no-stream' ? NO_STREAM : BigInt(expected);
};
