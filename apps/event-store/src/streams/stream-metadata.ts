/** The part of a stream's metadata the server acts on. */
export interface StreamMetadata {
  /** `$maxCount`: only the last so many events can be read. */
  readonly maxCount: number | undefined;
  /** `$maxAge`, seconds. */
  readonly maxAgeS: number | undefined;
  /** `$tb`: events before this revision cannot be read. */
  readonly truncateBefore: number;
  /** The stream is deleted, but can be written again. */
  readonly softDeleted: boolean;
}

/** Which events of a stream can be read. */
export interface Visible {
  readonly firstRevision: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export const NO_METADATA: StreamMetadata = {
  maxCount: undefined,
  maxAgeS: undefined,
  truncateBefore: 0,
  softDeleted: false,
};

/** Metadata streams keep their last event only. */
export const METADATA_OF_METASTREAM: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

const METASTREAM_PREFIX = '$$';
export const metastreamOf = (stream: string): string => METASTREAM_PREFIX + stream;
export const isMetastream = (stream: string): boolean => stream.startsWith(METASTREAM_PREFIX);
export const originalOf = (metastream: string): string =>
  metastream.slice(METASTREAM_PREFIX.length);

/** Metadata of a soft-deleted stream: the greatest 64-bit revision, which a JS number cannot hold. */
export const SOFT_DELETED = Buffer.from('{"$tb":9223372036854775807}');

const text = new TextDecoder();

const parse = (json: Uint8Array): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(text.decode(json));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Anyone may write anything there; what cannot be understood restricts nothing.
    return {};
  }
};

const count = (value: unknown): number | undefined =>
  typeof value === 'number' && value >= 0 ? value : undefined;

export const parseStreamMetadata = (json: Uint8Array): StreamMetadata => {
  const { $maxCount, $maxAge, $tb } = parse(json);
  const truncateBefore = count($tb) ?? 0;
  return {
    maxCount: count($maxCount),
    maxAgeS: count($maxAge),
    truncateBefore,
    softDeleted: truncateBefore > Number.MAX_SAFE_INTEGER,
  };
};

/** The metadata with which a soft-deleted stream lives again. */
export const revivedMetadata = (json: Uint8Array, firstRevision: number): Uint8Array =>
  Buffer.from(JSON.stringify({ ...parse(json), $tb: firstRevision }));

/** `last` is the stream's last revision, `now` in milliseconds since 1970. */
export const visible = (metadata: StreamMetadata, last: number, now: number): Visible => ({
  firstRevision: Math.max(
    metadata.truncateBefore,
    metadata.maxCount === undefined ? 0 : last - metadata.maxCount + 1,
  ),
  since: metadata.maxAgeS === undefined ? 0 : now - metadata.maxAgeS * 1000,
});
