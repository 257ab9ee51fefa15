import { describe, expect, it } from '@jest/globals';
import type { JSONRecordedEvent } from '@eventstore/db-client';
import { toAppendRevision, toEventData, toRecorded } from './stored-form.js';

const metadata = {
  correlationId: 'req-1',
  causationId: 'event-1',
  commandId: 'command-1',
  actor: null,
  requestKey: '0b7a3c52-0000-5000-8000-000000000000',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

const recorded = (of: Partial<JSONRecordedEvent>): JSONRecordedEvent => ({
  streamId: 'cluster-1',
  id: 'f0e1d2c3-0000-5000-8000-000000000000',
  revision: 3n,
  type: 'Said',
  isJson: true,
  data: { word: 'a' },
  metadata: {},
  created: new Date('2026-01-02T03:04:05.678Z'),
  position: { commit: 9n, prepare: 9n },
  ...of,
});

describe('the stored form', () => {
  it("uses the store's own names for correlation and causation", () => {
    const said = { type: 'Said', data: { word: 'a' }, metadata, index: 0 };
    expect(toEventData('cluster-1', said)).toMatchObject({
      type: 'Said',
      data: { word: 'a' },
      contentType: 'application/json',
      metadata: {
        $correlationId: 'req-1',
        $causationId: 'event-1',
        commandId: 'command-1',
        actor: null,
        requestKey: metadata.requestKey,
        traceparent: metadata.traceparent,
      },
    });
  });

  it('comes back as it was', () => {
    const stored = {
      $correlationId: 'req-1',
      $causationId: 'event-1',
      commandId: 'command-1',
      actor: null,
      requestKey: metadata.requestKey,
      traceparent: metadata.traceparent,
    };
    expect(toRecorded(recorded({ metadata: stored }))).toEqual({
      id: 'f0e1d2c3-0000-5000-8000-000000000000',
      stream: 'cluster-1',
      revision: 3,
      position: 9n,
      type: 'Said',
      data: { word: 'a' },
      metadata,
      recordedAt: '2026-01-02T03:04:05.678Z',
    });
  });

  it('bears events that others wrote', () => {
    const nothing = { correlationId: '', causationId: '', commandId: '', actor: null };
    expect(toRecorded(recorded({ metadata: new Uint8Array([1]) })).metadata).toEqual(nothing);
    expect(toRecorded(recorded({ metadata: undefined })).metadata).toEqual(nothing);
  });

  it('names expected revisions as the client does', () => {
    expect([toAppendRevision('any'), toAppendRevision('no-stream'), toAppendRevision(7)]).toEqual([
      'any',
      'no_stream',
      7n,
    ]);
  });
});
