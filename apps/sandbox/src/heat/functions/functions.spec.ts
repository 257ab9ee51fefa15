import { describe, expect, it } from '@jest/globals';
import { ValidationFailed } from '../heat-error.js';
import type { Json, JsonMap } from '../json.js';
import { evaluate, evaluateKnown, referencesIn } from './evaluate.js';
import type { Scope } from './intrinsic.js';

const parameters: JsonMap = {
  name: 'swarm',
  count: 2,
  off: false,
  list: ['a', 'b'],
  map: { key: { deep: [1, 2] } },
  nothing: null,
};
const conditions: Readonly<Record<string, boolean>> = { yes: true, no: false };

const scope: Scope = {
  version: '2018-08-31',
  parameter: (name) => parameters[name] ?? null,
  reference: (resource) => `${resource}-id`,
  attribute: (resource, path) => [resource, ...path],
  condition: (name) => conditions[name] ?? false,
  file: (name) => `text of ${name}`,
};

const result = (value: Json): Json => evaluate(value, scope);

describe('functions of a template', () => {
  it.each<[string, Json, Json]>([
    ['get_param', { get_param: 'name' }, 'swarm'],
    ['get_param with a path', { get_param: ['map', 'key', 'deep', 1] }, 2],
    ['get_param with a path to nowhere', { get_param: ['map', 'none', 'deep'] }, ''],
    [
      'get_param by the result of a function',
      { get_param: ['list', { str_split: ['-', '0-1', 1] }] },
      'b',
    ],
    ['get_resource', { get_resource: 'net' }, 'net-id'],
    ['get_attr', { get_attr: ['net', 'subnets', 0] }, ['net', 'subnets', 0]],
    ['get_file', { get_file: 'a.sh' }, 'text of a.sh'],
    [
      'str_replace',
      { str_replace: { template: 'I am $n', params: { $n: { get_param: 'name' } } } },
      'I am swarm',
    ],
    [
      'str_replace, the longest name first',
      { str_replace: { template: 'ab a', params: { a: '1', ab: '2' } } },
      '2 1',
    ],
    [
      'str_replace, not twice',
      { str_replace: { template: 'a b', params: { a: 'b', b: 'c' } } },
      'b c',
    ],
    ['str_replace of booleans', { str_replace: { template: 'x', params: { x: true } } }, 'True'],
    [
      'str_replace of maps',
      { str_replace: { template: 'x', params: { x: { b: [1, null], a: 'q' } } } },
      '{"a": "q", "b": [1, null]}',
    ],
    [
      'list_join',
      { list_join: ['-', ['a', { get_param: 'count' }], { get_param: 'list' }] },
      'a-2-a-b',
    ],
    [
      'list_join of what is not text',
      { list_join: [',', [true, null, { a: 1 }]] },
      'true,,{"a": 1}',
    ],
    ['str_split', { str_split: [',', 'a,b,c'] }, ['a', 'b', 'c']],
    ['str_split with an index', { str_split: [',', 'a,b,c', 1] }, 'b'],
    [
      'digest',
      { digest: ['sha256', 'x'] },
      '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
    ],
    [
      'make_url',
      {
        make_url: {
          scheme: 'https',
          host: '::1',
          port: 6443,
          path: 'v1',
          query: { a: 'b c' },
          fragment: 'f',
        },
      },
      'https://[::1]:6443/v1?a=b+c#f',
    ],
    [
      'make_url with a user',
      { make_url: { scheme: 'http', username: 'u', password: 'p@', host: 'h' } },
      'http://u:p%40@h',
    ],
    [
      'repeat',
      { repeat: { for_each: { '%x%': ['a', 'b'] }, template: { k: '%x%1' } } },
      [{ k: 'a1' }, { k: 'b1' }],
    ],
    [
      'repeat over two',
      { repeat: { for_each: { X: [1, 2], Y: ['a', 'b'] }, template: 'X-Y' } },
      ['1-a', '1-b', '2-a', '2-b'],
    ],
    [
      'repeat in step',
      { repeat: { for_each: { X: [1, 2], Y: ['a', 'b'] }, template: 'X-Y', permutations: false } },
      ['1-a', '2-b'],
    ],
    ['repeat keeps types', { repeat: { for_each: { X: [1] }, template: { p: 'X' } } }, [{ p: 1 }]],
    [
      'map_merge',
      { map_merge: [{ a: 1, b: 1 }, { get_param: 'nothing' }, { b: 2 }] },
      { a: 1, b: 2 },
    ],
    [
      'map_replace',
      {
        map_replace: [
          { k1: 'v1', k2: 'v2' },
          { keys: { k1: 'K1' }, values: { v2: 'V2' } },
        ],
      },
      { K1: 'v1', k2: 'V2' },
    ],
    ['list_concat', { list_concat: [['a'], { get_param: 'list' }, null] }, ['a', 'a', 'b']],
    ['list_concat_unique', { list_concat_unique: [['a'], ['a', 'b']] }, ['a', 'b']],
    [
      'filter',
      {
        filter: [
          ['a', ''],
          ['a', 'b', '', 'c'],
        ],
      },
      ['b', 'c'],
    ],
    ['contains', { contains: ['b', { get_param: 'list' }] }, true],
    ['if by name', { if: ['yes', 1, 2] }, 1],
    ['if by function', { if: [{ equals: [{ get_param: 'count' }, 3] }, 1, 2] }, 2],
    ['if without a second branch', { if: ['no', 1] }, null],
    ['not', { not: 'no' }, true],
    ['and', { and: ['yes', { not: 'no' }, true] }, true],
    ['or', { or: ['no', { get_param: 'off' }] }, false],
    [
      'functions in functions',
      { list_join: ['', [{ if: ['yes', { get_param: 'name' }, 'x'] }, '!']] },
      'swarm!',
    ],
    ['a map of two is no function', { get_param: 'name', b: 1 }, { get_param: 'name', b: 1 }],
  ])('%s', (_name, value, expected) => {
    expect(result(value)).toEqual(expected);
  });

  it.each<[string, Json]>([
    [
      'The following params were not found in the template: y',
      { str_replace_strict: { template: 'x', params: { x: 1, y: 1 } } },
    ],
    [
      'The following params were not provided a value in "str_replace_vstrict": x',
      { str_replace_vstrict: { template: 'x', params: { x: '' } } },
    ],
    ['"list_join" may only be applied to lists', { list_join: [',', 'text'] }],
    ['Invalid condition "3"', { if: [3, 1, 2] }],
  ])('refuses: %s', (message, value) => {
    expect(() => result(value)).toThrow(new ValidationFailed(message));
  });

  it('of a later release are plain maps', () => {
    const old = { ...scope, version: '2014-10-16' };
    expect(evaluate({ if: ['yes', { get_param: 'name' }, 2] }, old)).toEqual({
      if: ['yes', 'swarm', 2],
    });
  });

  it('that need resources are nothing before there are any', () => {
    const value = {
      a: { get_attr: ['net', 'id'] },
      b: { list_join: ['', [{ get_resource: 'net' }]] },
      c: { get_param: 'name' },
    };
    expect(evaluateKnown(value, scope)).toEqual({ a: null, b: null, c: 'swarm' });
  });
});

describe('references in a value', () => {
  it('are found at any depth, with the way to them', () => {
    const value = {
      rules: [{ x: { get_resource: 'sg' } }],
      y: { list_join: ['', [{ get_attr: ['lb', 'vip'] }]] },
    };
    expect(referencesIn(value, scope)).toEqual([
      { resource: 'sg', path: ['rules', 0, 'x'] },
      { resource: 'lb', attribute: 'vip', path: ['y', 'list_join', 1, 0] },
    ]);
  });

  it('in a branch not taken do not count', () => {
    const value = { if: ['no', { get_resource: 'a' }, { get_resource: 'b' }] };
    expect(referencesIn(value, scope)).toEqual([{ resource: 'b', path: [] }]);
  });
});
