import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Log, SilentLog, type LogFields } from '@jeroboam/platform/logging/log';
import { fakeToken, type FakeToken } from '../auth/fake-tokens.js';
import { RequestContext } from '../auth/request-context.js';
import { Microversion } from '../microversion/microversion.js';
import { Links } from '../routing/links.js';
import { Policy } from './policy.js';
import { PolicyFile } from './policy-file.js';
import { ruleSetOf } from './rule-set.js';

const caller = (facts: FakeToken = {}): RequestContext => {
  const request = {
    requestId: 'req-1',
    globalRequestId: null,
    address: '127.0.0.1',
    microversion: Microversion.min,
    links: new Links('http://h'),
  };
  return new RequestContext(request, { hash: 'h', token: fakeToken(facts) }, 'secret');
};

const policyOf = (enforceNewDefaults = true) => {
  const rules = ruleSetOf({ enforceNewDefaults });
  return new Policy({ current: () => rules }, 'name of trustees');
};

const people = {
  admin: caller({ userId: 'a', projectId: 'pa', roles: ['admin'] }),
  creator: caller(),
  colleague: caller({ userId: 'u2' }),
  reader: caller({ userId: 'u3', roles: ['reader'] }),
  foo: caller({ userId: 'u4', roles: ['foo'] }),
  stranger: caller({ userId: 'u5', projectId: 'p5' }),
  trustee: caller({ userId: 't1', userDomainId: 'trustees' }),
};
const cluster = { project_id: 'p1', user_id: 'u1', trustee_user_id: 't1' };

describe('a policy', () => {
  it('asks about the caller itself when there is no object', () => {
    const policy = policyOf();
    expect(policy.allows(people.stranger, 'cluster:create')).toBe(true);
    expect(policy.allows(people.reader, 'cluster:create')).toBe(false);
  });

  it('lets any role of the project pass while older defaults are honoured', () => {
    const policy = policyOf(false);
    expect(policy.allows(people.foo, 'cluster:get', cluster)).toBe(true);
    expect(policy.allows(people.stranger, 'cluster:get', cluster)).toBe(false);
    expect(policy.allows(people.trustee, 'cluster:get', cluster)).toBe(false);
    expect(policy.allows(people.foo, 'clustertemplate:publish')).toBe(false);
  });

  it('knows an admin by the rule for it', () => {
    expect(policyOf().isAdmin(people.admin)).toBe(true);
    expect(policyOf().isAdmin(people.creator)).toBe(false);
  });

  it('refuses with 403, and somebody hears of it', () => {
    const policy = policyOf();
    const heard: string[] = [];
    policy.onRefusal(({ userId }, rule) => heard.push(`${userId} ${rule}`));
    expect(() => {
      policy.enforce(people.reader, 'cluster:create');
    }).toThrow(
      expect.objectContaining({
        status: 403,
        message: "Policy doesn't allow cluster:create to be performed.",
      }),
    );
    expect(heard).toEqual(['u3 cluster:create']);
  });

  it('does not guess at rules nobody has defined', () => {
    expect(() => policyOf().allows(people.admin, 'cluster:dance')).toThrow('cluster:dance');
  });
});

class HeardLog extends Log {
  readonly heard: string[] = [];

  override debug(message: string): void {
    this.heard.push(`debug ${message}`);
  }
  override info(message: string): void {
    this.heard.push(`info ${message}`);
  }
  override warn(_message: string, fields: LogFields = {}): void {
    this.heard.push(`warn ${String(fields['warning'])}`);
  }
  override error(message: string): void {
    this.heard.push(`error ${message}`);
  }
  override child(): Log {
    return this;
  }
}

describe('a policy file', () => {
  let folder: string;
  let file: string;
  const clock = { now: 0 };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-'));
    file = join(folder, 'policy.yaml');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const open = (log: Log = new SilentLog()) =>
    new Policy(new PolicyFile({ file, enforceNewDefaults: true }, log, () => clock.now));

  it('overrides rules, and is read again when it changes', () => {
    writeFileSync(file, '"certificate:get": "rule:admin_or_project_reader"\n# nothing else\n');
    const policy = open();
    expect(policy.allows(people.colleague, 'certificate:get', cluster)).toBe(true);
    writeFileSync(file, '"certificate:get": "!"');
    expect(policy.allows(people.colleague, 'certificate:get', cluster)).toBe(true);
    clock.now += 1000;
    expect(policy.allows(people.colleague, 'certificate:get', cluster)).toBe(false);
  });

  it('is followed when another takes its place, though of the same size and time', () => {
    writeFileSync(file, '"cluster:get": "@"');
    const { atime, mtime } = statSync(file);
    const policy = open();
    writeFileSync(`${file}.new`, '"cluster:get": "!"');
    utimesSync(`${file}.new`, atime, mtime);
    renameSync(`${file}.new`, file);
    clock.now += 1000;
    expect(policy.allows(people.creator, 'cluster:get', cluster)).toBe(false);
  });

  it('is spoken of once for each change', () => {
    writeFileSync(file, '"bay:get": "@"');
    const log = new HeardLog();
    const policy = open(log);
    rmSync(file);
    for (const seconds of [1, 2, 3]) {
      clock.now += seconds * 1000;
      policy.allows(people.reader, 'cluster:get', cluster);
    }
    writeFileSync(file, '');
    clock.now += 1000;
    policy.allows(people.reader, 'cluster:get', cluster);
    expect(log.heard).toEqual([
      'warn policy.yaml:1: bay:get: is the older name of cluster:get, for which it counts: rename it',
      'error Policy could not be reloaded: the rules stay as they were',
      'info Policy reloaded',
    ]);
  });

  it('that breaks while in use changes nothing', () => {
    writeFileSync(file, '"cluster:get": "@"');
    const policy = open();
    for (const text of ['"cluster:get": "("', '- a list', 'a: [', undefined]) {
      if (text === undefined) rmSync(file);
      else writeFileSync(file, text);
      clock.now += 1000;
      expect(policy.allows(people.stranger, 'cluster:get', cluster)).toBe(true);
    }
  });

  it.each(['"cluster:get": "("', '- a list', 'a: ['])('%j is refused at the start', (text) => {
    writeFileSync(file, text);
    expect(open).toThrow();
  });

  it('may be empty', () => {
    writeFileSync(file, '');
    expect(open().allows(people.reader, 'cluster:get', cluster)).toBe(true);
  });
});
