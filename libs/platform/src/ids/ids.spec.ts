import { describe, expect, it } from '@jest/globals';
import { SystemClock } from './clock.js';
import { isRequestId, isUuid, newId, newRequestId, uuidV5 } from './ids.js';

/** Namespace for DNS names of RFC 9562. */
const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

describe('ids', () => {
  it('makes the UUID that RFC 9562 gives as an example of version 5', () => {
    expect(uuidV5(DNS, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('refuses a namespace that is no UUID', () => {
    expect(() => uuidV5('dns', 'x')).toThrow(TypeError);
  });

  it('makes ids of their form, never the same', () => {
    expect(isUuid(newId())).toBe(true);
    expect(isRequestId(newRequestId())).toBe(true);
    expect(newId()).not.toBe(newId());
  });

  it.each(['', 'req-', 'req-1', `req-${DNS}0`, DNS])('takes %j for no request id', (text) => {
    expect(isRequestId(text)).toBe(false);
  });

  it('tells the time in UTC', () => {
    expect(new SystemClock().now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
