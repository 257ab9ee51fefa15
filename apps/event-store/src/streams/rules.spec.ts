import { describe, expect, it } from '@jest/globals';
import { compileFilter } from './event-filter.js';
import { judge, type StreamFacts } from './expectation.js';
import { InvalidRequest, type ExpectedRevision } from './refusals.js';
import { parseStreamMetadata, revivedMetadata, SOFT_DELETED, visible } from './stream-metadata.js';

const absent: StreamFacts = { last: -1, softDeleted: false, born: 0, hasMetadata: false };
const present: StreamFacts = { ...absent, last: 4 };
const deleted: StreamFacts = { ...present, softDeleted: true, hasMetadata: true };

describe('judge', () => {
  it.each<[ExpectedRevision, string, string, string]>([
    ['any', 'met-unless-repeated', 'met-unless-repeated', 'met-unless-repeated'],
    ['exists', 'unmet', 'met-unless-repeated', 'deleted'],
    ['no-stream', 'met', 'behind', 'met'],
    [4, 'unmet', 'met', 'met'],
    [3, 'unmet', 'behind', 'behind'],
    [5, 'unmet', 'unmet', 'unmet'],
  ])('%s: absent %s, at revision 4 %s, soft deleted %s', (expected, ...kinds) => {
    const judged = [absent, present, deleted].map((facts) => judge(expected, facts).kind);
    expect(judged).toEqual(kinds);
  });

  it('says where a repeated append would stand', () => {
    expect(judge(2, present)).toEqual({ kind: 'behind', revision: 3 });
    expect(judge('no-stream', present)).toEqual({ kind: 'behind', revision: 0 });
    expect(judge('no-stream', { ...present, born: 3 })).toEqual({ kind: 'behind', revision: 3 });
  });

  it('takes a stream that has only metadata for one that exists', () => {
    expect(judge('exists', { ...absent, hasMetadata: true }).kind).toBe('met-unless-repeated');
  });
});

describe('stream metadata', () => {
  const parse = (json: string) => parseStreamMetadata(Buffer.from(json));

  it('is read as far as the server acts on it', () => {
    expect(parse('{"$maxCount":2,"$maxAge":60,"$tb":7,"owner":"ann"}')).toEqual({
      maxCount: 2,
      maxAgeS: 60,
      truncateBefore: 7,
      softDeleted: false,
    });
    expect(parseStreamMetadata(SOFT_DELETED).softDeleted).toBe(true);
  });

  it.each(['', 'no json', '[]', 'null', '7', '{"$tb":"x","$maxCount":-1}'])(
    'restricts nothing when it is %j',
    (json) => {
      expect(visible(parse(json), 9, 1000)).toEqual({ firstRevision: 0, since: 0 });
    },
  );

  it('hides what is too old, too many or truncated', () => {
    expect(visible(parse('{"$maxCount":2}'), 9, 0).firstRevision).toBe(8);
    expect(visible(parse('{"$maxCount":2,"$tb":9}'), 9, 0).firstRevision).toBe(9);
    expect(visible(parse('{"$maxAge":60}'), 9, 100_000).since).toBe(40_000);
  });

  it('keeps the rest when the stream lives again', () => {
    const revived = Buffer.from(revivedMetadata(Buffer.from('{"$tb":1,"owner":"ann"}'), 5));
    expect(revived.toString()).toBe('{"$tb":5,"owner":"ann"}');
  });
});

describe('filters', () => {
  const event = { position: 1, stream: 'cluster-1', type: 'ClusterCreated' };

  it.each([
    [{ on: 'stream', regex: '', prefixes: ['x-', 'cluster-'] }, true],
    [{ on: 'stream', regex: '', prefixes: ['x-'] }, false],
    [{ on: 'type', regex: '^[^$].*', prefixes: [] }, true],
    [{ on: 'type', regex: '^cluster', prefixes: [] }, false],
  ] as const)('%j: %s', (expression, passes) => {
    expect(compileFilter(expression)(event)).toBe(passes);
  });

  it('refuse a broken expression', () => {
    expect(() => compileFilter({ on: 'type', regex: '(', prefixes: [] })).toThrow(InvalidRequest);
  });
});
