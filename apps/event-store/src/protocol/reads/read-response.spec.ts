import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '../../log/stored-event.js';
import { streams } from '../generated.js';
import { uuidBytes, uuidText } from '../uuid.js';
import { encodeReadEvent } from './read-response.js';

const storedEvent = fc.record<StoredEvent>({
  position: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  revision: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  stream: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  type: fc.string({ unit: 'grapheme', minLength: 1 }),
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  json: fc.boolean(),
  created: fc.nat({ max: 4_000_000_000_000 }),
  metadata: fc.uint8Array({ maxLength: 300 }),
  data: fc.uint8Array({ maxLength: 20_000 }),
});

const decode = (encoded: Buffer) => streams.ReadResp.deserializeBinary(encoded).getEvent()!;
type Recorded = NonNullable<ReturnType<ReturnType<typeof decode>['getEvent']>>;

const facts = (recorded: Recorded | undefined) =>
  recorded && {
    position: Number(recorded.getCommitPosition()),
    prepare: Number(recorded.getPreparePosition()),
    revision: Number(recorded.getStreamRevision()),
    stream: Buffer.from(recorded.getStreamIdentifier()!.getStreamName_asU8()).toString(),
    type: recorded.getMetadataMap().get('type'),
    contentType: recorded.getMetadataMap().get('content-type'),
    created: recorded.getMetadataMap().get('created'),
    id: Buffer.from(uuidBytes(recorded.getId())).toString('hex'),
    metadata: Buffer.from(recorded.getCustomMetadata_asU8()).toString('hex'),
    data: Buffer.from(recorded.getData_asU8()).toString('hex'),
  };

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const expected = (event: StoredEvent) => ({
  position: event.position,
  prepare: event.position,
  revision: event.revision,
  stream: event.stream,
  type: event.type,
  contentType: event.json ? 'application/json' : 'application/octet-stream',
  created: `${event.created}0000`,
  id: hex(event.id),
  metadata: hex(event.metadata),
  data: hex(event.data),
});

describe('encodeReadEvent', () => {
  it('writes what the generated code reads', () => {
    fc.assert(
      fc.property(storedEvent, fc.option(storedEvent), fc.boolean(), (event, link, structured) => {
        const decoded = decode(encodeReadEvent({ event, link: link ?? undefined }, structured));
        expect(facts(decoded.getEvent())).toEqual(expected(event));
        expect(facts(decoded.getLink())).toEqual(link ? expected(link) : undefined);
        expect(Number(decoded.getCommitPosition())).toBe((link ?? event).position);
        expect(decoded.getEvent()?.getId()?.hasStructured()).toBe(structured);
      }),
    );
  });

  it('gives a tombstone the greatest revision there is', () => {
    const [sample] = fc.sample(storedEvent, 1);
    const event = { ...sample!, type: '$streamDeleted' };
    const decoded = decode(encodeReadEvent({ event, link: undefined }, false));
    expect(decoded.getEvent()?.getStreamRevision()).toBe('9223372036854775807');
  });

  it('gives a link alone when what it leads to is gone', () => {
    const [link] = fc.sample(storedEvent, 1);
    const decoded = decode(encodeReadEvent({ event: undefined, link }, false));
    expect(decoded.hasEvent()).toBe(false);
    expect(facts(decoded.getLink())).toEqual(expected(link!));
  });
});

describe('uuidText', () => {
  it('writes bytes as a UUID', () => {
    const bytes = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    expect(uuidText(bytes)).toBe('6ba7b810-9dad-11d1-80b4-00c04fd430c8');
  });
});
