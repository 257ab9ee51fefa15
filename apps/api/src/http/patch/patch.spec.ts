import { describe, expect, it } from '@jest/globals';
import { Bool, Int, JsonMap, LabelMap, Text, TextList } from '../body/fields.js';
import { AnsweredFault } from '../errors/faults.js';
import { Microversion } from '../microversion/microversion.js';
import { applyPatch, changedAttributes } from './apply-patch.js';
import { parsePatch, type PatchRules } from './patch-document.js';

class Resource {
  @Text({ min: 1, max: 5 }) name?: string;
  @Text() image_id?: string;
  @Int({ min: 0 }) node_count?: number;
  @Bool() master_lb_enabled?: boolean;
  @LabelMap() labels?: Record<string, string>;
  @JsonMap() health_status_reason?: Record<string, unknown>;
  @TextList() member_ids?: string[];
}

const rules: PatchRules = {
  dto: Resource,
  internal: ['stack_id'],
  mandatory: ['image_id'],
  removed: { node_count: 1, master_lb_enabled: false },
};
const typing = {
  microversion: Microversion.of('1.12'),
  limits: { labels: 10, labelChars: 100 },
};

const target = {
  uuid: 'u',
  name: 'n',
  image_id: 'i',
  node_count: 2,
  master_lb_enabled: true,
  labels: { a: '1' },
  health_status_reason: null,
  member_ids: ['x', 'y'],
};

const patched = (body: unknown) => applyPatch(target, parsePatch(body, rules), { rules, typing });

const detail = (body: unknown): string => {
  try {
    patched(body);
  } catch (error) {
    if (!(error instanceof AnsweredFault)) throw error;
    expect(error.answer().status).toBe(400);
    return error.message;
  }
  throw new Error('accepted');
};

