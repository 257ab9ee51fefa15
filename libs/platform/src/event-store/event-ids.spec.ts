import { describe, expect, it } from '@jest/globals';
import { eventId } from './event-ids.js';

describe('eventId', () => {
  it('is the same UUIDv5 for the same place, for ever', () => {
    expect(eventId({ commandId: 'c1', stream: 'cluster-1', index: 0 })).toBe(
      '3e122fc0-d6e2-5663-89cf-3dfc729830ce',
    );
  });

  it('tells commands, streams and places apart', () => {
    const ids = [
      eventId({ commandId: 'c1', stream: 'cluster-1', index: 0 }),
      eventId({ commandId: 'c1', stream: 'cluster-1', index: 1 }),
      eventId({ commandId: 'c1', stream: 'cluster-2', index: 0 }),
      eventId({ commandId: 'c2', stream: 'cluster-1', index: 0 }),
    ];
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
    }
  });
});
