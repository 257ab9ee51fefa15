import { describe, expect, it } from '@jest/globals';
import { NotALiteral, parseLiteral } from './literal.js';

describe('parseLiteral', () => {
  it.each([
    ["{'a':'b'}", { a: 'b' }],
    ['{"a": "b", "c": "d"}', { a: 'b', c: 'd' }],
    ["{'a': 1, 'b': 1.5, 'c': True, 'd': None,}", { a: 1, b: 1.5, c: true, d: null }],
    ['{}', {}],
    ['[]', []],
    ["[{'key': 'gpu', 'effect': 'NoSchedule'}]", [{ key: 'gpu', effect: 'NoSchedule' }]],
    ['(1, 2)', [1, 2]],
    ['(1,)', [1]],
    ['(1)', 1],
    ["u'a' 'b'", 'ab'],
    ["'\\x41\\u00e9\\n\\q'", 'Aé\n\\q'],
    ["'''two\nlines'''", 'two\nlines'],
    ['-3', -3],
    ['1_000', 1000],
    [" { 'a' : # why\n 'b' } ", { a: 'b' }],
    ["{1: 'x'}", { '1': 'x' }],
  ])('reads %j', (text, value) => {
    expect(parseLiteral(text)).toEqual(value);
  });

  it.each([
    '',
    'abc',
    'true',
    "{'a'}",
    "{'a':'b'",
    "'open",
    "__import__('os')",
    '[1 2]',
    "{['a']: 1}",
    '1 + 1',
    '['.repeat(100),
  ])('refuses %j', (text) => {
    expect(() => parseLiteral(text)).toThrow(NotALiteral);
  });

  it('does not let a key reach the prototype', () => {
    const value = parseLiteral("{'__proto__': {'polluted': 1}}");
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
