import { describe, expect, it } from '@jest/globals';
import { AnsweredFault } from '../errors/faults.js';
import { Microversion, type VersionText } from '../microversion/microversion.js';
import {
  Bool,
  Int,
  JsonMap,
  LabelMap,
  Nested,
  NestedList,
  OneOf,
  ReadOnly,
  Text,
  TextList,
  TextMapList,
  Uuid,
} from './fields.js';
import { represent } from './represent.js';
import { typeBody, typeMember, typeQuery, type Typing } from './typing.js';

class Cluster {
  @Text({ min: 1, max: 5, pattern: /^[a-zA-Z][a-zA-Z0-9_.-]*$/ }) name?: string | null;
  @Text({ required: true }) image_id!: string;
  @Int({ min: 1, max: 65535, default: 1, notNull: true }) node_count!: number;
  @Bool({ default: false }) public!: boolean;
  @OneOf(['vm', 'bm'], { default: 'vm' }) server_type!: string;
  @LabelMap() labels?: Record<string, string> | null;
  @Uuid() uuid?: string;
  @TextList() nodes?: string[];
  @TextMapList() taints?: Record<string, string>[];
  @JsonMap() properties?: Record<string, unknown>;
  @ReadOnly() links?: unknown;
  @Text({ since: '1.9' }) role?: string;
  @Text({ check: (text) => (text === 'bad' ? 'Bad it is.' : null) }) dns?: string;
}

const typing = (version: VersionText = '1.12'): Typing => ({
  microversion: Microversion.of(version),
  limits: { labels: 3, labelChars: 10 },
});

const read = (body: unknown, version?: VersionText) =>
  typeBody(Cluster, { name: 'cluster', body }, typing(version));

const detail = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AnsweredFault)) throw error;
    const { status, body } = error.answer();
    expect(status).toBe(400);
    return (body as { errors: { detail: string }[] }).errors[0]!.detail;
  }
  throw new Error('accepted');
};

const image = { image_id: 'i' };

