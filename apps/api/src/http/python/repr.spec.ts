import { describe, expect, it } from '@jest/globals';
import { classOf, repr, str, toInteger } from './repr.js';

describe('repr', () => {
  it.each([
    ['a', "'a'"],
    ["it's", '"it\'s"'],
    ['both \' and "', "'both \\' and \"'"],
    ['a\\b\n\t', "'a\\\\b\\n\\t'"],
    ['\u0000\u2028é', "'\\x00\\u2028é'"],
    [true, 'True'],
    [false, 'False'],
    [null, 'None'],
    [undefined, 'None'],
    [1, '1'],
    [1.5, '1.5'],
    [1e-7, '1e-07'],
    [[1, 'a', null], "[1, 'a', None]"],
    [{ a: [1], b: { c: true } }, "{'a': [1], 'b': {'c': True}}"],
    [
      [{ path: '/bogus', op: 'replace', value: 'x' }],
      "[{'path': '/bogus', 'op': 'replace', 'value': 'x'}]",
    ],
  ])('of %j is %s', (value, text) => {
    expect(repr(value)).toBe(text);
  });

  it('prints text bare as str', () => {
    expect(str("a'b")).toBe("a'b");
    expect(str({ a: 'b' })).toBe("{'a': 'b'}");
  });

  it.each([
    ['x', "<class 'str'>"],
    [1, "<class 'int'>"],
    [1.5, "<class 'float'>"],
    [true, "<class 'bool'>"],
    [null, "<class 'NoneType'>"],
    [[], "<class 'list'>"],
    [{}, "<class 'dict'>"],
  ])('names the class of %j', (value, name) => {
    expect(classOf(value)).toBe(name);
  });
});

describe('toInteger', () => {
  it.each([
    ['3', 3],
    [' -3 ', -3],
    ['+1_000', 1000],
    ['', undefined],
    ['1.0', undefined],
    ['x', undefined],
    ['1__0', undefined],
  ])('%j is %j', (text, value) => {
    expect(toInteger(text)).toBe(value);
  });
});