describe('a patch', () => {
  it.each([
    [[], {}],
    [[{ op: 'replace', path: '/name', value: 'm' }], { name: 'm' }],
    [[{ op: 'replace', path: '/node_count', value: 4 }], { node_count: 4 }],
    [[{ op: 'replace', path: '/node_count', value: '4' }], { node_count: 4 }],
    [[{ op: 'replace', path: '/node_count', value: true }], { node_count: 1 }],
    [[{ op: 'remove', path: '/node_count' }], { node_count: 1 }],
    [[{ op: 'remove', path: '/name' }], { name: null }],
    [[{ op: 'remove', path: '/name', value: 'ignored' }], { name: null }],
    [[{ op: 'replace', path: '/master_lb_enabled', value: 'False' }], { master_lb_enabled: false }],
    [[{ op: 'remove', path: '/master_lb_enabled' }], { master_lb_enabled: false }],
    [
      [{ op: 'replace', path: '/labels', value: "{'b': 2, 'c': True}" }],
      { labels: { b: '2', c: 'True' } },
    ],
    [[{ op: 'replace', path: '/labels', value: '{"b": "2"}' }], { labels: { b: '2' } }],
    [[{ op: 'add', path: '/labels/b', value: 3 }], { labels: { a: '1', b: '3' } }],
    [[{ op: 'add', path: '/labels/a', value: 'x' }], { labels: { a: 'x' } }],
    [[{ op: 'replace', path: '/labels/a', value: 'x' }], { labels: { a: 'x' } }],
    [[{ op: 'remove', path: '/labels/a' }], { labels: {} }],
    [[{ op: 'remove', path: '/labels' }], { labels: null }],
    [
      [{ op: 'add', path: '/health_status_reason', value: "{'api': 'ok'}" }],
      { health_status_reason: { api: 'ok' } },
    ],
    [[{ op: 'add', path: '/member_ids/-', value: 'z' }], { member_ids: ['x', 'y', 'z'] }],
    [[{ op: 'add', path: '/member_ids/0', value: 'z' }], { member_ids: ['z', 'x', 'y'] }],
    [[{ op: 'remove', path: '/member_ids/0' }], { member_ids: ['y'] }],
    [
      [
        { op: 'remove', path: '/labels/a' },
        { op: 'add', path: '/labels/a', value: 'new' },
      ],
      { labels: { a: 'new' } },
    ],
  ])('%j', (body, change) => {
    expect(patched(body)).toEqual({ ...target, ...change });
  });

  it('leaves its target alone', () => {
    const before = structuredClone(target);
    patched([{ op: 'add', path: '/labels/b', value: 'x' }]);
    expect(target).toEqual(before);
  });

  it.each([
    [undefined, 'Missing argument: "patch"'],
    [
      { a: 1 },
      "Invalid input for field/attribute patch. Value: '{'a': 1}'. Value not a valid list: {'a': 1}",
    ],
    [['x'], "Invalid input for field/attribute patch. Value: 'x'. Value not a valid dict: x"],
    [
      [{ op: 'test', path: '/name', value: 'n' }],
      "Invalid input for field/attribute op. Value: 'test'. Value should be one of: replace, add, remove",
    ],
    [
      [{ path: '/name' }],
      "Invalid input for field/attribute op. Value: 'None'. Mandatory field missing.",
    ],
    [
      [{ op: 'remove' }],
      "Invalid input for field/attribute path. Value: 'None'. Mandatory field missing.",
    ],
    [
      [{ op: 'remove', path: '/labels/a.b' }],
      "Invalid input for field/attribute path. Value: '/labels/a.b'. Value should match the pattern ^(/[\\w-]+)+$",
    ],
    [
      [{ op: 'remove', path: 'name' }],
      "Invalid input for field/attribute path. Value: 'name'. Value should match the pattern ^(/[\\w-]+)+$",
    ],
    [
      [{ op: 'move', path: '/name', from: '/labels' }],
      'Unknown attribute for argument patch: from',
    ],
    [
      [{ op: 'replace', path: '/labels', value: { a: '1' } }],
      "Invalid input for field/attribute value. Value: '{'a': '1'}'. Wrong type. Expected '(<class 'str'>, <class 'int'>)', got '<class 'dict'>'",
    ],
    [
      [{ op: 'replace', path: '/node_count', value: 1.5 }],
      "Invalid input for field/attribute value. Value: '1.5'. Wrong type. Expected '(<class 'str'>, <class 'int'>)', got '<class 'float'>'",
    ],
    [[{ op: 'replace', path: '/name' }], "'add' and 'replace' operations needs value"],
    [[{ op: 'add', path: '/name', value: null }], "'add' and 'replace' operations needs value"],
    [
      [{ op: 'replace', path: '/uuid', value: 'x' }],
      "'/uuid' is an internal attribute and can not be updated",
    ],
    [
      [{ op: 'replace', path: '/stack_id', value: 'x' }],
      "'/stack_id' is an internal attribute and can not be updated",
    ],
    [
      [{ op: 'remove', path: '/image_id' }],
      "'/image_id' is a mandatory attribute and can not be removed",
    ],
    [
      [{ op: 'add', path: '/name', value: 'x' }],
      "The attribute /name has existed, please use 'replace' operation instead.",
    ],
    [
      [{ op: 'add', path: '/bogus', value: 'x' }],
      'Adding a new attribute /bogus to the root of the resource is not allowed.',
    ],
    [
      [{ op: 'replace', path: '/bogus', value: 'x' }],
      "Couldn't apply patch '[{'path': '/bogus', 'op': 'replace', 'value': 'x'}]'. Reason: can't replace a non-existent object 'bogus'",
    ],
    [
      [{ op: 'remove', path: '/labels/zz' }],
      "Couldn't apply patch '[{'path': '/labels/zz', 'op': 'remove'}]'. Reason: can't remove a non-existent object 'zz'",
    ],
    [
      [{ op: 'remove', path: '/constructor' }],
      "Couldn't apply patch '[{'path': '/constructor', 'op': 'remove'}]'. Reason: can't remove a non-existent object 'constructor'",
    ],
    [
      [{ op: 'remove', path: '/member_ids/9' }],
      "Couldn't apply patch '[{'path': '/member_ids/9', 'op': 'remove'}]'. Reason: can't remove outside of list",
    ],
    [
      [{ op: 'add', path: '/name/x', value: 'x' }],
      "Couldn't apply patch '[{'path': '/name/x', 'op': 'add', 'value': 'x'}]'. Reason: unable to fully resolve json pointer /name/x, part x",
    ],
    [
      [{ op: 'replace', path: '/node_count', value: -1 }],
      "Invalid input for field/attribute node_count. Value: '-1'. Value should be greater or equal to 0",
    ],
    [
      [{ op: 'replace', path: '/name', value: 'toolong' }],
      "Invalid input for field/attribute name. Value: 'toolong'. Value should have a maximum character requirement of 5",
    ],
  ])('refuses %j', (body, text) => {
    expect(detail(body)).toBe(text);
  });

  it('shows the whole patch when a literal does not parse', () => {
    expect(detail([{ op: 'replace', path: '/labels', value: 'a=b' }])).toMatch(
      /^Couldn't apply patch '\[{'path': '\/labels', 'op': 'replace', 'value': 'a=b'}\]'\. Reason: malformed literal/,
    );
  });
});

describe('changedAttributes', () => {
  it.each([
    [{ a: 1, b: { c: [1] } }, { a: 1, b: { c: [1] } }, []],
    [{ b: 1, a: null }, { b: 2, a: 1 }, ['a', 'b']],
    [{ a: { x: '1' } }, { a: { x: '1', y: '2' } }, ['a']],
    [{ a: [1, 2] }, { a: [2, 1] }, ['a']],
    [{ a: null }, {}, []],
  ])('between %j and %j', (before, after, names) => {
    expect(changedAttributes(before, after)).toEqual(names);
  });
});