describe('typeBody', () => {
  it('applies defaults to what is absent or null, and leaves the rest unset', () => {
    expect(Object.assign({}, read({ ...image, public: null, labels: null }))).toEqual({
      image_id: 'i',
      node_count: 1,
      public: false,
      server_type: 'vm',
      labels: null,
    });
    expect(read(image)).toBeInstanceOf(Cluster);
  });

  it.each([
    ['node_count', 3, 3],
    ['node_count', '3', 3],
    ['node_count', ' +1_0 ', 10],
    ['node_count', true, 1],
    ['node_count', 2.7, 2],
    ['public', true, true],
    ['public', 'YES', true],
    ['public', 'off', false],
    ['public', 1, true],
    ['labels', { a: 1, b: true, c: 1.5 }, { a: '1', b: 'True', c: '1.5' }],
    ['labels', {}, {}],
    ['uuid', 'B0D5B5A0-0000-4000-8000-000000000000', 'B0D5B5A0-0000-4000-8000-000000000000'],
    ['uuid', 'b0d5b5a0000040008000000000000000', 'b0d5b5a0000040008000000000000000'],
    ['nodes', ['a'], ['a']],
    ['taints', [{ key: 'a' }], [{ key: 'a' }]],
    ['properties', { a: [1] }, { a: [1] }],
    ['name', 'ééééé'.replaceAll('é', 'e'), 'eeeee'],
  ])('takes %s of %j', (name, value, expected) => {
    expect(read({ ...image, [name]: value })).toMatchObject({ [name]: expected });
  });

  it.each([
    [undefined, 'Missing argument: "cluster"'],
    [[], "Invalid input for field/attribute cluster. Value: '[]'. Value not a valid dict: []"],
    ['', "Invalid input for field/attribute cluster. Value: ''. Value not a valid dict: "],
    [
      null,
      "Invalid input for field/attribute cluster. Value: 'None'. Value not a valid dict: None",
    ],
    [{ bogus: 1 }, 'Unknown attribute for argument cluster: bogus'],
    [{ bogus: 1, also: 2 }, 'Unknown attributes for argument cluster: bogus, also'],
    [{}, "Invalid input for field/attribute image_id. Value: 'None'. Mandatory field missing."],
    [
      { image_id: null },
      "Invalid input for field/attribute image_id. Value: 'None'. Mandatory field missing.",
    ],
    [
      { ...image, links: [] },
      "Invalid input for field/attribute links. Value: '[]'. Cannot set read only field.",
    ],
    [
      { ...image, name: '' },
      "Invalid input for field/attribute name. Value: ''. Value should have a minimum character requirement of 1",
    ],
    [
      { ...image, name: 'abcdef' },
      "Invalid input for field/attribute name. Value: 'abcdef'. Value should have a maximum character requirement of 5",
    ],
    [
      { ...image, name: '1a' },
      "Invalid input for field/attribute name. Value: '1a'. Value should match the pattern ^[a-zA-Z][a-zA-Z0-9_.-]*$",
    ],
    [
      { ...image, name: 1 },
      "Invalid input for field/attribute name. Value: '1'. Wrong type. Expected '<class 'str'>', got '<class 'int'>'",
    ],
    [{ ...image, dns: 'bad' }, "Invalid input for field/attribute dns. Value: 'bad'. Bad it is."],
    [
      { ...image, node_count: 0 },
      "Invalid input for field/attribute node_count. Value: '0'. Value should be greater or equal to 1",
    ],
    [
      { ...image, node_count: 65536 },
      "Invalid input for field/attribute node_count. Value: '65536'. Value should be lower or equal to 65535",
    ],
    [
      { ...image, node_count: null },
      "Invalid input for field/attribute node_count. Value: 'None'. Value should not be null.",
    ],
    [
      { ...image, node_count: 'x' },
      "Invalid input for field/attribute cluster. Value: '{'image_id': 'i', 'node_count': 'x'}'. invalid literal for int() with base 10: 'x'",
    ],
    [
      { ...image, server_type: 'lxd' },
      "Invalid input for field/attribute server_type. Value: 'lxd'. Value should be one of: vm, bm",
    ],
    [
      { ...image, public: 'maybe' },
      "Invalid input for field/attribute public. Value: 'maybe'. Unrecognized value 'maybe', acceptable values are: '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'",
    ],
    [
      { ...image, labels: 'a=b' },
      "Invalid input for field/attribute labels. Value: 'a=b'. Value not a valid dict: a=b",
    ],
    [
      { ...image, labels: { a: [1] } },
      "Invalid input for field/attribute labels. Value: '{'a': [1]}'. Wrong type. Expected '(<class 'str'>, <class 'int'>, <class 'bool'>, <class 'float'>)', got '<class 'list'>'",
    ],
    [
      { ...image, labels: { a: null } },
      "Invalid input for field/attribute labels. Value: '{'a': None}'. Wrong type. Expected '(<class 'str'>, <class 'int'>, <class 'bool'>, <class 'float'>)', got '<class 'NoneType'>'",
    ],
    [
      { ...image, labels: { a: '', b: '', c: '', d: '' } },
      "Invalid input for field/attribute labels. Value: '{'a': '', 'b': '', 'c': '', 'd': ''}'. Value should have at most 3 entries",
    ],
    [
      { ...image, labels: { a: '12345678901' } },
      "Invalid input for field/attribute labels. Value: '{'a': '12345678901'}'. Keys and values should have at most 10 characters",
    ],
    [
      { ...image, nodes: 'a' },
      "Invalid input for field/attribute cluster. Value: '{'image_id': 'i', 'nodes': 'a'}'. Value not a valid list: a",
    ],
    [
      { ...image, nodes: [1] },
      "Invalid input for field/attribute nodes. Value: '[1]'. Wrong type. Expected '<class 'str'>', got '<class 'int'>'",
    ],
    [
      { ...image, uuid: 'abc' },
      "Invalid input for field/attribute uuid. Value: 'abc'. Expected a uuid but received abc.",
    ],
  ])('refuses %j', (body, text) => {
    expect(detail(() => read(body))).toBe(text);
  });

  it('knows a member only at its versions', () => {
    expect(detail(() => read({ ...image, role: 'r' }, '1.8'))).toBe(
      'Unknown attribute for argument cluster: role',
    );
    expect(read({ ...image, role: 'r' }, '1.9').role).toBe('r');
  });

  it('takes members named like members of every object for strangers', () => {
    const body: unknown = JSON.parse('{"image_id":"i","__proto__":{"name":"x"},"constructor":1}');
    expect(detail(() => read(body))).toBe(
      'Unknown attributes for argument cluster: __proto__, constructor',
    );
  });
});

