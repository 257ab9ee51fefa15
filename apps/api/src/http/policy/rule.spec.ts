import { describe, expect, it } from '@jest/globals';
import { NotARule, parseRule } from './parse-rule.js';
import { isAllowed } from './rule.js';
import { PolicyFault, ruleSetOf } from './rule-set.js';

const credentials = {
  user_id: 'u1',
  project_id: 'p1',
  roles: ['Member', 'reader'],
  is_admin: false,
  domain_id: null,
  groups: [{ id: 'g1' }],
  token: { user: { name: 'x' } },
};
const target = {
  user_id: 'u1',
  project_id: 'p2',
  owner: null,
  nested: { id: 'u1' },
  role: 'member',
};
const rules = new Map([
  ['yes', parseRule('@')],
  ['no', parseRule('!')],
]);

const says = (source: unknown) => isAllowed(parseRule(source), { rules, credentials, target });

describe('rules', () => {
  it.each([
    ['@', true],
    ['', true],
    ['!', false],
    [[], true],
    ['role:member', true],
    ['role:MEMBER', true],
    ['role:%(role)s', true],
    ['role:admin', false],
    ['rule:yes', true],
    ['rule:no', false],
    ['rule:unheard', false],
    ['user_id:%(user_id)s', true],
    ['user_id:%(nested.id)s', true],
    ['project_id:%(project_id)s', false],
    ['project_id:p1', true],
    ['user_id:%(missing)s', false],
    ['missing:x', false],
    ['domain_id:%(owner)s', false],
    ['domain_id:None', true],
    ['None:%(owner)s', true],
    ["'p2':%(project_id)s", true],
    ['"p1":%(project_id)s', false],
    ['True:True', true],
    ['is_admin:False', true],
    ['is_admin:True', false],
    ['token.user.name:x', true],
    ['groups.id:g1', true],
    ['groups.id:g2', false],
    ['groups.name:g1', false],
    ['user_id.x:u1', false],
    ['user_id:100%%', false],
    ['1:1', true],
    ['user_id:pre-%(user_id)s', false],
    ['not role:admin', true],
    ['not not role:admin', false],
    ['role:member and role:admin', false],
    ['role:member or role:admin', true],
    ['! and ! or @', true],
    ['@ or ! and !', true],
    ['(@ or !) and !', false],
    ['! and (! or @)', false],
    ['not (@ and !)', true],
    ['not ! and @', true],
    ['@ AND NOT !', true],
    ['((role:member)) and (user_id:%(user_id)s)', true],
    [['role:admin', 'role:member'], true],
    [[['role:member', 'role:admin'], ['!']], false],
    [[['role:member', 'role:reader']], true],
    [["'a b':a b"], true],
    [[[]], false],
    [[''], false],
    [[[], 'role:admin'], false],
    [[[], ['role:member']], true],
  ])('%j: %s', (source, expected) => {
    expect(says(source)).toBe(expected);
  });

  it.each([
    'role',
    ':x',
    '@ @',
    'and @',
    '@ and',
    '(@',
    '@)',
    'not',
    '()',
    ' ',
    'user_id:%(user_id)',
    'user_id:%(user_id)d',
    'user_id:50%',
    ['not role:admin'],
    'http://decide.example.org/%(x)s',
    5,
    null,
    [[1]],
    `${'('.repeat(200)}@${')'.repeat(200)}`,
  ])('refuses %j', (source) => {
    expect(() => parseRule(source)).toThrow(NotARule);
  });
});

describe('a rule set', () => {
  const faults = (overrides: Record<string, unknown>): readonly string[] => {
    try {
      ruleSetOf({ overrides });
      return [];
    } catch (error) {
      if (error instanceof PolicyFault) return error.faults;
      throw error;
    }
  };

  it('names every fault at once', () => {
    expect(faults({ 'cluster:get': 'role', 'cluster:create': '(@' })).toEqual([
      'cluster:create: a parenthesis is not closed',
      'cluster:get: "role" is no check: it needs a kind, a colon and a value',
    ]);
  });

  it('finds rules that refer to themselves or to nothing', () => {
    expect(faults({ a: 'rule:b', b: 'not rule:a' })).toEqual(['a: refers to itself']);
    expect(faults({ a: 'rule:gone' })).toEqual(['a: there is no rule gone']);
    expect(faults({ a: 'rule:gone', default: '!' })).toEqual([]);
  });

  it('takes what a file says under an older name', () => {
    const renamed = [
      { name: 'new', check: '!', projectOnly: false, deprecatedName: 'old', deprecatedCheck: '@' },
    ];
    const ruleOf = (overrides: Record<string, unknown>, enforceNewDefaults: boolean) =>
      ruleSetOf({ defaults: renamed, overrides, enforceNewDefaults }).rules.get('new');
    expect(ruleOf({}, true)).toEqual({ kind: 'never' });
    expect(ruleOf({}, false)).toEqual({
      kind: 'or',
      rules: [{ kind: 'never' }, { kind: 'always' }],
    });
    expect(ruleOf({ old: 'role:x' }, false)).toEqual({ kind: 'role', name: 'x' });
    expect(ruleOf({ old: 'role:x', new: 'role:y' }, false)).toEqual({ kind: 'role', name: 'y' });
    expect(ruleOf({ old: 'rule:new' }, true)).toEqual({ kind: 'never' });
  });
});
