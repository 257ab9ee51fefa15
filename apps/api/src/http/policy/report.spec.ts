import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportOn } from './report.js';

const settings = { file: null, enforceNewDefaults: true };
const report = (words: string) => reportOn(words.split(' '), settings);

describe('policy:check', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'policy-check-'));
    writeFileSync(join(folder, 'good.yaml'), '"cluster:create": "role:builder"\n');
    writeFileSync(join(folder, 'bad.yaml'), '"cluster:create": "(@"\n"cluster:get": "rule:gone"\n');
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

  it('names what is wrong with it', () => {
    expect(report(`--file ${join(folder, 'bad.yaml')}`)).toEqual({
      lines: ['cluster:create: a parenthesis is not closed'],
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
