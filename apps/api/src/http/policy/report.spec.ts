import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPolicyConfig } from '../../config.js';
import { reportOn } from './report.js';

const settings = { file: null, enforceNewDefaults: true };
const report = (words: string) => reportOn(words.split(' '), () => settings);

describe('policy:check', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-check-'));
    writeFileSync(join(folder, 'good.yaml'), '"cluster:create": "role:builder"\n');
    writeFileSync(join(folder, 'bad.yaml'), '"cluster:create": "(@"\n"cluster:get": "rule:gone"\n');
    writeFileSync(join(folder, 'gone.yaml'), '# mine\n"cluster:get": "rule:gone"\n');
    writeFileSync(join(folder, 'broken.yaml'), '"a": "@"\n"b": "@\n');
    writeFileSync(join(folder, 'twice.yaml'), '"a": "@"\n"a": "!"\n');
    writeFileSync(join(folder, 'list.yaml'), '- a\n');
    writeFileSync(join(folder, 'tag.yaml'), '"cluster:get": "@"\n"cluster:create": !\n');
    writeFileSync(join(folder, 'empty.yaml'), '"cluster:get": "@"\n"cluster:create":\n');
    writeFileSync(join(folder, 'alias.yaml'), 'a: *b\n');
    writeFileSync(
      join(folder, 'old.yaml'),
      '"bay:create": "role:builder"\n"bay:get": "!"\n"cluster:get": "@"\n"cluster:dance": "@"\n',
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['--rule cluster:create --role member', 'allowed  cluster:create', 0],
    ['--rule cluster:create --role reader', 'refused  cluster:create', 1],
    ['--rule cluster:get --role reader --target project_id=other', 'refused  cluster:get', 1],
    ['--rule cluster:get --role reader --system', 'refused  cluster:get', 1],
    ['--rule quota:create --role admin', 'allowed  quota:create', 0],
    ['--rule dance', 'there is no rule dance', 2],
    ['--target x', '--target x: must be name=value', 2],
    ['--bogus', /Unknown option '--bogus'/, 2],
    ['--file /nowhere/at/all.yaml', /no such file/, 2],
  ])('%s', (words, line, exitCode) => {
    const { lines, exitCode: given } = report(words);
    expect(given).toBe(exitCode);
    if (typeof line === 'string') expect(lines).toEqual([line]);
    else expect(lines.join('\n')).toMatch(line);
  });

  it('reads the file it is given', () => {
    const file = join(folder, 'good.yaml');
    expect(report(`--file ${file} --rule cluster:create --role builder`).exitCode).toBe(0);
    expect(report(`--file ${file} --rule cluster:create --role member`).exitCode).toBe(1);
  });

  it.each([
    ['bad.yaml', 'bad.yaml:1: cluster:create: a parenthesis is not closed'],
    ['gone.yaml', 'gone.yaml:2: cluster:get: there is no rule gone'],
    ['broken.yaml', 'broken.yaml:3: Missing closing "quote'],
    ['twice.yaml', 'twice.yaml:2: Map keys must be unique'],
    ['tag.yaml', 'tag.yaml:2: ! must be within quotes'],
    ['empty.yaml', 'empty.yaml:2: cluster:create: must be text or a list'],
    ['alias.yaml', 'alias.yaml: Unresolved alias (the anchor must be set before the alias): b'],
    ['list.yaml', 'list.yaml: must map names of rules to rules'],
  ])('names what is wrong with %s', (file, line) => {
    expect(report(`--file ${join(folder, file)}`)).toEqual({ lines: [line], exitCode: 2 });
  });

  it('warns of older names, which count, and of names nothing asks for', () => {
    const file = join(folder, 'old.yaml');
    expect(report(`--file ${file} --rule cluster:create --role builder`)).toEqual({
      lines: [
        'warning  old.yaml:1: bay:create: is the older name of cluster:create, for which it counts: rename it',
        'warning  old.yaml:2: bay:get: is the older name of cluster:get, which is there too and counts alone',
        'warning  old.yaml:4: cluster:dance: nothing asks for a rule of that name',
        'allowed  cluster:create',
      ],
      exitCode: 0,
    });
    expect(report(`--file ${file} --rule cluster:get`).exitCode).toBe(0);
  });

  it('names what is wrong with the environment', () => {
    const environment = { JEROBOAM_POLICY_ENFORCE_NEW_DEFAULTS: 'maybe' };
    expect(reportOn([], () => readPolicyConfig(environment))).toEqual({
      lines: ['JEROBOAM_POLICY_ENFORCE_NEW_DEFAULTS must be true or false, not "maybe"'],
      exitCode: 2,
    });
  });

  it('goes through all operations when asked about none', () => {
    const { lines, exitCode } = report('--role reader');
    expect(exitCode).toBe(0);
    expect(lines).toContain('allowed  cluster:get_all');
    expect(lines).toContain('refused  cluster:delete');
    expect(lines.length).toBeGreaterThan(50);
  });
});
