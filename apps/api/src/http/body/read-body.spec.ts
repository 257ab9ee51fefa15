import { describe, expect, it } from '@jest/globals';
import { readBody } from './read-body.js';

const read = (text: string, type?: string) => readBody(new TextEncoder().encode(text), type);

describe('readBody', () => {
  it.each([
    ['{"a":1}', 'application/json', { a: 1 }],
    ['{"a":1}', 'Application/JSON; charset=latin-1', { a: 1 }],
    ['[]', 'text/javascript', []],
    ['null', 'application/javascript', null],
    ['1', undefined, 1],
    ['', 'application/octet-stream', undefined],
    ['{"a":"[[[["}', 'application/json', { a: '[[[[' }],
  ])('reads %j as %s', (text, type, value) => {
    expect(read(text, type)).toEqual(value);
  });

  it.each([
    ['{', 'application/json', 400, 'Request is not in valid JSON format'],
    [' ', 'application/json', 400, 'Request is not in valid JSON format'],
    [
      '['.repeat(65) + ']'.repeat(65),
      'application/json',
      400,
      'Request is not in valid JSON format',
    ],
    ['[]', 'application/json-patch+json', 415, 'Unknown mimetype: application/json-patch+json'],
    ['x', 'text/plain; charset=utf-8', 415, 'Unknown mimetype: text/plain'],
    ['foo=1&bar=2', 'application/x-www-form-urlencoded', 400, 'Unknown argument: "foo"'],
  ])('refuses %j as %s with %d', (text, type, status, message) => {
    expect(() => read(text, type)).toThrow(expect.objectContaining({ status, message }));
  });

  it('takes brackets in text for text, escaped quotes and all', () => {
    const value = { a: '"[[{'.repeat(100), b: '\\' };
    expect(read(JSON.stringify(value), 'application/json')).toEqual(value);
  });

  it('takes no longer for text without an end', () => {
    expect(() => read(`"${'\\"'.repeat(500_000)}`, 'application/json')).toThrow(
      'Request is not in valid JSON format',
    );
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => readBody(Uint8Array.of(0x22, 0xff, 0x22), 'application/json')).toThrow(
      'Request is not in valid JSON format',
    );
  });
});