class Search {
  @Int() limit?: number;
  @Uuid() marker?: string;
  @Bool({ since: '1.3' }) rollback?: boolean;
}

describe('typeQuery', () => {
  const ask = (query: Record<string, string | string[]>, version?: VersionText) =>
    typeQuery(Search, query, typing(version));

  it('reads text', () => {
    expect(Object.assign({}, ask({ limit: '3', rollback: 'True' }))).toEqual({
      limit: 3,
      rollback: true,
    });
  });

  it.each([
    [
      { limit: 'abc' },
      "Invalid input for field/attribute limit. Value: 'abc'. unable to convert to int. Error: invalid literal for int() with base 10: 'abc'",
    ],
    [
      { limit: '' },
      "Invalid input for field/attribute limit. Value: ''. unable to convert to int. Error: invalid literal for int() with base 10: ''",
    ],
    [
      { marker: 'abc' },
      "Invalid input for field/attribute marker. Value: 'abc'. unable to convert to uuid. Error: Expected a uuid but received abc.",
    ],
    [{ foo: '1' }, 'Unknown argument: "foo"'],
    [
      { limit: ['1', '2'] },
      "Invalid input for field/attribute limit. Value: '['1', '2']'. Value should be given once.",
    ],
  ])('refuses %j', (query, text) => {
    expect(detail(() => ask(query))).toBe(text);
  });

  it('knows an argument only at its versions', () => {
    expect(detail(() => ask({ rollback: 'true' }, '1.2'))).toBe('Unknown argument: "rollback"');
  });
});

describe('typeMember', () => {
  it('takes numeric text, and blames the member', () => {
    expect(typeMember(Cluster, { name: 'node_count', value: '4' }, typing())).toBe(4);
    expect(detail(() => typeMember(Cluster, { name: 'node_count', value: 'x' }, typing()))).toBe(
      "Invalid input for field/attribute node_count. Value: 'x'. invalid literal for int() with base 10: 'x'",
    );
  });
});

class Link {
  @Text() href!: string;
  @Text() rel!: string;
}

class Shown {
  @Text() uuid!: string;
  @Text({ until: '1.12' }) stack_id?: string | null;
  @Text({ since: '1.13' }) cluster_id?: string | null;
  @NestedList(() => Link) links?: Link[];
  @Nested(() => Link) one?: Link | null;
}

describe('represent', () => {
  const values = {
    links: [{ rel: 'self', href: 'h' }],
    one: null,
    cluster_id: 's',
    stack_id: 's',
    uuid: 'u',
  };

  it('keeps the order of the class and the members of the version', () => {
    expect(JSON.stringify(represent(Shown, values, Microversion.of('1.12')))).toBe(
      '{"uuid":"u","stack_id":"s","links":[{"href":"h","rel":"self"}],"one":null}',
    );
    expect(JSON.stringify(represent(Shown, values, Microversion.of('1.13')))).toBe(
      '{"uuid":"u","cluster_id":"s","links":[{"href":"h","rel":"self"}],"one":null}',
    );
  });

  it('leaves out what is unset', () => {
    expect(represent(Shown, { uuid: 'u' }, Microversion.of('1.1'))).toEqual({ uuid: 'u' });
  });
});
