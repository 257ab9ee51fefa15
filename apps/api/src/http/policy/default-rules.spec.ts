import { describe, expect, it } from '@jest/globals';
import { fakeToken, type FakeToken } from '../auth/fake-tokens.js';
import { RequestContext } from '../auth/request-context.js';
import { Microversion } from '../microversion/microversion.js';
import { Links } from '../routing/links.js';
import { defaultRules } from './default-rules.js';
import { own, Policy } from './policy.js';
import { ruleSetOf } from './rule-set.js';

const caller = (facts: FakeToken): RequestContext => {
  const request = {
    ...{ requestId: 'req-1', globalRequestId: null, address: '127.0.0.1' },
    ...{ microversion: Microversion.min, links: new Links('http://h') },
  };
  return new RequestContext(request, { hash: 'h', token: fakeToken(facts) }, 'secret');
};

/** The object asked about belongs to `creator`, of p1. `boss` is an admin of another project. */
const people = {
  creator: caller({ userId: 'u1' }),
  colleague: caller({ userId: 'u2' }),
  reader: caller({ userId: 'u3', roles: ['reader'] }),
  foo: caller({ userId: 'u4', roles: ['foo'] }),
  stranger: caller({ userId: 'u5', projectId: 'p5' }),
  boss: caller({ userId: 'a', projectId: 'pa', roles: ['admin'] }),
  trustee: caller({ userId: 't1', userDomainId: 'trustees', projectId: null, roles: [] }),
  lent: caller({ userId: 't1', userDomainId: 'trustees' }),
  system: caller({ projectId: null, systemScope: true, roles: ['admin', 'member', 'reader'] }),
  domain: caller({ projectId: null, domainId: 'd', roles: ['admin', 'member', 'reader'] }),
};
const names = Object.keys(people) as (keyof typeof people)[];

const object = { project_id: 'p1', user_id: 'u1', trustee_user_id: 't1' };

const MEMBERS = 'creator colleague boss';
const READERS = 'creator colleague reader boss';
const ANY_MEMBER = 'creator colleague stranger boss';
const ANY_READER = 'creator colleague reader stranger boss';
const ADMINS = 'boss system domain';

/** The operation, what the question is about, and who may: the contract's §8.2. */
const table: readonly (readonly [string, 'own' | 'object', string])[] = [
  ['clustertemplate:create', 'own', ANY_MEMBER],
  ['clustertemplate:get', 'object', READERS],
  ['clustertemplate:get_all', 'own', ANY_READER],
  ['clustertemplate:detail', 'own', ANY_READER],
  ['clustertemplate:update', 'object', MEMBERS],
  ['clustertemplate:delete', 'object', MEMBERS],
  ['clustertemplate:publish', 'own', ADMINS],
  ['clustertemplate:get_one_all_projects', 'own', ADMINS],
  ['clustertemplate:get_all_all_projects', 'own', ADMINS],
  ['clustertemplate:detail_all_projects', 'own', ADMINS],
  ['clustertemplate:update_all_projects', 'own', ADMINS],
  ['clustertemplate:delete_all_projects', 'own', ADMINS],
  ['cluster:create', 'own', ANY_MEMBER],
  ['cluster:get', 'object', READERS],
  ['cluster:get_all', 'own', ANY_READER],
  ['cluster:detail', 'own', ANY_READER],
  ['cluster:update', 'object', MEMBERS],
  ['cluster:update_health_status', 'own', `${ANY_MEMBER} lent`],
  ['cluster:delete', 'object', MEMBERS],
  ['cluster:resize', 'object', MEMBERS],
  ['cluster:upgrade', 'object', MEMBERS],
  ['cluster:get_one_all_projects', 'own', ADMINS],
  ['cluster:get_all_all_projects', 'own', ADMINS],
  ['cluster:detail_all_projects', 'own', ADMINS],
  ['cluster:update_all_projects', 'own', ADMINS],
  ['cluster:delete_all_projects', 'own', ADMINS],
  ['cluster:upgrade_all_projects', 'own', ADMINS],
  ['cluster:resize_all_projects', 'own', ADMINS],
  ['nodegroup:get', 'own', ANY_READER],
  ['nodegroup:get_all', 'own', ANY_READER],
  ['nodegroup:create', 'own', ANY_MEMBER],
  ['nodegroup:update', 'own', ANY_MEMBER],
  ['nodegroup:delete', 'own', ANY_MEMBER],
  ['nodegroup:get_one_all_projects', 'own', ADMINS],
  ['nodegroup:get_all_all_projects', 'own', ADMINS],
  ['nodegroup:create_all_projects', 'own', ADMINS],
  ['nodegroup:update_all_projects', 'own', ADMINS],
  ['nodegroup:delete_all_projects', 'own', ADMINS],
  ['certificate:get', 'object', 'creator boss trustee lent'],
  ['certificate:create', 'object', 'creator boss trustee lent'],
  ['certificate:rotate_ca', 'object', MEMBERS],
  ['certificate:get_all_projects', 'own', ADMINS],
  ['certificate:create_all_projects', 'own', ADMINS],
  ['certificate:rotate_ca_all_projects', 'own', ADMINS],
  ['credential:rotate', 'own', 'creator colleague stranger'],
  ['credential:rotate_all_projects', 'own', ADMINS],
  ['federation:create', 'own', ANY_MEMBER],
  ['federation:update', 'object', MEMBERS],
  ['federation:delete', 'object', MEMBERS],
  ['federation:get', 'object', READERS],
  ['federation:get_all', 'own', ANY_READER],
  ['federation:detail', 'own', ANY_READER],
  ['quota:get', 'own', ANY_READER],
  ['quota:get_all', 'own', ADMINS],
  ['quota:create', 'own', ADMINS],
  ['quota:update', 'own', ADMINS],
  ['quota:delete', 'own', ADMINS],
  ['stats:get_all', 'own', ANY_READER],
  ['magnum-service:get_all', 'own', ADMINS],
];

const allowed = (rule: string, about: 'own' | 'object', enforceNewDefaults = true): string => {
  const rules = ruleSetOf({ enforceNewDefaults });
  const policy = new Policy({ current: () => rules }, 'name of trustees');
  const targetOf = (person: RequestContext) => (about === 'own' ? own(person) : object);
  return names
    .filter((name) => policy.allows(people[name], rule, targetOf(people[name])))
    .join(' ');
};

describe('the default rules', () => {
  it('are those of the table, and no other', () => {
    const operations = defaultRules.map(({ name }) => name).filter((name) => name.includes(':'));
    expect(table.map(([rule]) => rule).toSorted()).toEqual(operations.toSorted());
  });

  it.each(table)('%s, about %s: %s', (rule, about, who) => {
    expect(allowed(rule, about)).toBe(who);
  });

  /** `foo` is somebody with a role that no rule names. */
  it.each([
    ['cluster:create', 'own', 'creator colleague reader foo stranger boss'],
    ['cluster:get', 'object', 'creator colleague reader foo boss'],
    ['cluster:delete', 'object', 'creator colleague reader foo boss'],
    ['certificate:rotate_ca', 'object', 'creator colleague reader foo boss'],
    ['certificate:get', 'object', 'creator boss trustee lent'],
    ['certificate:create', 'object', 'creator boss trustee lent'],
    ['credential:rotate', 'own', 'creator colleague reader foo stranger boss'],
    ['quota:create', 'own', ADMINS],
    ['clustertemplate:publish', 'own', ADMINS],
  ] as const)('%s with what older releases allowed, about %s: %s', (rule, about, who) => {
    expect(allowed(rule, about, false)).toBe(who);
  });
});
