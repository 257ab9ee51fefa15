/** An event as a writer hands it over. */
export interface ProposedEvent {
  /** 16 bytes of a UUID. */
  readonly id: Uint8Array;
  readonly type: string;
  /** Whether the writer called its data `application/json`. */
  readonly json: boolean;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
}

/** An event in the log. */
export interface StoredEvent extends ProposedEvent {
  /** Number in the log, from 1, without gaps. */
  readonly position: number;
  readonly stream: string;
  /** Number in the stream, from 0. */
  readonly revision: number;
  /** Milliseconds since 1970 at which it was stored. */
  readonly created: number;
}

/** What a filter looks at. */
export type EventHeader = Pick<StoredEvent, 'position' | 'stream' | 'type'>;

/** The last event of a tombstoned stream. */
export const TOMBSTONE_TYPE = '$streamDeleted';
export const METADATA_TYPE = '$metadata';
export const LINK_TYPE = '$>';
